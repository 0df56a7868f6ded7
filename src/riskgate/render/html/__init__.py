"""The report as one self-contained page: opens offline, in both languages, for a screen and for paper."""
