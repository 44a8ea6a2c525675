"""Find all variables that a project lacks, after it failed to load for want of one.

Each gets a value, and env.py runs again in the same process, which has imported most of the project by then. What comes
of it is never judged: the process ends afterwards, and the project is loaded anew with the values that were found.
"""

from __future__ import annotations

import os
import re
import sys
import time
from typing import Dict, Iterable, List, Mapping, Optional, Set, Tuple

from . import again
from .load_failures import DRIVER_MISMATCH, VARIABLE, chain, deepest
from .placeholders import guesses
from .protocol.caps import capped
from .protocol.event_fields import WantedFields
from .protocol.requests import FindMissing
from .protocol.wire import Wire
from .refused import Refused
from .settings_errors import AskedVariables, asked_for
from .unset_reads import quoted, unset_reads

_SECONDS = 20.0
_MOST_RUNS = 200
_VARIES = re.compile(r"0x[0-9a-fA-F]+|\d+")


def find_missing(wire: Wire, request: FindMissing) -> None:
    """Send all variables that the project lacks, which has just failed to load."""
    if not again.is_known():  # the project's own command failed, which cannot run a second time in its process
        wire.missing(settings=[], loads=False)
        return
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
        self._cleared: Set[str] = set()
        """Variables of which no other value helps."""
        self._runs = 0
        self._until = time.monotonic() + _SECONDS

    def find(self) -> bool:
        """Run env.py until it lacks no variable; return whether it then loads, with this driver or with another."""
        failure = again.failure()
        while failure is not None:
            later = self._after(failure)
            if later is failure:
                self._mark_refused(failure)
                return False
            failure = later
        return True

    def _mark_refused(self, failure: BaseException) -> None:
        """Take back the values that this failure is about."""
        for name in self._about(deepest(failure)):
            if name in self.wanted:
                self.wanted[name]["value"] = None

    def _after(self, failure: BaseException) -> Optional[BaseException]:
        """Return what fails with values for what this failure lacks: the same one where it is not for want of them."""
        root = deepest(failure)
        if isinstance(root, (Refused, ImportError, SyntaxError)):
            return failure
        about = self._about(root)
        if about:
            settled = [self._settle(name, one) for name, one in about.items()]
            return self._run(failure) if all(settled) else failure
        if isinstance(root, OSError):
            return failure  # such as a connection to a server that is not there
        reads = list(dict.fromkeys(name for link in chain(failure) for name in unset_reads(link, self._places)))
        for name in reads:
            later = self._with_another(name, failure)
            if later is not failure:
                return later
        named = [name for name in dict.fromkeys(VARIABLE.findall(capped(str(root)))) if name not in os.environ]
        unset = [name for name in reads if name not in os.environ]
        # What an example has is likelier than a value of ours.
        known = [unset] if all(name in self._offered for name in unset) else []
        later = self._tentatively(failure, known)
        later = later if later is not failure else self._with_examples(failure)
        return later if later is not failure else self._tentatively(failure, [unset, *([n] for n in named), named])

    def _with_another(self, name: str, failure: BaseException) -> Optional[BaseException]:
        """Give another value of ours to a variable that the failing line reads; it keeps its own if none helps."""
        if name not in self.wanted or name in self._offered or name in self._cleared:
            return failure
        self._cleared.add(name)
        value, reason = self.wanted[name]["value"], capped(str(deepest(failure)))
        while self._settle(name, AskedVariables(reason)):
            later = self._run(failure)
            if later is None or _signature(later) != _signature(failure):
                return later
        self.wanted[name]["value"] = value
        return failure

    def _about(self, root: BaseException) -> Dict[str, AskedVariables]:
        """Return the variables that a failure asks for, or one whose value it quotes."""
        asked = asked_for(root)
        if asked:
            return asked
        name = quoted(root, {name: os.environ.get(name, "") for name in self.wanted}, self._places)
        return {} if name is None else {name: AskedVariables(capped(str(root)) or type(root).__name__)}

    def _tentatively(self, failure: BaseException, groups: List[List[str]]) -> Optional[BaseException]:
        """Give values to the first group of variables that makes a difference."""
        for group in filter(None, groups):
            for name in group:
                self._settle(name, AskedVariables())
            later = self._run(failure)
            if later is None or _signature(later) != _signature(failure):
                return later
            self._withdraw(group)
        return failure

    def _with_examples(self, failure: BaseException) -> Optional[BaseException]:
        """Give those of the examples' values with which alone the project loads, such as the name of its stage."""
        names = [name for name in self._offered if name not in os.environ and re.fullmatch(r"\w+", name)]
        for name in names:
            self._settle(name, AskedVariables())
        if not names or self._run(failure) is not None:
            self._withdraw(names)
            return failure
        for name in names:
            kept = self.wanted[name]
            self._withdraw([name])
            if time.monotonic() > self._until or self._once() is not None:
                self.wanted[name] = kept
        return self._once()

    def _withdraw(self, names: Iterable[str]) -> None:
        for name in names:
            os.environ.pop(name, None)
            self.wanted.pop(name, None)
            self._tried.pop(name, None)

    def _settle(self, name: str, asked: AskedVariables) -> bool:
        """Give the next value to a variable; return whether there is one."""
        name = next((one for one in (name, *asked.also) if one in self._offered), name)
        tried = self._tried.setdefault(name, [])
        values = guesses(name, asked.reason or "", asked.samples)
        if name in self._offered:
            values.insert(0, self._offered[name])
        value = next((one for one in values if one not in tried), None)
        if value is None or not re.fullmatch(r"\w+", name):
            if name in self.wanted:
                self.wanted[name]["value"] = None
            return False
        known = self.wanted.get(name)
        is_default = name in self._offered and name not in os.environ  # which is refused, so that it has to be set
        refused = known["refused"] if known is not None else None if is_default else asked.reason
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
            later = self._once(fresh=fresh)
        return later

    def _once(self, *, fresh: bool = True) -> Optional[BaseException]:
        if fresh:
            self._forget_modules()
        self._runs += 1
        later = again.load_again({name: one["value"] for name, one in self.wanted.items() if one["value"] is not None})
        return None if later is not None and DRIVER_MISMATCH.search(capped(str(later))) else later

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
