"""The Alembic configurations of the repository, and the folders that they name."""
