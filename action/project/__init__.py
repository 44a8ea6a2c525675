"""The project under check: its trees, its interpreter, its changes, and our end of the probe."""
