"""Our end of the probe: one import of the project for the whole run, a fresh process for every leg."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from action.postgres.servers.interface import Address
from action.project.tree import Tree
from action.sandbox.variables import environment
from action.session.events import Event
from action.session.obstacles import describe
from action.session.process import ProbeGone, ProbeProcess, ProbeTimeout, wait_status_in_words
from action.session.running import ProjectRun
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.tree import Environment

__all__ = ["Ended", "ProjectRun", "Session"]

Listener = Callable[[Event], None]
ANSWERS = ("result", "failed", "obstacle", "crashed")
"""One of these comes of every leg whose process is not ended from within."""
_GONE = "was ended before, when it no longer answered"
_NO_WORD = "ended the import without the words that belong to it"


def nothing() -> None:
    """Do nothing."""


@dataclass(slots=True)
class Ended:
    """How a request ended."""

    timed_out: bool = False
    died: str | None = None
    """How the process went, in words; None when it came to its end."""


class Session:
    """The project's code at one commit, imported once; a context manager."""

    def __init__(self, run: ProjectRun, tree: Tree, root: Path, *, moved_from: Path | None = None) -> None:
        self.run, self.tree, self.root = run, tree, root
        self._moved_from = moved_from
        self._stack = contextlib.ExitStack()
        self._process: ProbeProcess | None = None
        self._address: Address | None = None
        self._forks = True
        self._used = False
        self._driver = 0
        self.environment: Environment | None = None
        self.output = ""

    def __enter__(self) -> Session:
        self._start()  # the interpreter and Alembic are imported while we boot the server
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def load(self, address: Address, database: str) -> Obstacle | None:
        """Import the project by one run of env.py that changes nothing; return what kept it from that.

        A driver that the project does not expect is known only when its import fails: the next one is tried then.
        """
        self._address = address
        obstacle, retry = self._load(database)
        first = obstacle
        while retry and obstacle is not None:
            self._driver += 1
            self._start()
            obstacle, retry = self._load(database)
        return None if obstacle is None else first

    def _load(self, database: str) -> tuple[Obstacle | None, bool]:
        found: dict[str, Event] = {}
        ended = self._load_process(database, lambda event: found.update({event["event"]: event}))
        versions, failed = found.get("versions", {}), found.get("obstacle")
        if not (ended.timed_out or ended.died or failed or {"versions", "environment"} <= found.keys()):
            ended = Ended(died=_NO_WORD)
        if ended.timed_out or ended.died:
            return self._gone(ended), False
        if failed is not None:
            retry = bool(failed.get("driver_mismatch")) and self._driver + 1 < versions.get("drivers", 1)
            return describe(failed, self.tree, self.run), retry
        self._forks = not found["loaded"]["threads"]
        self.environment = environment_of(versions, found["environment"])
        return None, False

    def _load_process(self, database: str, listen: Listener, *, only_prepare: bool = False) -> Ended:
        return self._exchange(self._load_request(database, only_prepare), "loaded", listen)

    def _start(self) -> None:
        """Start a probe, in place of the one before."""
        self._stop()
        probe = ProbeProcess(self.run.python, self.tree.workdir, self._environ(), self.run.user)
        self._process = self._stack.enter_context(probe)

    def _load_request(self, database: str, only_prepare: bool) -> dict[str, Any]:
        address, tree = self._address, self.tree
        assert address is not None
        place = {
            "host": address.host,
            "port": address.port,
            "user": address.user,
            "password": address.password,
            "parameters": dict(address.parameters),
        }
        return {
            "do": "load",
            "server": place,
            "database": database,
            "root": str(self.root),
            "workdir": str(tree.workdir),
            "config_file": str(tree.config_file),
            "section": tree.section,
            "kind": tree.kind,
            "set_script_location": str(tree.script_location),
            "version_locations": [str(folder) for folder in tree.version_locations],
            "env_py": str(tree.env_py),
            "env": dict(self.run.env),
            "driver": self._driver,
            "only_prepare": only_prepare,
            "relocate": [str(self._moved_from), str(self.root)] if self._moved_from else None,
        }

    def perform(
        self,
        do: str,
        database: str,
        listen: Listener,
        *,
        on_timeout: Callable[[], None] = nothing,
        meanwhile: Callable[[], None] = nothing,
        **more: Any,
    ) -> Ended:
        """Do one leg on ``database`` in a process of its own.

        ``meanwhile`` is called once it is under way; ``on_timeout`` may look before it is killed.
        """
        request = {"do": do, "database": database, "fork": self._forks, **more}
        if self._process is None or (not self._forks and self._used):
            # Threads make a fork unsafe: the project is imported again, in a process that only this leg uses.
            self._start()
            self._load_process(database, lambda event: None, only_prepare=True)
        self._used = True
        return self._exchange(request, "ended", listen, on_timeout=on_timeout, meanwhile=meanwhile)

    def pending(self, rows: Sequence[str], target: Sequence[str]) -> tuple[str, ...]:
        """Return the revisions that Alembic would still apply from these rows of the version table."""
        answer: Event = {}
        request = {"do": "pending", "rows": list(rows), "target": list(target)}
        ended = self._exchange(request, "result", answer.update)
        if ended.timed_out or ended.died:
            return (f"not known, because the project's process {ended.died or 'did not answer in time'}",)
        return (answer["error"],) if answer.get("error") else tuple(answer["pending"])

    def _exchange(
        self,
        request: dict[str, Any],
        until: str,
        listen: Listener,
        *,
        on_timeout: Callable[[], None] = nothing,
        meanwhile: Callable[[], None] = nothing,
    ) -> Ended:
        process = self._process
        if process is None:
            meanwhile()
            return Ended(died=_GONE)
        try:
            events = process.ask(request, until, self.run.timeout)
            meanwhile()
            return self._followed(events, listen)
        except ProbeGone as gone:
            self._stop()
            return Ended(died=str(gone))
        except ProbeTimeout:
            on_timeout()
            # After a leg that hung, the imported project is as it was; without a leg, it is what hangs.
            if not (process.end_leg() and process.wait_for(until, 5.0)):
                self._stop()
            return Ended(timed_out=True)

    def _followed(self, events: Iterator[Event], listen: Listener) -> Ended:
        answered = False
        for event in events:
            listen(event)
            answered = answered or event["event"] in ANSWERS
            if event["event"] == "ended" and not answered:
                return Ended(died=wait_status_in_words(event["status"]))
        return Ended()

    def _stop(self) -> None:
        self.keep_output()
        self._stack.close()
        self._process = None

    def _gone(self, ended: Ended) -> Obstacle:
        kind = ObstacleKind.TIMEOUT if ended.timed_out else ObstacleKind.DIED
        self.keep_output()
        event = {
            "kind": kind.value,
            "text": ended.died or "",
            "seconds": self.run.timeout,
            "traceback": self.output,
        }
        return describe(event, self.tree, self.run)

    def keep_output(self) -> None:
        """Take over the end of what the project has printed so far."""
        if self._process is not None:
            self.output = self._process.output()

    def _environ(self) -> dict[str, str]:
        found = environment(self.run.python, self.run.user)
        if self._moved_from and "PYTHONPATH" in found:
            found["PYTHONPATH"] = found["PYTHONPATH"].replace(str(self._moved_from), str(self.root))
        return found


def environment_of(versions: Event, learnt: Event) -> Environment:
    """Return what the probe learnt, as the recording holds it."""
    return Environment(
        python=versions["python"],
        python_version=versions["python_version"],
        alembic=versions["alembic"],
        sqlalchemy=versions["sqlalchemy"],
        driver=learnt["driver"],
        heads=tuple(learnt["heads"]),
        metadata_given=learnt["metadata_given"],
        tables=learnt["tables"],
        unseen=tuple((name, count) for name, count in learnt["unseen"]),
        version_table=learnt["version_table"],
        version_table_schema=learnt["version_table_schema"],
        transaction_per_migration=learnt["transaction_per_migration"],
    )
