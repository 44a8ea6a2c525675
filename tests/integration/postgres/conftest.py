"""Runs of ours in a process of their own, to be killed; and a look at what is left of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from action.postgres.servers import leftovers
from action.postgres.servers.leftovers import command_line
from action.probe.orphans import processes

_ROOT = Path(__file__).parents[3]
_OWNER = """
import json, os, pathlib, sys
from action.postgres.servers import leftovers
from action.postgres.servers.embedded import boot
from action.supervisor.parent import supervised
from action.supervisor.signals import STOPPED, CleanUp, answer, hold

place = pathlib.Path(sys.argv[1])
leftovers._SHARED_MEMORY = place / "missing"
leftovers._on_disk = lambda: iter([place])

def run():
    answer()
    try:
        with CleanUp() as stack:
            server = stack.enter_context(boot(keep=sys.argv[2] == "keep"))
            facts = {"pid": server.pid, "directory": str(server.directory), "port": server.address.port,
                     "password": server.address.password, "detail": server.detail, "run": os.getpid()}
            print(json.dumps(facts), flush=True)
            sys.stdin.read()
    except KeyboardInterrupt:
        return STOPPED
    return 0

hold()
raise SystemExit(supervised(run, leftovers.stop_all))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A run that has booted a server, and its parent process."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]

    @property
    def server(self) -> int:
        return int(self.facts["pid"])

    @property
    def directory(self) -> Path:
        return Path(self.facts["directory"])

    def server_runs(self) -> bool:
        """Tell whether the server's process is there; a zombie is not."""
        return bool(command_line(self.server))

    def end(self, number: signal.Signals | None = None) -> int:
        """Send a signal, or let it come to its own end, and return its exit code."""
        assert self.process.stdin is not None
        if number is None:
            self.process.stdin.close()
        else:
            os.kill(self.process.pid, number)
        return self.process.wait(30)

    def close(self) -> None:
        """End it in any case."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def kill_with_its_parent(self) -> None:
        """Kill the run and its parent, as the end of a machine would."""
        os.kill(self.process.pid, signal.SIGSTOP)
        os.kill(int(self.facts["run"]), signal.SIGKILL)
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(30)
        while any(pid == self.facts["run"] and state != "Z" for pid, _, state in processes()):
            time.sleep(0.005)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Have servers stand in a folder of this test, where no other run's sweep looks, and ours nowhere else."""
    with tempfile.TemporaryDirectory(dir=next(leftovers._places()), ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setattr(leftovers, "_SHARED_MEMORY", Path(folder) / "missing")
        monkeypatch.setattr(leftovers, "_on_disk", lambda: iter([Path(folder)]))
        yield Path(folder)


@pytest.fixture
def own(place: Path) -> Iterator[Callable[..., Owner]]:
    """Start a process that boots a server; whatever the test leaves of it is ended."""
    owners: list[Owner] = []

    def start(mode: str = "", **environment: str) -> Owner:
        process = subprocess.Popen(
            [sys.executable, "-c", _OWNER, str(place), mode],
            cwd=_ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        owners.append(Owner(process=process, facts=json.loads(process.stdout.readline())))
        return owners[-1]

    yield start
    for owner in owners:
        owner.close()


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Return a function that waits for another process's doing and fails after ten seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "it did not come about within ten seconds"
            time.sleep(0.005)

    return wait
