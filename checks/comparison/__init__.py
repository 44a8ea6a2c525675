"""Compare two schemas: what differs, how much that matters, and the lines of a migration that repair it."""
