"""Why the project could not be run: an exception turned into what its owner has to know."""

from __future__ import annotations

import errno
import importlib
import importlib.util
import os
import re
import sys
from typing import Dict, List, Optional, Tuple

from .protocol.caps import capped
from .protocol.event_fields import ObstacleFields
from .refused import Refused
from .settings_errors import asked_for
from .tracebacks import formatted
from .watching.frames import Places

VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b")
DRIVER_MISMATCH = re.compile(
    r"requires an async driver|greenlet_spawn has not been called|No module named '(psycopg2|psycopg|asyncpg|pg8000)'"
    r"|Can't load plugin: sqlalchemy\.dialects"
)


SEEN: List[BaseException] = []
"""The failures that were described, the latest one last."""


def obstacle(failure: BaseException, places: Places) -> ObstacleFields:
    """Describe what kept env.py, or what it imports, from running."""
    SEEN.append(failure)
    root = deepest(failure)
    found = _kind(root)
    frames = [f for link in chain(failure) for f in places.of_traceback(link.__traceback__)]
    place: Tuple[Optional[str], Optional[int]] = (None, None)
    if frames:
        place = (frames[-1]["path"], frames[-1]["line"])
    if isinstance(root, SyntaxError) and root.filename and places.relative(root.filename):
        place = (places.relative(root.filename), root.lineno)
    found["path"], found["line"] = place
    found["error"], found["text"] = type(root).__name__, capped(str(root) + _hidden_import(root, places))
    found["traceback"] = formatted(failure)
    found["denied"] = denied(failure)
    found["driver_mismatch"] = bool(DRIVER_MISMATCH.search("%s %s" % (capped(str(root)), capped(str(failure)))))
    return found


def _hidden_import(failure: BaseException, places: Places) -> str:
    """Return why a name is missing that is that of an installed package, whose failed import was passed over."""
    said = re.match(r"name '(\w+)' is not defined", str(failure)) if isinstance(failure, NameError) else None
    name = said[1] if said else ""
    spec = importlib.util.find_spec(name) if name and name not in sys.modules else None
    if spec is None or not spec.origin or places.relative(spec.origin):
        return ""
    try:
        importlib.import_module(name)
    except ImportError as hidden:
        return " (its import fails: %s)" % hidden
    except Exception:
        return ""
    return ""


def denied(failure: BaseException) -> Optional[str]:
    """Return the file that could not be opened or written for want of a right."""
    for link in chain(failure):
        if isinstance(link, OSError) and link.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and link.filename:
            return str(link.filename)
    return None


def chain(failure: BaseException) -> List[BaseException]:
    """Return the exception and what caused it, latest first."""
    links: List[BaseException] = []
    link: Optional[BaseException] = failure
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return links


def deepest(failure: BaseException) -> BaseException:
    """Return the exception that tells most: the latest that names something missing, else the last raised."""
    for link in chain(failure):
        if isinstance(link, (ModuleNotFoundError, Refused)) or missing_settings(link):
            return link
    return failure


def _kind(failure: BaseException) -> ObstacleFields:
    if isinstance(failure, Refused):
        return {"kind": failure.kind}
    if isinstance(failure, SystemExit):
        return {"kind": "exited", "code": failure.code if failure.code is not None else 0}
    if isinstance(failure, ModuleNotFoundError) and failure.name:
        return {"kind": "missing-module", "module": failure.name}
    settings = missing_settings(failure)
    if settings:
        return {"kind": "missing-settings", "settings": settings}
    # These name what the code lacks.
    is_code = isinstance(failure, (AttributeError, NameError, ImportError, SyntaxError))
    words = [] if is_code else VARIABLE.findall(capped(str(failure)))
    named = [name for name in words if name not in os.environ]
    return {"kind": "load-failed", "maybe": list(dict.fromkeys(named))}


def missing_settings(failure: BaseException) -> Dict[str, Optional[str]]:
    """Return the variables that this exception asks for: None for one that is missing, else what is wrong with it."""
    return {name: asked.reason for name, asked in asked_for(failure).items()}
