"""Check history: revisions that are deployed stay as they are."""
