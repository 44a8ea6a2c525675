"""Settings: declared once, read from the action's inputs, the command line and pyproject.toml."""

from __future__ import annotations

from action.settings.declaration import Settings
from action.settings.merging import load

__all__ = ["Settings", "load"]
