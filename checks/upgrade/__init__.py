"""Check upgrade: every revision can be applied."""
