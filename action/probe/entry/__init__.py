"""How the project itself gets to Alembic: by a Config of its own, or in the context of its application."""
