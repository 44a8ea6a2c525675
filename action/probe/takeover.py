"""Taking over the project's own command at the moment when it runs env.py, with its Config, models and contexts."""

from __future__ import annotations

import contextlib
import signal
from typing import Any, Dict, Tuple

from alembic import context

from . import loading, serve
from .entry.way import WayIn
from .live_threads import unsafe_threads
from .load_failures import obstacle
from .origins import Origins
from .orphans import adopt_orphans, end_with_parent
from .protocol.requests import Load
from .protocol.wire import Wire
from .reaching import Pipes
from .redirect import Redirect


def take_over(
    pipes: Pipes, request: Load, known: Dict[str, Any], watched: Tuple[Origins, Redirect], script: Any
) -> None:
    """Load the project as it is now, and serve the session until that closes its end."""
    origins, redirect = watched
    with contextlib.closing(Wire(pipes.fd_in, pipes.fd_out)) as wire:
        adopt_orphans()
        end_with_parent(signal.SIGKILL)
        project = None
        try:
            way = WayIn(context.config, request.x_args, note="env.py was run by `%s`." % known["command"])
            loading.send_versions(wire, known["drivers"])
            project = loading.loaded_by(way, wire, request, (redirect, known["driver"]), origins)
        except BaseException as failure:
            wire.obstacle(obstacle(failure, origins.places))
        finally:
            wire.loaded(threads=unsafe_threads())
        serve.serve_requests(wire, project)
