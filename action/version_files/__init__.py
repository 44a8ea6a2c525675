"""Reads version files without running them: their revisions, suppressions and edits."""
