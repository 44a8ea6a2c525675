"""A PostgreSQL server that is ours to break: booted, or given; and the scratch databases on it."""
