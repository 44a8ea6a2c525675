"""Check downgrade: a new revision can be undone, and applied again."""
