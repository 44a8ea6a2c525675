"""What env.py needs from the command that runs it, where it fails for want of that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, List

from .entry.asked import Asked
from .load_failures import chain
from .protocol.event_fields import OUTSIDE_OF_APPLICATION, ObstacleFields

if TYPE_CHECKING:  # SQLAlchemy is the project's to import first, where its own command runs
    from .entry.way import WayIn

_OUTSIDE = re.compile(r"Working outside of application context|Not within an app context")
_NO_ATTRIBUTE = re.compile(r"'\w*Config' object has no attribute '(\w+)'")


def needs(found: ObstacleFields, failure: BaseException, way: WayIn) -> ObstacleFields:
    """Return the obstacle, with another kind where the command that runs env.py could have prevented it."""
    arguments = _missed(way.asked.arguments, failure, found)
    if arguments:
        return {**found, "kind": "missing-x-args", "x_args": arguments}
    return {**own_config(found, failure, way.asked), "note": way.missed}


def own_config(found: ObstacleFields, failure: BaseException, asked: Asked) -> ObstacleFields:
    """Return the obstacle, with another kind where only the project's own program sets what is missing."""
    lacks = ""
    for link in chain(failure):
        attribute = _NO_ATTRIBUTE.search(str(link)) if isinstance(link, AttributeError) else None
        if _OUTSIDE.search(str(link)) and isinstance(link, RuntimeError):
            lacks = OUTSIDE_OF_APPLICATION
        elif attribute is not None:
            lacks = "reads `config.%s`" % attribute[1]
        elif isinstance(link, KeyError) and link.args and link.args[0] in asked.attributes:
            lacks = "reads `config.attributes[%r]`" % link.args[0]
    return {**found, "kind": "own-config", "text": lacks} if lacks else found


def _missed(arguments: List[str], failure: BaseException, found: ObstacleFields) -> List[str]:
    """Return the ``-x`` arguments that the failure is about."""
    names = list(dict.fromkeys(arguments))
    by_key = [link.args[0] for link in chain(failure) if isinstance(link, KeyError) and link.args]
    of_key = [name for name in names if name in by_key]
    if of_key or found["kind"] not in ("load-failed", "exited"):
        return of_key
    said = " ".join(str(link) for link in chain(failure))
    return [name for name in names if re.search(r"\b%s\b" % re.escape(name), said)] or (
        names if re.search(r"(^|\s|`|')-x\b", said) else []
    )
