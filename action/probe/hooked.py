"""What happens in each Python that the project's own command starts, from its first moment to env.py."""

from __future__ import annotations

import atexit
import json
import os
import sys
from typing import Any, Dict, Optional

from .entry.after_import import after_import, import_without_us
from .entry.asked import Asked
from .launcher import HOOK, VARIABLE
from .load_failures import obstacle
from .needs import own_config
from .origins import Origins
from .protocol.requests import Load, decode
from .reaching import report, take_pipes


def begin() -> None:
    """Watch the project's code, redirect its connections, and wait for it to run env.py."""
    with open(os.environ[VARIABLE], encoding="utf-8") as file:
        known = json.load(file)
    request = decode(known["load"])
    assert isinstance(request, Load)
    _Hook(request, known).install()


class _Hook:
    """The probe in a process of the project's command."""

    def __init__(self, request: Load, known: Dict[str, Any]) -> None:
        self._request, self._known = request, known
        self._origins = Origins(request)
        self._redirect: Any = None
        self._process = os.getpid()

    def install(self) -> None:
        loaders = {"flask.cli": import_without_us, "quart.cli": import_without_us}
        after_import({"sqlalchemy": self._redirected, "alembic.script.base": self._waiting, **loaders})
        atexit.register(self._report)

    def _redirected(self, sqlalchemy: Any) -> None:
        from .redirect import Redirect

        self._redirect = Redirect()
        self._redirect.begin(self._request.engines, self._request.server, self._request.database)

    def _waiting(self, base: Any) -> None:
        original = base.ScriptDirectory.run_env

        def run_env(script: Any) -> None:
            base.ScriptDirectory.run_env = original
            self._take_over(script)

        base.ScriptDirectory.run_env = run_env

    def _take_over(self, script: Any) -> None:
        """Continue as the project's process: what called us is never returned to."""
        self._process = 0
        pipes = take_pipes(self._known["socket"])
        _leave_no_trace()
        try:
            if pipes is not None:  # another process of the command has the project already
                from .takeover import take_over

                take_over(pipes, self._request, self._known, (self._origins, self._redirect), script)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)

    def _report(self) -> None:
        """Report the exception that ended this process, as it ends."""
        failure = _last_exception()
        if failure is None or isinstance(failure, EOFError) or self._process != os.getpid():
            return  # the last lines of the output say more of a question that nobody answers
        found = own_config(obstacle(failure, self._origins.places), failure, Asked())
        report(self._known["socket"], found)


def _last_exception() -> Optional[BaseException]:
    """Return the exception that nobody caught: Python keeps it, whatever shows it."""
    return getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)


def _leave_no_trace() -> None:
    """Let programs that migrations start run without us."""
    os.environ.pop(VARIABLE, None)
    path = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry and entry != HOOK]
    os.environ.pop("PYTHONPATH", None)
    if path:
        os.environ["PYTHONPATH"] = os.pathsep.join(path)
