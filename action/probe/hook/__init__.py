"""The folder that goes on PYTHONPATH, so that the probe is in each Python that the project's own command starts."""
