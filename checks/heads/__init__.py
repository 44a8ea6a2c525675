"""Check heads: after the merge, the revision graph has one head for each branch."""
