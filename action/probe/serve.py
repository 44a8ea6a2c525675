"""The probe's loop: load the project once, then do each leg in a child forked from it."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import threading
from typing import TYPE_CHECKING, Any, Dict, Optional

from .wire import Wire

if TYPE_CHECKING:
    from .operations import Operations


def serve(fd_in: int, fd_out: int) -> None:
    """Serve requests until the session closes its end."""
    wire = Wire(fd_in, fd_out)
    _warm()
    operations: Optional[Operations] = None
    while True:
        request = wire.receive()
        if request is None:
            return
        if request["do"] == "load":
            operations = _load(wire, request)
        elif request["do"] == "pending" and operations is not None:
            _pending(wire, operations, request)
        elif operations is not None:
            _perform(wire, operations, request)
        else:
            wire.send("ended", status=0)


def _warm() -> None:
    """Import what does not depend on the request while the session is still busy with the server."""
    with contextlib.suppress(ImportError):  # told when it is asked for
        from . import loading  # noqa: F401


def _load(wire: Wire, request: Dict[str, Any]) -> "Optional[Operations]":
    """Import Alembic, the version files and env.py with all that it imports."""
    os.chdir(request["workdir"])
    sys.path.append(request["workdir"])  # as ``python -m alembic`` would have it
    if request.get("relocate"):
        from .tree import relocate

        relocate(*request["relocate"])
    from .obstacles import obstacle
    from .watching.frames import Places

    places = Places(request["root"], request["version_locations"])
    try:
        from . import loading

        return loading.load(wire, request)
    except BaseException as failure:
        wire.send("obstacle", **{**obstacle(failure, places), **_python()})
        return None
    finally:
        wire.send("loaded", threads=threading.active_count() - 1)


def _python() -> Dict[str, Any]:
    return {"python": sys.executable, "python_version": platform.python_version()}


def _pending(wire: Wire, operations: "Operations", request: Dict[str, Any]) -> None:
    """Tell which revisions Alembic would still apply from these rows of the version table."""
    try:
        steps = operations.script._upgrade_revs(tuple(request["target"]) or "heads", tuple(request["rows"]))
        wire.send("result", pending=[step.revision.revision for step in steps])
    except Exception as failure:
        wire.send("result", pending=[], error=str(failure))


def _perform(wire: Wire, operations: "Operations", request: Dict[str, Any]) -> None:
    """Do one leg, in a forked child unless told otherwise, and say how it ended."""
    if not request.get("fork", True):
        operations.perform(request)
        wire.send("ended", status=0)
        return
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _child(wire, operations, request)
    wire.send("ended", status=os.waitpid(child, 0)[1])


def _child(wire: Wire, operations: "Operations", request: Dict[str, Any]) -> None:
    status = 1
    try:
        os.setpgid(0, 0)  # so that a leg that hangs can be ended with all that it started
        wire.send("started", pid=os.getpid())
        operations.perform(request)
        status = 0
    except BaseException as failure:
        import traceback

        wire.send("crashed", traceback="".join(traceback.format_exception(type(failure), failure, None)))
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)  # the project's atexit handlers belong to its own process
