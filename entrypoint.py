"""Run alembic-checks from a checkout: ``python3 entrypoint.py [PATH]``."""

from action.start import entrypoint

if __name__ == "__main__":
    entrypoint()
