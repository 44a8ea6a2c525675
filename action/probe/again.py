"""Load the project once more in the process in which it has failed: to learn more, never to judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Mapping, Optional, Tuple

from .load_failures import SEEN
from .origins import Origins
from .protocol.requests import Load
from .refused import Refused

_LAST: List[Tuple[Load, Origins]] = []


class _Silent:
    """Takes what would be sent, and sends nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def remember(request: Load, origins: Origins) -> None:
    """Keep what the project is loaded by."""
    _LAST[:] = [(request, origins)]
    del SEEN[:]


def is_known() -> bool:
    """Return whether it is known what the project was loaded by."""
    return bool(_LAST)


def last() -> Tuple[Load, Origins]:
    """Return what the project was loaded by."""
    return _LAST[-1]


def failure() -> Optional[BaseException]:
    """Return what kept the project from loading; None where no exception did."""
    return SEEN[-1] if SEEN else None


def load_again(values: Mapping[str, str]) -> Optional[BaseException]:
    """Load the project with further variables, and return what kept it from that; None where it loads."""
    request, origins = last()
    del SEEN[:]
    silent: Any = _Silent()
    try:
        from . import loading

        project = loading.load(silent, replace(request, init=None, env={**request.env, **values}), origins)
    except BaseException as raised:
        return raised
    return None if project is not None else failure() or Refused("never-ran", "")
