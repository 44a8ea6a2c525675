"""The ways to get a PostgreSQL server, each a module behind one interface."""
