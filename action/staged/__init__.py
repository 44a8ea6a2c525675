"""The hook for pre-commit: the checks of files alone, on what is staged, with the standard library alone."""
