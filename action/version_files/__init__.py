"""Version files read without running them: their revisions, suppressions and edits."""
