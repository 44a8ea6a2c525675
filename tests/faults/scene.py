"""What a fault sees and changes: the run, its machine, and a second server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.second_server import SecondServer

PLACE = Path("/mnt")
"""Where the files of a row are; nobody outside sees them."""
MARKS = PLACE / "marks"
"""Where the project's code leaves a file when it has got somewhere."""
WATCHED = (Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), PLACE / "home", PLACE / "project")
_POLL = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process as /proc shows it; no zombie."""

    pid: int
    parent: int
    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)[:200]


class Missed(AssertionError):
    """The moment that a fault waits for did not come."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """One run and its surroundings."""

    project: Path = PLACE / "project"
    out: Path = PLACE / "out"
    home: Path = PLACE / "home"
    process: subprocess.Popen[bytes] | None = None
    server: SecondServer | None = None
    terminal: int | None = None
    """Our end of the program's terminal."""
    kept: list[object] = field(default_factory=list)
    """What has to live as long as the run, such as a socket that never answers."""
    command: list[str] = field(default_factory=list)
    """How the program was started, and with which variables."""
    environ: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    """The files, and what the second server had, before the start."""
    seconds: float = 0.0
    """After the end: how long the program ran."""

    @property
    def stdout(self) -> str:
        """Return what the program has printed so far."""
        return _text(self.out / "stdout")

    @property
    def stderr(self) -> str:
        """Return what the program has printed as errors so far."""
        return _text(self.out / "stderr")

    @property
    def runs(self) -> subprocess.Popen[bytes]:
        """Return the program, which has been started."""
        assert self.process is not None
        return self.process

    @property
    def second(self) -> SecondServer:
        """Return the server that is not the program's own."""
        assert self.server is not None
        return self.server

    def wait(self, happened: Callable[[], bool], what: str, seconds: float = 40.0) -> None:
        """Wait until something happens. Raises Missed where the program ends first, or nothing happens."""
        deadline = time.monotonic() + seconds
        while not happened():
            if self.process is not None and self.process.poll() is not None:
                raise Missed(f"the program ended before {what}")
            if time.monotonic() > deadline:
                raise Missed(f"not within {seconds:g} s: {what}")
            time.sleep(_POLL)

    def send(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the program, or to its process group as a terminal does."""
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.runs.pid, number)

    def find(self, *words: str) -> list[Process]:
        """Return the processes of the run whose command line holds all these words."""
        return [process for process in self.of_run() if all(word in " ".join(process.words) for word in words)]

    def of_run(self) -> list[Process]:
        """Return all processes but ours and those of the second server."""
        known = {} if self.server is None else {self.server.pid}
        found = [process for process in processes() if process.pid != os.getpid()]
        return [process for process in found if process.pid not in known and process.parent not in known]

    def signal_all(self, number: int, *words: str) -> None:
        """Send a signal to each process of the run whose command line holds these words."""
        for process in self.find(*words):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, number)

    def resume(self) -> None:
        """Let everything that was stopped go on, so that it can be looked at and ended."""
        for process in processes():
            if process.pid != os.getpid():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGCONT)


def processes() -> Iterator[Process]:
    """Yield everything that runs."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(") ")[2].split()[:2]
            words = (folder / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
        except OSError:
            continue
        if state != "Z":
            yield Process(pid=int(folder.name), parent=int(parent), words=tuple(words))


def files() -> set[str]:
    """Return everything below the folders that a run must leave as they were, but for compiled modules."""
    found = set()
    for folder in WATCHED:
        for where, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            found |= {os.path.join(where, name) for name in (*folders, *names)}  # noqa: PTH118
    return found


def _text(path: Path) -> str:
    return path.read_bytes().decode(errors="replace") if path.exists() else ""
