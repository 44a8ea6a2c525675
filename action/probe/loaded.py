"""The imported project: everything that a leg needs of it."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from . import url_variables
from .entry.way import WayIn
from .env_run import EnvRun
from .faults import Faults
from .origins import Origins
from .protocol.requests import Load, ServerPlace
from .protocol.wire import Wire
from .redirect import Redirect
from .server_errors import error_of
from .watching.recorder import Recorder


class LoadedProject:
    """One tree with its Config and ScriptDirectory, and what watches the runs of its env.py."""

    def __init__(
        self, request: Load, alembic: Tuple[WayIn, Any], wire: Wire, connection: Tuple[Redirect, str], origins: Origins
    ) -> None:
        """Take over what was loaded: the way in and the ScriptDirectory, the redirect and the driver of its URL."""
        self.way, self.script = alembic
        self.config = self.way.config
        self.wire, self.origins, self.places = wire, origins, origins.places
        self.redirect, self._driver = connection
        self._request = request
        self.recorder = Recorder(wire, self.places, error_of)
        self.faults = Faults(wire)
        self.env_py = request.env_py
        self.metadatas: List[Any] = []
        """What env.py gave to Alembic when it was loaded."""

    @property
    def folder(self) -> str:
        """Return the folder that Alembic runs in: that of its config."""
        return self._request.workdir

    def run(self) -> EnvRun:
        """Return a fresh run of env.py."""
        return EnvRun(self.way, self.script, self.redirect, self.places)

    def point(self, database: str, server: Optional[ServerPlace] = None) -> None:
        """Send all further connections to a database, also those that env.py makes by itself from variables.

        Without ``server`` it is on the one that the project was imported with.
        """
        server = server or self._request.server
        place = dict(server, database=database)
        self.redirect.point(server, database)
        self.way.url = url_variables.url(place, self._driver)
        url_variables.set_variables(place, self._driver, self._request.env)
