"""How a run is done: settings, the project, PostgreSQL, the rehearsal, the reports."""
