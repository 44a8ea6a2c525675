"""The sentence for a library of the system that a package of the project loads, and that is not there."""

from __future__ import annotations

import re

from action.session.running import ProjectRun

_MISSING = re.compile(r"\b(?P<file>lib[\w.+-]+\.so(?:\.\d+)*): cannot open shared object file")
_DEBIAN = {
    "libodbc.so.2": "unixodbc",
    "libpq.so.5": "libpq5",
    "libmariadb.so.3": "libmariadb3",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0t64",
    "libgobject-2.0.so.0": "libglib2.0-0t64",
    "libmagic.so.1": "libmagic1t64",
    "libxml2.so.2": "libxml2",
    "libxslt.so.1": "libxslt1.1",
    "libgeos_c.so.1": "libgeos-c1t64",
    "libcairo.so.2": "libcairo2",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libsodium.so.23": "libsodium23",
    "libgomp.so.1": "libgomp1",
}
"""The packages of the image's Debian that have them."""


def missing_library(text: str, run: ProjectRun) -> str | None:
    """Return what to do about a library that an error of the project's names as missing; None for any other error."""
    found = _MISSING.search(text)
    if found is None:
        return None
    file = found["file"]
    package = _DEBIAN.get(file, "")
    if not run.user.is_another:
        return f"Install the system's library {file}{f' (Debian: {package})' if package else ''}."
    if not package:
        return f"Set `apt-packages` to the Debian package that has {file}."
    return f"Add to the action's inputs the Debian package that has {file}:\n  apt-packages: {package}"
