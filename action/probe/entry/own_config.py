"""The setting ``alembic-config``: a Config, or what returns one, named as ``package.module:name``."""

from __future__ import annotations

import importlib
from contextlib import AbstractContextManager
from typing import Any, List

from alembic.config import Config

_OPEN: List[Any] = []
"""Context managers that were entered: they stay open as long as the process lives."""


class NoConfig(Exception):
    """What the setting names is no Config; ``str(error)`` is why, in a clause."""


def named_config(name: str) -> Any:
    """Return the Config that a setting names; raises NoConfig, and whatever the project's code raises."""
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        if not hasattr(found, part):
            raise NoConfig("%s has no %r" % (module, part))
        found = getattr(found, part)
    if callable(found) and not isinstance(found, Config):
        found = found()
    if isinstance(found, AbstractContextManager):  # such as one that pushes an application's context
        _OPEN.append(found)
        found = found.__enter__()
    if not isinstance(found, Config):
        found = getattr(found, "config", found)  # an object that holds its Config, as Flask-Alembic's has it
    if not isinstance(found, Config):
        raise NoConfig("it is a %s, not an alembic.config.Config" % type(found).__name__)
    return found
