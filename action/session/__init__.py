"""Our end of the probe: one process of the project's interpreter, what it is asked and what it answers."""
