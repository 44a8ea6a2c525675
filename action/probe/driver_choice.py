"""The driver that goes into the URL of the project, chosen without importing SQLAlchemy."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any, Dict, Tuple

from . import alembic_config, url_variables
from .protocol.requests import Load


def chosen_driver(request: Load) -> Tuple[str, int]:
    """Return the driver for the URL of the project, and how many could be tried."""
    try:
        sqlalchemy = version("sqlalchemy")
    except PackageNotFoundError:  # the project's command may run in another environment
        sqlalchemy = "2.0"
    candidates = url_variables.drivers(alembic_config.texts_that_may_tell(request), sqlalchemy)
    return candidates[min(request.driver, len(candidates) - 1)], len(candidates)


def place_of(request: Load) -> Dict[str, Any]:
    """Return where the database of a request is, and as whom to log in."""
    return dict(request.server, database=request.database)
