"""Tracebacks as the project would print them, without our own frames."""

from __future__ import annotations

import os
import traceback
from typing import Any

from .protocol.caps import capped

LIMIT = 8000
"""Characters of a traceback that are sent: its end."""

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
MESSAGE = 2000
"""Characters of each exception's message in it."""


def formatted(failure: BaseException) -> str:
    """Return the end of an exception's traceback, with those of its causes."""
    shown = traceback.TracebackException(type(failure), failure, failure.__traceback__)
    _clean(shown)
    return "".join(shown.format())[-LIMIT:]


def _clean(shown: Any) -> None:
    while shown is not None:
        shown._str = capped(str(shown._str), MESSAGE)  # the frames before it are kept
        shown.stack[:] = [frame for frame in shown.stack if not frame.filename.startswith(_OURS)]
        if shown.__cause__ is not None:
            _clean(shown.__cause__)
        shown = shown.__context__
