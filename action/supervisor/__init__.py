"""The parent process of a run: it ends and removes what the run leaves, however the run ends."""
