"""The Git repository and its files, which may be hostile: read, exported and written safely."""
