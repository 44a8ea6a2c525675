"""The files of the project's interpreter: where a path leads, and what is installed."""
