"""Running env.py, and proof of what it did: never trust in its exit code."""

from __future__ import annotations

from typing import Any, Callable, Iterable, List, Optional, Tuple

from alembic.runtime.environment import EnvironmentContext

from .load_failures import obstacle
from .protocol.event_fields import EnvironmentFields, GraphFields, ObstacleFields
from .redirect import Redirect
from .schema_names import schema_of
from .watching.frames import Places

Work = Callable[[Any, Any], Iterable[Any]]


def watch_configure(environment: Any, contexts: List[Any], redirect: Redirect) -> None:
    """Keep every MigrationContext that env.py configures; one on another kind of database is refused."""
    configure = environment.configure

    def watched(*args: Any, **kwargs: Any) -> None:
        configure(*args, **kwargs)
        redirect.require_postgresql(environment.get_context().dialect)
        contexts.append(environment.get_context())

    # On the instance: ``alembic.context`` takes over the methods of the instance, of this very class only.
    environment.configure = watched


class EnvRun:
    """One execution of env.py: what it reached, and what stopped it."""

    def __init__(self, config: Any, script: Any, redirect: Redirect, places: Places) -> None:
        self._config, self._script, self._redirect, self._places = config, script, redirect, places
        self.contexts: List[Any] = []
        self.reached = self.finished = 0
        self.failure: Optional[BaseException] = None

    def __call__(self, work: Work, **options: Any) -> "EnvRun":
        """Run env.py with ``work`` in place of a command's own; never raises."""

        def watched(rev: Any, context: Any) -> Iterable[Any]:
            self.reached += 1
            yield from work(rev, context)
            self.finished += 1

        del self._redirect.refused[:]
        options.setdefault("destination_rev", "heads")
        try:
            environment = EnvironmentContext(self._config, self._script, fn=watched, as_sql=False, **options)
            watch_configure(environment, self.contexts, self._redirect)
            with environment:
                self._script.run_env()
        except BaseException as failure:
            self.failure = failure
        return self

    @property
    def completed(self) -> bool:
        """Tell whether the work was reached and came to its end, whatever env.py did afterwards."""
        return self.reached > 0 and self.finished == self.reached

    def obstacle(self) -> Optional[ObstacleFields]:
        """Return what kept the work from being reached; None when it was reached."""
        if self._redirect.refused:
            return obstacle(self._redirect.refused[0], self._places)
        if self.failure is not None and not self.reached:
            return obstacle(self.failure, self._places)
        if not self.reached:
            offline = bool(self.contexts) and self.contexts[-1].connection is None
            return {"kind": "never-ran", "configured": bool(self.contexts), "offline": offline}
        return None


def facts_of(context: Any, schema: str, graph: GraphFields, unseen: List[Tuple[str, int]]) -> EnvironmentFields:
    """Return what a MigrationContext whose default schema is ``schema`` shows of the tree."""
    connection = context.connection
    options = context.opts
    return {
        **graph,
        "unseen": unseen,
        "version_table": context.version_table,
        "version_table_schema": schema_of(connection, context._version, schema),
        "driver": driver_of(connection.dialect),
        "metadata_given": options.get("target_metadata") is not None,
        "tables": len(frozenset(key for metadata in metadatas(context) for key in metadata.tables)),
        "transaction_per_migration": bool(options.get("transaction_per_migration")),
    }


def metadatas(context: Any) -> List[Any]:
    """Return every MetaData that env.py handed over; it may be one, a list, or None."""
    given = context.opts.get("target_metadata")
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple, set, frozenset)) else [given]


def driver_of(dialect: Any) -> str:
    """Return the driver with its version."""
    module = getattr(dialect, "dbapi", None)
    version = str(getattr(module, "__version__", "") or "").split(" ")[0]
    return ("%s %s" % (dialect.driver, version)).strip()
