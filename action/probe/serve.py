"""The probe's loop: load the project once, then do each leg in a child forked from it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, List, Optional

from . import again
from .also_missing import with_others
from .entry.framework_commands import command_of
from .launcher import launch
from .live_threads import log_queues_at_rest, unsafe_threads
from .load_failures import obstacle
from .origins import Origins
from .orphans import adopt_orphans, children, end_children, end_with_parent
from .protocol.event_fields import OF_THE_PACKAGES
from .protocol.requests import FindMissing, FindUnimported, LegRequest, ListUses, Load
from .protocol.wire import Wire

if TYPE_CHECKING:
    from .loaded import LoadedProject


_STRAYS_END_WITHIN = 5.0
"""Seconds."""
_FAILED: List[BaseException] = []
"""What kept Alembic or SQLAlchemy from being imported at the first attempt: a second one fails over its remains."""


def serve(fd_in: int, fd_out: int, *, launches: bool = False) -> None:
    """Serve requests until the session closes its end; ``launches`` a command that loads the project."""
    with contextlib.closing(Wire(fd_in, fd_out)) as wire:
        adopt_orphans()
        end_with_parent(signal.SIGKILL)
        if not launches:
            _warm()
        serve_requests(wire, None)


def serve_requests(wire: Wire, project: "Optional[LoadedProject]") -> None:
    """Serve requests about a project, if one is loaded yet, until the session closes its end."""
    while True:
        request = wire.receive()
        if request is None:
            return
        if isinstance(request, Load):
            project = _load(wire, request)
        elif isinstance(request, FindMissing):
            from .missing_settings import find_missing

            find_missing(wire, request)
        elif project is None:
            wire.ended(status=0)
        elif isinstance(request, ListUses):
            wire.uses(files=project.origins.used_by(request.of))
        elif isinstance(request, FindUnimported):
            from .operations import search_unimported

            search_unimported(project, request)
        else:
            _perform(wire, project, request)


def _warm() -> None:
    """Import what does not depend on the request while the session is still busy with the server."""
    try:
        from . import loading, operations  # noqa: F401
    except BaseException as failure:  # the obstacle says so when it is asked for
        _FAILED[:] = [failure]


def _load(wire: Wire, request: Load) -> "Optional[LoadedProject]":
    """Import Alembic, the version files and env.py with all that it imports."""
    os.chdir(request.workdir)
    command = command_of(request)
    if command is not None:
        try:
            launch(wire, request, command)
        finally:
            wire.loaded(threads=0)
        return None
    sys.path.append(request.workdir)  # as ``python -m alembic`` would have it
    origins = Origins(request)
    again.remember(request, origins)
    try:
        try:
            from . import loading
        except BaseException as second:
            first = _FAILED[0] if _FAILED else second
            with contextlib.suppress(Exception):
                _look_for_a_fault(wire, first)
            found = with_others(obstacle(first, origins.places), request)
            wire.obstacle({**found, "note": OF_THE_PACKAGES})
            return None
        return loading.load(wire, request, origins)
    except BaseException as failure:
        _look_for_a_fault(wire, failure)
        wire.obstacle(with_others(obstacle(failure, origins.places), request))
        return None
    finally:
        wire.loaded(threads=unsafe_threads())


def _look_for_a_fault(wire: Wire, failure: BaseException) -> None:
    from .faults import Faults

    Faults(wire).look_at(failure)


def _perform(wire: Wire, project: "LoadedProject", request: LegRequest) -> None:
    """Do one leg, in a forked child unless the request says otherwise, and send how it ended."""
    from .operations import perform

    before = children()
    status = 0
    if request.fork:
        sys.stdout.flush()
        sys.stderr.flush()
        with log_queues_at_rest():
            child = os.fork()
        if child == 0:
            _child(wire, project, request)
        status = os.waitpid(child, 0)[1]
    else:
        perform(project, request)
    end_children(spared=before, within=_STRAYS_END_WITHIN)  # what the leg started and left
    wire.ended(status=status)


def _child(wire: Wire, project: "LoadedProject", request: LegRequest) -> None:
    from .operations import perform

    status = 1
    try:
        end_with_parent(signal.SIGKILL)
        os.setpgid(0, 0)  # so that a leg that hangs can be ended with all that it started
        wire.started(pid=os.getpid())
        perform(project, request)
        status = 0
    except BaseException as failure:
        project.faults.look_at(failure)
        wire.crashed(traceback="".join(traceback.format_exception(type(failure), failure, None)))
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)  # the project's atexit handlers belong to its own process
