"""Check heads: after the merge, each branch of the revision graph has one head."""
