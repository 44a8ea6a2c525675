"""Check history: revisions that the base has are unchanged."""
