"""The legs: what a forked child does with env.py on one scratch database."""

from __future__ import annotations

import shlex
import subprocess
import traceback
from typing import Any, Dict, Iterable, Optional

from sqlalchemy.exc import DBAPIError

from . import candidate, filters, models, variables
from .obstacles import chain, deepest
from .redirect import Redirect
from .run import Run, default_schema, metadatas
from .watching.frames import Places
from .watching.recorder import Recorder, error_of
from .wire import Wire


class Operations:
    """Everything that can be done with a tree once it is loaded."""

    def __init__(
        self, request: Dict[str, Any], config: Any, script: Any, wire: Wire, redirect: Redirect, driver: str
    ) -> None:
        self.request, self.config, self.script, self.driver = request, config, script, driver
        self.wire, self.redirect = wire, redirect
        self.places = Places(request["root"], [str(folder) for folder in request["version_locations"]])
        self.recorder = Recorder(wire, self.places)

    def run(self) -> Run:
        """Return a fresh run of env.py."""
        return Run(self.config, self.script, self.redirect, self.places)

    def perform(self, request: Dict[str, Any]) -> None:
        """Do what one request asks, on its database."""
        self.redirect.point(self.request["server"], request["database"])
        # For connections that env.py makes by itself, from variables that it reads when it runs.
        place = dict(self.request["server"], database=request["database"])
        variables.set_variables(place, self.driver, self.request["env"])
        getattr(self, request["do"].replace("-", "_"))(request)

    def upgrade(self, request: Dict[str, Any]) -> None:
        """Upgrade to the target, telling every step and statement."""
        target = tuple(request["target"]) or "heads"
        script, recorder = self.script, self.recorder

        def work(rev: Any, context: Any) -> Iterable[Any]:
            recorder.version_table = context.version_table
            recorder.model_tables = frozenset(key for metadata in metadatas(context) for key in metadata.tables)
            for step in script._upgrade_revs(target, rev):
                recorder.begin_step(step.revision.revision)
                yield step
                recorder.end_step()

        self._told(self.run()(work, destination_rev=request["target"] or "heads"))

    def create(self, request: Dict[str, Any]) -> None:
        """Make the schema from the models alone, and stamp it."""

        def work(rev: Any, context: Any) -> Iterable[Any]:
            default = default_schema(context.connection)
            with context.begin_transaction(_per_migration=True):
                models.rebuild(context.connection, metadatas(context), default)
            yield from self.script._stamp_revs(tuple(request["target"]) or "heads", rev)

        self._told(self.run()(work))

    def initialize(self, request: Dict[str, Any]) -> None:
        """Run the user's own command that makes the base's schema, and stamp what it did not."""
        done = subprocess.run(shlex.split(request["command"]), check=False)
        if done.returncode:
            message = "the init command exited with code %d: %s" % (done.returncode, request["command"])
            self.wire.send("failed", revision=None, frames=[], traceback="", error="", message=message, sqlstate=None)
            return

        def work(rev: Any, context: Any) -> Iterable[Any]:
            yield from self.script._stamp_revs(tuple(request["target"]) or "heads", rev) if not rev else ()

        self._told(self.run()(work))

    def models(self, request: Dict[str, Any]) -> None:
        """Make the database what the models describe, and tell what counts in it."""
        told: Dict[str, Any] = {"unbuilt": None, "left_out": []}

        def work(rev: Any, context: Any) -> Iterable[Any]:
            given, connection = metadatas(context), context.connection
            default = default_schema(connection)
            told.update(models.describe(connection, given, default), default_schema=default)
            told["include_schemas"] = bool(context.opts.get("include_schemas"))
            told["hidden"] = filters.hidden(connection, given, context.opts, default)
            try:
                with context.begin_transaction(_per_migration=True):
                    told["extensions"] = models.rebuild(connection, given, default, told["left_out"])
            except Exception as failure:
                told["unbuilt"] = error_of(deepest(failure))["message"]
            return ()

        self._told(self.run()(work, dont_mutate=True), told)

    def candidate(self, request: Dict[str, Any]) -> None:
        """Have autogenerate write the missing migration, and apply it to this copy."""
        self.wire.send("result", **candidate.write(self, request))

    def apply(self, request: Dict[str, Any]) -> None:
        """Apply a migration that is given as text."""
        self.wire.send("result", **candidate.apply(self, request))

    def _told(self, run: Run, told: Optional[Dict[str, Any]] = None) -> None:
        failure = run.failure
        if self.recorder.step is not None and failure is not None and not self.redirect.refused:
            self._failed(failure)
        elif run.obstacle() is not None:
            self.wire.send("obstacle", **(run.obstacle() or {}))
        elif failure is not None and not isinstance(failure, SystemExit):
            self._failed(failure)
        self.wire.send("result", **(told or {}))

    def _failed(self, failure: BaseException) -> None:
        trace = "".join(traceback.format_exception(type(failure), failure, failure.__traceback__))
        failure = server_error(failure)
        self.wire.send(
            "failed",
            revision=self.recorder.step,
            frames=self.places.of_traceback(failure.__traceback__),
            traceback=trace[-8000:],
            **error_of(failure),
        )


def server_error(failure: BaseException) -> BaseException:
    """Return the server's error where the driver's own, such as at a commit, only came of it; else the failure."""
    if isinstance(failure, DBAPIError) and error_of(failure)["sqlstate"] is None:
        return next((link for link in chain(failure) if error_of(link)["sqlstate"] is not None), failure)
    return failure
