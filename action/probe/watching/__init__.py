"""What a migration does while it runs, and the lines of Python that did it."""
