"""Check loss: what the deployed database has and a new revision takes away."""
