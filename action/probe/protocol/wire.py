"""JSON lines over two private pipes, the only way the probe speaks: requests come in, and each event has a method.

The names and fields of the events are those of action/session/events.py, which checks them (docs/protocol.md).
"""

from __future__ import annotations

import json
import os
from typing import Dict, List, Mapping, Optional, Tuple

from .caps import FILE, TEXT, within
from .event_fields import (
    CandidateFields,
    EnvironmentFields,
    ErrorFields,
    FailingFields,
    FaultFields,
    FrameFields,
    ModelsFields,
    ObstacleFields,
    UnimportedFields,
    WantedFields,
)
from .requests import Request, decode

_FILES = ("content", "more")
"""Fields with the text of files."""


class Wire:
    """The probe's ends of the pipes; standard output belongs to the project."""

    def __init__(self, fd_in: int, fd_out: int) -> None:
        for fd in (fd_in, fd_out):
            os.set_inheritable(fd, False)  # programs that the project starts must not hold the pipe open
        self._requests = os.fdopen(fd_in, "r", encoding="utf-8")
        self._fd_out = fd_out
        self.descriptors = (fd_in, fd_out)

    def receive(self) -> Optional[Request]:
        """Return the next request; None when the session has gone."""
        line = self._requests.readline()
        return decode(line) if line else None

    def close(self) -> None:
        """Close both ends."""
        self._requests.close()
        os.close(self._fd_out)

    def versions(self, *, drivers: int, python: str, python_version: str, alembic: str, sqlalchemy: str) -> None:
        """Send what runs here, and how many drivers could be tried."""
        found = {"python": python, "python_version": python_version, "alembic": alembic, "sqlalchemy": sqlalchemy}
        self._send("versions", {"drivers": drivers, **found})

    def environment(self, fields: EnvironmentFields, *, strays: List[str]) -> None:
        """Send what one run of env.py showed, and the modules that do not come from this checkout."""
        self._send("environment", {**fields, "strays": strays})

    def uses(self, *, files: Dict[str, List[str]]) -> None:
        """Send which files of the project use which."""
        self._send("uses", {"files": files})

    def obstacle(self, fields: ObstacleFields) -> None:
        """Send why the project could not be run."""
        self._send("obstacle", fields)

    def missing(self, *, settings: List[WantedFields], loads: bool) -> None:
        """Send the variables that the project lacks, and whether it loads with the values that were tried."""
        self._send("missing", {"settings": settings, "loads": loads})

    def loaded(self, *, threads: int) -> None:
        """Send that the import is over, and how many threads it left running."""
        self._send("loaded", {"threads": threads})

    def started(self, *, pid: int) -> None:
        """Send that a leg runs in this process."""
        self._send("started", {"pid": pid})

    def step(self, *, revision: str) -> None:
        """Send that a revision starts."""
        self._send("step", {"revision": revision})

    def step_done(self, *, seconds: float, lines: List[int]) -> None:
        """Send that the revision under way is done; ``lines`` of its file ran, where it is watched closely."""
        self._send("step-done", {"seconds": seconds, "lines": lines})

    def statement(
        self,
        *,
        sql: str,
        frames: List[FrameFields],
        transaction: Optional[int],
        values: List[Tuple[str, str]],
        shown: Optional[Tuple[List[str], int, int]] = None,
    ) -> None:
        """Send a statement that goes to the server now; ``transaction`` is None in autocommit.

        ``values`` has digests of its parameters, where its revision is watched closely; ``shown`` has the statement
        as SQL that can be copied, the number of further rows and of placeholders that are left in it.
        """
        fields = {"sql": sql, "frames": frames, "transaction": transaction, "values": values, "shown": shown}
        self._send("statement", fields)

    def statement_done(self, *, seconds: float) -> None:
        """Send that the statement under way came back."""
        self._send("statement-done", {"seconds": seconds})

    def statement_failed(self, error: ErrorFields) -> None:
        """Send that the server refused the statement under way; the migration may catch the error."""
        self._send("statement-failed", error)

    def commit(self, *, transaction: int) -> None:
        """Send that a transaction was committed."""
        self._send("commit", {"transaction": transaction})

    def stamped(self, *, transaction: Optional[int]) -> None:
        """Send that the version table names the revision under way; ``transaction`` is None in autocommit."""
        self._send("stamped", {"transaction": transaction})

    def stopped(self) -> None:
        """Send that the process ends now, as the request asks."""
        self._send("stopped", {})

    def create_all(self, *, frames: List[FrameFields], tables: int) -> None:
        """Send that a migration calls ``create_all``, for how many of the models' own tables."""
        self._send("create-all", {"frames": frames, "tables": tables})

    def failed(
        self,
        error: ErrorFields,
        *,
        revision: Optional[str],
        frames: List[FrameFields],
        traceback: str,
        variables: List[str],
        written: List[str],
    ) -> None:
        """Send that an exception ended the leg: variables that it says are not set, files that its revision wrote."""
        where = {"revision": revision, "frames": frames, "traceback": traceback}
        self._send("failed", {**where, "variables": variables, "written": written, **error})

    def fault(self, fields: FaultFields) -> None:
        """Send that the server or the machine failed; what came of it follows."""
        self._send("fault", fields)

    def crashed(self, *, traceback: str) -> None:
        """Send that the probe itself failed."""
        self._send("crashed", {"traceback": traceback})

    def done(self) -> None:
        """Send that the leg did what was asked."""
        self._send("done", {})

    def unimported(self, fields: UnimportedFields) -> None:
        """Send which files that may declare tables were imported, and which others declare some."""
        self._send("unimported", fields)

    def models(self, fields: ModelsFields) -> None:
        """Send what the models describe."""
        self._send("models", fields)

    def candidate(self, fields: CandidateFields) -> None:
        """Send the migration that autogenerate wrote."""
        self._send("candidate", fields)

    def applied(self, *, error: Optional[object], failing: List[FailingFields]) -> None:
        """Send whether the migration that was given as text could be applied, and which statements fail if not."""
        self._send("applied", {"error": error, "failing": failing})

    def ended(self, *, status: int) -> None:
        """Send that the leg's process has ended, with this status of waitpid()."""
        self._send("ended", {"status": status})

    def _send(self, event: str, fields: Mapping[str, object]) -> None:
        sent = {name: within(value, FILE if name in _FILES else TEXT) for name, value in fields.items()}
        text = json.dumps({"event": event, **sent}, ensure_ascii=False)
        data = (text + "\n").encode("utf-8", "replace")  # half of a surrogate pair is no text that the session takes
        while data:
            data = data[os.write(self._fd_out, data) :]
