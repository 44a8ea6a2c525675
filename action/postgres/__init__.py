"""The throwaway PostgreSQL server, started by us or given by the user, and the scratch databases on it."""
