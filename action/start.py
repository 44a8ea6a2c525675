"""The beginning of the program: a parent process that imports next to nothing, and the run as its child."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from action.supervisor import signals

if TYPE_CHECKING:
    from action.supervisor.notes import Notes


def entrypoint() -> None:
    """Run, and end the process with the exit code of the run."""
    signals.hold()  # before the imports: a signal in the first half second must not become a traceback
    from action import streams
    from action.supervisor.parent import supervised

    streams.prepare()  # before a descriptor of ours can take the number of one that is closed
    raise SystemExit(supervised(_run, _ending))


def _run() -> int:
    try:
        gc.disable()  # all that modules make stays: to look through it for garbage takes a tenth of their time
        from action.main import main

        gc.freeze()
        gc.enable()
        signals.answer()
        return main(sys.argv[1:])
    except KeyboardInterrupt:
        return signals.STOPPED
    finally:
        signals.hold()


def _ending(notes: Notes) -> list[str]:
    """End the servers and drop the databases that a run could not, because it was killed; return what stays."""
    left: list[str] = []
    if notes.servers:
        from action.postgres.servers.leftovers import stop_all

        left += stop_all(notes)
    if notes.containers:
        from action.postgres.servers.docker_leftovers import remove_all

        left += remove_all(notes)
    if notes.databases:
        from action.postgres.abandoned import drop_all

        left += drop_all(notes)
    return left
