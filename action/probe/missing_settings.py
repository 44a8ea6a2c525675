"""Find all variables that a project lacks, after it failed to load for want of one.

Each gets a value, and env.py runs again in the same process, which has imported most of the project by then. What comes
of it is never judged: the process ends afterwards, and the project is loaded anew with the values that were found.
"""

from __future__ import annotations

import os
import re
import sys
import time
from typing import Dict, List, Mapping, Optional, Tuple

from . import again
from .load_failures import VARIABLE, chain, deepest
from .placeholders import guesses
from .protocol.caps import capped
from .protocol.event_fields import WantedFields
from .protocol.requests import FindMissing
from .protocol.wire import Wire
from .refused import Refused
from .settings_errors import Asked, asked_for
from .unset_reads import quoted, unset_reads

_SECONDS = 20.0
_MOST_RUNS = 200
_VARIES = re.compile(r"0x[0-9a-fA-F]+|\d+")


def find_missing(wire: Wire, request: FindMissing) -> None:
    """Send all variables that the project lacks, which has just failed to load."""
    missing, loads = MissingSettings(request.offered), False
    try:
        loads = missing.find()
    finally:
        wire.missing(settings=list(missing.wanted.values()), loads=loads)


class MissingSettings:
    """The variables that were asked for, each with the value that it has meanwhile."""

    def __init__(self, offered: Mapping[str, str]) -> None:
        """Take the values that the project's own files have for variables."""
        self._offered = offered
        self._places = again.last()[1].places
        self.wanted: Dict[str, WantedFields] = {}
        self._tried: Dict[str, List[str]] = {}
        self._runs = 0
        self._until = time.monotonic() + _SECONDS

    def find(self) -> bool:
        """Run env.py until it lacks no variable; return whether it then loads."""
        failure = again.failure()
        while failure is not None:
            later = self._after(failure)
            if later is failure:
                return False
            failure = later
        return True

    def _after(self, failure: BaseException) -> Optional[BaseException]:
        """Return what fails with values for what this failure lacks: the same one where it is not for want of them."""
        root = deepest(failure)
        if isinstance(root, (Refused, ModuleNotFoundError, OSError)):
            return failure  # such as a connection to a server that is not there
        asked = asked_for(root)
        if asked:
            settled = [self._settle(name, one) for name, one in asked.items()]
            return self._run(failure) if all(settled) else failure
        reads = [name for link in chain(failure) for name in unset_reads(link, self._places)]
        ours = {name: os.environ.get(name, "") for name in self.wanted}
        refused = quoted(root, ours, self._places) or next((name for name in reads if name in ours), None)
        if refused is not None:
            settled = [self._settle(refused, Asked(reason=capped(str(root)) or type(root).__name__))]
            return self._run(failure) if all(settled) else failure
        unset = [name for name in dict.fromkeys(reads) if name not in os.environ]
        named = [name for name in dict.fromkeys(VARIABLE.findall(capped(str(root)))) if name not in os.environ]
        return self._tentatively(failure, [unset, *([name] for name in named), named])

    def _tentatively(self, failure: BaseException, groups: List[List[str]]) -> Optional[BaseException]:
        """Give values to the first group of variables that makes a difference."""
        for group in filter(None, groups):
            for name in group:
                self._settle(name, Asked())
            later = self._run(failure)
            if later is None or _signature(later) != _signature(failure):
                return later
            for name in group:
                os.environ.pop(name, None)
                self.wanted.pop(name, None)
                self._tried.pop(name, None)
        return failure

    def _settle(self, name: str, asked: Asked) -> bool:
        """Give the next value to a variable; return whether there is one."""
        name = next((one for one in (name, *asked.also) if one in self._offered), name)
        tried = self._tried.setdefault(name, [])
        values = guesses(name, asked.reason or "", asked.samples)
        if name in self._offered:
            values.insert(0, self._offered[name])
        value = next((one for one in values if one not in tried), None)
        if value is None or not re.fullmatch(r"\w+", name):
            if name in self.wanted:
                self.wanted[name]["value"] = tried[0]  # none is better than the likeliest
            return False
        known = self.wanted.get(name)
        refused = asked.reason if known is None else known["refused"]
        self.wanted[name] = {"name": name, "value": value, "refused": refused}
        tried.append(value)
        return True

    def _run(self, failure: BaseException) -> Optional[BaseException]:
        """Run env.py again: with fresh modules of the project where that alone would change nothing."""
        later: Optional[BaseException] = failure
        for fresh in (False, True):
            if later is None or _signature(later) != _signature(failure):
                return later
            if self._runs >= _MOST_RUNS or time.monotonic() > self._until:
                return failure
            if fresh:
                self._forget_modules()
            self._runs += 1
            later = again.load_again({one["name"]: one["value"] for one in self.wanted.values()})
        return later

    def _forget_modules(self) -> None:
        """Have the project's own modules imported again: they may keep what they have read."""
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if name != "__main__" and isinstance(path, str) and self._places.relative(path):
                del sys.modules[name]


def _signature(failure: BaseException) -> Tuple[str, str, Tuple[int, ...]]:
    """Return what tells a failure from another one."""
    root = deepest(failure)
    lines: List[int] = []
    trace = root.__traceback__
    while trace is not None:
        lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return type(root).__name__, _VARIES.sub("#", capped(str(root))), tuple(lines)
