"""Every request and event of a run as JSON lines with times: what ``--trace`` writes, to see a leg from outside."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TextIO

from action.probe.protocol.requests import FindMissing, FindUnimported, ListUses, Load, Request, ServerPlace, encode

_HIDDEN = "***"


class Trace:
    """A file that is written as the run goes; the sessions of all trees share it."""

    def __init__(
        self,
        file: TextIO,
        redact: Callable[[str], str],
        clock: Callable[[], float] = time.monotonic,
        refused: Callable[[OSError], None] = lambda error: None,
    ) -> None:
        """Write to ``file``, each line without what ``redact`` takes out of it.

        ``refused`` takes the error of the first line that cannot be written; the trace ends there.
        """
        self._file, self._redact, self._clock, self._refused = file, redact, clock, refused
        self._is_open = True
        self._started = clock()
        self._lock = threading.Lock()

    def of(self, tree: str) -> TreeTrace:
        """Return the trace of one tree, which its lines name."""
        return TreeTrace(self, tree)

    def write(self, tree: str, kind: str, document: str) -> None:
        """Write a line; ``document`` is JSON."""
        at = f"{self._clock() - self._started:.4f}"
        line = f'{{"seconds": {at}, "tree": {json.dumps(tree)}, "{kind}": {document}}}'
        with self._lock:
            if not self._is_open:
                return
            try:
                self._file.write(self._redact(line) + "\n")
                self._file.flush()
            except OSError as error:
                self._is_open = False
                self._refused(error)

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):  # of a line that could not be written, which is known
            self._file.close()


@dataclass(frozen=True, slots=True)
class TreeTrace:
    """What one session sends and gets."""

    trace: Trace
    tree: str

    def request(self, request: Request) -> None:
        """Write a request, without the server's password and the values of the user's variables."""
        if not isinstance(request, (ListUses, FindUnimported, FindMissing)) and request.server is not None:
            server: ServerPlace = {**request.server, "password": _HIDDEN}
            request = replace(request, server=server)
        if isinstance(request, Load):
            request = replace(request, env=dict.fromkeys(request.env, _HIDDEN))
        self.trace.write(self.tree, "request", encode(request))

    def event(self, line: bytes) -> None:
        """Write an event as it came, before it is checked; what is no JSON as a string."""
        text = line.decode("utf-8", "replace")
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            text = json.dumps(text)
        self.trace.write(self.tree, "event", text)
