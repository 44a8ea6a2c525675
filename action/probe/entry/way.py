"""The way in to the project's migrations: Alembic's Config, and what runs env.py with it."""

from __future__ import annotations

import argparse
from typing import Any, Sequence

from .asked import Asked
from .own_connection import outside_of_a_loop, with_connection_to, with_new_connections


class WayIn:
    """A Config that is finished, and how env.py runs with it."""

    def __init__(self, config: Any, x_args: Sequence[str] = (), *, note: str = "", missed: str = "") -> None:
        """Take over a Config; ``x_args`` are those of the user's settings."""
        self.missed = missed
        """Why no application was found that env.py could run in; empty where none was looked for."""
        self.config = config
        self.note = note
        """What was found to be the project's way in, in a sentence; empty for Alembic's own."""
        self.asked = Asked()
        self.asked.watch_attributes(config)
        self.url = ""
        """Where a connection leads that the project asks for."""
        self._gives_connection = False
        if x_args:
            config.cmd_opts = config.cmd_opts if config.cmd_opts is not None else argparse.Namespace()
            config.cmd_opts.x = list(x_args)

    def run(self, environment: Any, script: Any) -> None:
        """Run env.py in an environment that was not entered yet."""

        def entered() -> None:
            with environment:
                self.run_env(environment, script)

        self.asked.watch_arguments(environment)
        if self._gives_connection:
            outside_of_a_loop(lambda: with_connection_to(self.url, self.config, entered))
        else:
            outside_of_a_loop(lambda: with_new_connections(self.config, entered))

    def run_env(self, environment: Any, script: Any) -> None:
        """Run env.py in an environment that was entered."""
        script.run_env()

    def can_give_more(self, failure: BaseException) -> bool:
        """Tell whether env.py failed for want of a connection that it did not get yet, and will get from now on."""
        wanted = "connection" in self.asked.attributes and not self._gives_connection and bool(self.url)
        lacks = isinstance(failure, (KeyError, AttributeError, TypeError))
        self._gives_connection = self._gives_connection or (wanted and lacks)
        return wanted and lacks
