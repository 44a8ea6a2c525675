"""The surfaces: each a pure function of the report and a size budget."""
