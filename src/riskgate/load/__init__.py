"""From YAML files to packs, lifecycle, vocabulary and references: every problem named with file, line and column."""
