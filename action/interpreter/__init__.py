"""The Python that the project runs in, and what is installed there."""
