"""The first process of a row's namespaces: starts the program, does the fault, and looks at what is left.

    unshare … python -m tests.faults.inside RESULT NAME

RESULT is the number of an open file that gets the result as JSON.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import Any

from tests.faults import machine, second_server
from tests.faults.fault import As, Fault
from tests.faults.scene import Scene, files, processes
from tests.faults.table import TABLE
from tests.house import ROOT
from tests.projects.builder import write

_KEPT = ("PATH", "LANG")
_TEMPLATES = "ALEMBIC_CHECKS_TEMPLATE_DIR"
_POLL = 0.01


def main() -> None:
    """Play the row and write what came of it."""
    result, name = int(sys.argv[1]), sys.argv[2]
    (fault,) = [row for row in TABLE if row.name == name]
    templates = os.environ.get(_TEMPLATES)
    opened = os.open(templates, os.O_PATH) if templates else None
    machine.make()
    scene = Scene()
    wrong: list[str] = []
    ended = _play(fault, scene, wrong, opened)
    with os.fdopen(result, "w") as file:
        json.dump({**ended, "wrong": wrong}, file)


def _play(fault: Fault, scene: Scene, wrong: list[str], templates: int | None) -> dict[str, Any]:
    _lay_out(fault, scene)
    scene.known = scene.server.contents() if scene.server else set()
    if fault.before is not None:
        fault.before(scene)
    scene.known |= files() | (scene.server.contents() if scene.server else set())
    running = {process.pid for process in processes()}
    began = time.monotonic()
    _start(fault, scene, _environ(fault, scene, templates))
    try:
        if fault.during is not None:
            fault.during(scene)
    except AssertionError as error:
        wrong.append(str(error) or repr(error))
    code = _ended(scene, began + fault.within, wrong)
    scene.seconds = time.monotonic() - began
    left = _left(scene, running, fault.grace)
    try:
        if fault.after is not None:
            fault.after(scene)
    except AssertionError as error:
        wrong.append(str(error) or repr(error))
    found = _report(scene.out / "report.json")
    return {
        "code": code, "stdout": scene.stdout, "stderr": scene.stderr, "left": left, "seconds": scene.seconds,
        "verdict": found.get("verdict"), "report": found,
    }  # fmt: skip


def _report(file: Path) -> dict[str, Any]:
    """Return the report; empty where there is none, or not all of it."""
    try:
        found: dict[str, Any] = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return found


def _lay_out(fault: Fault, scene: Scene) -> None:
    if fault.user is As.IMAGE:
        machine.add_users_of_the_image()
    write(scene.project, fault.files)
    if fault.user is As.ORDINARY:
        for path in (scene.home, scene.project, *scene.project.rglob("*")):
            os.chown(path, machine.ORDINARY, machine.ORDINARY, follow_symlinks=False)
    if fault.server:
        scene.server = second_server.start()


def _environ(fault: Fault, scene: Scene, templates: int | None) -> dict[str, str]:
    environ = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"HOME": str(scene.home)}
    if templates is not None:
        environ[_TEMPLATES] = f"/proc/1/fd/{templates}"
    if scene.server is not None:
        environ["URL"] = scene.server.url
    return {**environ, **fault.environ}


def _start(fault: Fault, scene: Scene, environ: dict[str, str]) -> None:
    arguments = [word.replace("{url}", environ.get("URL", "")) for word in fault.arguments]
    report = [] if "--json" in arguments else ["--json", str(scene.out / "report.json")]
    if fault.user is As.IMAGE:  # where our own Python is the project's only if it is chosen
        arguments += ["--python", sys.executable]
    program = [sys.executable, "-W", "error", str(ROOT / "entrypoint.py"), *report, *arguments]
    ordinary = machine.ORDINARY if fault.user is As.ORDINARY else None
    if fault.terminal:
        scene.terminal, theirs = pty.openpty()
        streams = (theirs, theirs, theirs)
    else:
        streams = (os.open(os.devnull, os.O_RDONLY), _new(scene.out / "stdout"), _new(scene.out / "stderr"))
    scene.command, scene.environ = program, environ
    scene.process = subprocess.Popen(
        ["/bin/bash", "-c", fault.shell, "bash", *program],  # dash would drop variables such as INPUT_FAIL-ON
        cwd=scene.project, env=environ, stdin=streams[0], stdout=streams[1], stderr=streams[2],
        user=ordinary, group=ordinary, extra_groups=None if ordinary is None else [],
        start_new_session=True, preexec_fn=_take_terminal if fault.terminal else None,
    )  # fmt: skip
    for stream in set(streams):
        os.close(stream)
    if scene.terminal is not None:
        threading.Thread(target=_read_terminal, args=(scene,), daemon=True).start()


def _take_terminal() -> None:
    """Make the terminal on standard input ours; runs after the fork."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_terminal(scene: Scene) -> None:
    """Read what appears on the terminal until it is closed, on either side."""
    with contextlib.suppress(OSError), (scene.out / "stdout").open("wb", buffering=0) as output:
        while (terminal := scene.terminal) is not None:
            if select.select([terminal], [], [], 0.02)[0]:
                output.write(os.read(terminal, 65536))


def _new(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)


def _ended(scene: Scene, deadline: float, wrong: list[str]) -> int | None:
    """Wait for the end of the program, and end it where it does not come."""
    while scene.runs.poll() is None and time.monotonic() < deadline:
        time.sleep(_POLL)
    scene.resume()
    if scene.runs.poll() is None:
        running = "; ".join(map(str, scene.of_run()))
        wrong.append(f"it did not end in time; running: {running}")
        scene.signal_all(signal.SIGKILL)
        scene.runs.wait()
        return None
    return scene.runs.returncode


def _left(scene: Scene, running: set[int], grace: float) -> list[str]:
    """Return what is there that was not; processes and files get a moment to go."""
    deadline = time.monotonic() + grace
    while True:
        _reap(scene)
        there = {f"process {process}" for process in scene.of_run() if process.pid not in running}
        there |= {
            name if " " in name and not name.startswith("/") else f"file {name}" for name in files() - scene.known
        }
        if scene.server is not None:
            there |= scene.server.contents() - scene.known
        if not there or time.monotonic() > deadline:
            return sorted(there)
        time.sleep(_POLL)


def _reap(scene: Scene) -> None:
    """Wait for orphans, as the first process of a machine does."""
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        ours = {os.getpid(), scene.runs.pid, *([scene.server.pid] if scene.server else [])}
        if pid not in ours:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


if __name__ == "__main__":
    main()
    os._exit(0)  # the kernel ends whatever a row still has
