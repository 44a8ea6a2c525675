"""A package of the project's that does not fit its Python or its code: seen by where an exception was raised."""

from __future__ import annotations

import re

from action.session.events import ObstacleMet
from action.session.running import ProjectRun

_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line \d+, in (?P<name>.+)$', re.MULTILINE)
_PACKAGE = re.compile(r"/(?:site|dist)-packages/(?P<package>[A-Za-z0-9_]+)")
_NEW_PYDANTIC = ("PydanticImportError", "PydanticUserError")
"""What pydantic 2 raises for code that was written for pydantic 1."""


def unfitting_package(event: ObstacleMet, run: ProjectRun) -> str | None:
    """Return what to do about an exception that shows a package of another version than the code; None for another.

    A package fails by its version when it breaks off while it is imported itself, outside of every call: nothing of
    the project's had been passed to it yet.
    """
    production = (
        "set `python-version` to the version that production runs"
        if run.user.is_another
        else "name the Python that production runs with --python"
    )
    if event.error in _NEW_PYDANTIC:
        return "Limit pydantic to the version that the code was written for, such as `pydantic<2`, or update the code."
    frames = list(_FRAME.finditer(event.traceback or ""))
    inside = _PACKAGE.search(frames[-1]["file"]) if frames else None
    if inside is not None and frames[-1]["name"] == "<module>":
        package = inside["package"]
        return (
            f"The package {package} breaks off while it is imported: this version of it does not fit this Python, or "
            f"another package. Take another version of {package}, or {production}."
        )
    return None
