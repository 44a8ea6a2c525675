"""Running the project's own command with the probe in every Python that it starts, until one of them runs env.py.

That process takes over (``takeover.py``): it gets our ends of the pipes through a socket, and we only wait for its end.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from typing import Any, Dict, Iterator, List, Optional, Tuple

from . import init_command, url_variables
from .driver_choice import chosen_driver, place_of
from .orphans import end_children
from .protocol.event_fields import ObstacleFields
from .protocol.requests import Load, encode
from .protocol.wire import Wire

VARIABLE = "ALEMBIC_CHECKS_COMMAND"
"""Names the file of what a Python of the command has to know."""
HOOK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hook")
_LONGEST_PATH = 100
"""Characters of the name of a socket."""
_ANSWERS_WITHIN = 30.0
"""Seconds for a process of ours to say what it wants."""


def launch(wire: Wire, request: Load, command: List[str]) -> None:
    """Run the command; return where it ended without running env.py, after an event that says how.

    Where a process takes over, this one ends as soon as the command does.
    """
    driver, drivers = chosen_driver(request)
    url_variables.set_variables(place_of(request), driver, request.env)
    failed = init_command.run(request.init, request.workdir) if request.init else None
    if failed is None:
        failed = _launched(wire, request, command, {"driver": driver, "drivers": drivers})
    wire.obstacle(failed)


def _launched(wire: Wire, request: Load, command: List[str], known: Dict[str, Any]) -> ObstacleFields:
    shown = shlex.join(command)
    with _folder() as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.join(folder, "s"))
        listener.listen(8)
        with open(os.path.join(folder, "known.json"), "w", encoding="utf-8") as file:
            json.dump({**known, "load": encode(request), "command": shown, "socket": os.path.join(folder, "s")}, file)
        path = [HOOK, *filter(None, [os.environ.get("PYTHONPATH")])]
        variables = {**os.environ, VARIABLE: file.name, "PYTHONPATH": os.pathsep.join(path)}
        start = init_command.printed()
        try:
            process = subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, cwd=request.workdir)
        except OSError as failure:
            how = "cannot be started (%s)" % (failure.strerror or failure)
            return {"kind": "command-ended", "text": how, "command": shown, "traceback": ""}
        reported = _attended(wire, listener, process)
        end_children(within=5.0)
        if reported is not None:
            return {**reported, "command": shown}
        printed = init_command.output_since(start)
        code = process.returncode
        return {"kind": "command-ended", "text": ended_in_words(code), "command": shown, "traceback": printed}


def ended_in_words(code: int) -> str:
    """Say how a command ended; a negative code is that of a signal."""
    return "exited with code %d" % code if code >= 0 else "was ended by signal %d" % -code


@contextlib.contextmanager
def _folder() -> Iterator[str]:
    """Yield a folder of ours, in a place with a name that is short enough for a socket."""
    made = tempfile.mkdtemp(prefix="ac-")
    if len(made) > _LONGEST_PATH:
        os.rmdir(made)
        made = tempfile.mkdtemp(prefix="ac-", dir="/tmp")
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _attended(wire: Wire, listener: socket.socket, process: "subprocess.Popen[bytes]") -> Optional[ObstacleFields]:
    """Wait for the command to end; return what a Python of it has reported, if any.

    Does not return where one has taken over.
    """
    over_read, over_write = os.pipe()
    waiting: List[Any] = [listener, over_read]

    def wait() -> None:
        process.wait()
        os.close(over_write)

    threading.Thread(target=wait, daemon=True).start()
    reported: Optional[ObstacleFields] = None
    try:
        while True:
            ready, _, _ = select.select(waiting, [], [])
            if listener not in ready:
                return reported
            connection, _ = listener.accept()
            wanted, found = _said(connection)
            if wanted == "take":
                _hand_over(wire, connection, listener, (process, over_read))
            reported = found or reported
            connection.close()
    finally:
        os.close(over_read)


def _said(connection: socket.socket) -> Tuple[str, Optional[ObstacleFields]]:
    connection.settimeout(_ANSWERS_WITHIN)
    with contextlib.suppress(OSError, ValueError, KeyError), connection.makefile("r", encoding="utf-8") as lines:
        line = json.loads(lines.readline())
        return line["do"], line.get("obstacle")
    return "", None


def _hand_over(
    wire: Wire, connection: socket.socket, listener: socket.socket, command: "Tuple[subprocess.Popen[bytes], int]"
) -> None:
    """Give our ends of the pipes away, and end when the process that has them ends, or the command does."""
    process, over = command
    socket.send_fds(connection, [b"!"], list(wire.descriptors))
    wire.close()
    listener.close()
    connection.settimeout(None)
    ends: List[Any] = [connection, over]
    select.select(ends, [], [])  # readable when its other end is closed
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(2.0)  # of the command itself, where another process of it took over
    code = process.returncode if process.returncode is not None else 0
    end_children(within=5.0)
    if code < 0:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(max(code, 0))
