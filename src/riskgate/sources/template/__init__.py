"""Empty ledgers to fill in, which read back without a mapping."""
