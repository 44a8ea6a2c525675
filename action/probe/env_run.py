"""Running env.py, and proof of what it did: never trust in its exit code."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple

from alembic.runtime.environment import EnvironmentContext

from .engine_keys import key_of
from .entry.way import WayIn
from .load_failures import obstacle
from .needs import needs
from .protocol.event_fields import EngineFields, FactsFields, GivenFields, GraphFields, ObstacleFields
from .redirect import Redirect
from .schema_names import Name, default_schema, schema_of
from .watching.frames import Places

Work = Callable[[Any, Any], Iterable[Any]]


class Setup(NamedTuple):
    """One call of ``context.configure()``."""

    context: Any
    key: str
    """Of the engine that the connection belongs to."""
    models: Any
    """What was given as ``target_metadata``: the options of a context are replaced by the next call."""


class Configured:
    """What env.py configures in one run: a MigrationContext for each database, or each schema, that it migrates."""

    def __init__(self, environment: Any, redirect: Redirect) -> None:
        self.setups: List[Setup] = []
        self.names: Dict[str, str] = {}
        """Of engines by key, as env.py itself calls them."""
        self._environment, self._redirect = environment, redirect
        self._configure, self._run = environment.configure, environment.run_migrations
        # On the instance: ``alembic.context`` takes over the methods of the instance, of this very class only.
        environment.configure, environment.run_migrations = self._configured, self._named

    def _configured(self, *args: Any, **kwargs: Any) -> None:
        self._configure(*args, **kwargs)
        context = self._environment.get_context()
        self._redirect.require_postgresql(context.dialect)
        key = key_of(context.connection)
        if any(other == key and _waits_for(context, earlier) for earlier, other, _ in self.setups):
            name = key.split("/", 1)[-1]
            text = "migrates one database on two connections at once"
            raise self._redirect.refuse("same-database", text + (": both URLs name %s" % name if name else ""))
        self.setups.append(Setup(context, key, context.opts.get("target_metadata")))

    def _named(self, **kwargs: Any) -> None:
        if self.setups:
            key = self.setups[-1].key
            # ``run_migrations(engine_name=name)`` in Alembic's template "multidb".
            called = next((value for value in kwargs.values() if isinstance(value, str)), "")
            self.names.setdefault(key, called or key.split("/", 1)[-1])
        self._run(**kwargs)


def _waits_for(context: Any, earlier: Any) -> bool:
    """Tell whether a migration on one connection has to wait for another one that stays open meanwhile."""
    one, other = context.connection, earlier.connection
    if one is None or other is None or one is other or other.closed or not other.in_transaction():
        return False
    try:
        tables = [version_table_of(c, default_schema(c.connection)) for c in (context, earlier)]
    except Exception:  # a connection that cannot be asked is not known to wait
        return False
    return tables[0] == tables[1]


class EnvRun:
    """One execution of env.py: what it reached, and what stopped it."""

    def __init__(self, way: WayIn, script: Any, redirect: Redirect, places: Places) -> None:
        self._way, self._script, self._redirect, self._places = way, script, redirect, places
        self.configured: Optional[Configured] = None
        self.reached = self.finished = 0
        self.failure: Optional[BaseException] = None

    def __call__(self, work: Work, **options: Any) -> "EnvRun":
        """Run env.py with ``work`` in place of a command's own; never raises."""

        def watched(rev: Any, context: Any) -> Iterable[Any]:
            self.reached += 1
            yield from work(rev, context)
            self.finished += 1

        options = {"destination_rev": "heads", **options, "fn": watched, "as_sql": False}
        self._run(options)
        if self.failure is not None and not self.reached and self._way.can_give_more(self.failure):
            self._run(options)
        return self

    def _run(self, options: Dict[str, Any]) -> None:
        del self._redirect.refused[:]
        self.failure = None
        try:
            environment = EnvironmentContext(self._way.config, self._script, **options)
            self.configured = Configured(environment, self._redirect)
            self._way.run(environment, self._script)
        except BaseException as failure:
            self.failure = failure

    @property
    def contexts(self) -> List[Any]:
        """Return what env.py has configured, in its order."""
        return [setup.context for setup in self.setups]

    @property
    def setups(self) -> List[Setup]:
        """Return the calls of ``context.configure()``."""
        return self.configured.setups if self.configured is not None else []

    def number(self, context: Any) -> int:
        """Return the number of the engine of a context."""
        return self._redirect.engines.number(self.key(context))

    def key(self, context: Any) -> str:
        """Return the key of the engine of a context."""
        return next((key for other, key, _ in self.setups if other is context), "")

    def models(self, key: str) -> Optional[List[Any]]:
        """Return every MetaData that env.py gave for an engine, in one call or in several; None where it gave None."""
        given = [setup.models for setup in self.setups if setup.key == key and setup.models is not None]
        every = {id(metadata): metadata for models in given for metadata in as_list(models)}
        return list(every.values()) if given else None

    def version_tables(self, context: Any, schema: str) -> List[Tuple[str, str]]:
        """Return the version tables that other contexts of the same database have."""
        key = self.key(context)
        others = [setup.context for setup in self.setups if setup.key == key]
        found = dict.fromkeys(version_table_of(other, schema) for other in others)
        return [name for name in found if name != version_table_of(context, schema)]

    @property
    def completed(self) -> bool:
        """Tell whether the work was reached and came to its end, whatever env.py did afterwards."""
        return self.reached > 0 and self.finished == self.reached

    def obstacle(self) -> Optional[ObstacleFields]:
        """Return what kept the work from being reached; None when it was reached."""
        if self._redirect.refused:
            return obstacle(self._redirect.refused[0], self._places)
        if self.failure is not None and not self.reached:
            return needs(obstacle(self.failure, self._places), self.failure, self._way)
        if not self.reached:
            offline = bool(self.contexts) and self.contexts[-1].connection is None
            return {"kind": "never-ran", "configured": bool(self.contexts), "offline": offline}
        return None


def version_table_of(context: Any, default: str) -> Name:
    """Return schema and name of a context's version table, where ``default`` is its default schema."""
    return schema_of(context.connection, context._version, default), context.version_table


def facts_of(
    context: Any, schema: str, graph: GraphFields, unseen: List[Tuple[str, int]], engines: List[EngineFields]
) -> FactsFields:
    """Return what a MigrationContext whose default schema is ``schema`` shows of the tree."""
    own_schema, own_table = version_table_of(context, schema)
    return {
        **graph,
        "unseen": unseen,
        "version_table": own_table,
        "version_table_schema": own_schema,
        "driver": driver_of(context.connection.dialect),
        "transaction_per_migration": bool(context.opts.get("transaction_per_migration")),
        "engines": engines,
    }


def of_models(given: Optional[List[Any]]) -> GivenFields:
    """Return what is to be known of the models of one database."""
    tables = frozenset(key for metadata in given or () for key in metadata.tables)
    return {"metadata_given": given is not None, "tables": len(tables)}


def engines_of(run: EnvRun, schemas: Dict[str, str], redirect: Redirect) -> List[EngineFields]:
    """Return the databases that env.py migrates; none where that is a single one.

    ``schemas`` has the default schema by the key of the engine.
    """
    keys = [setup.key for setup in run.setups]
    if run.configured is None or len(frozenset(keys)) < 2:
        return []
    redirect.engines.learn(keys)
    found: Dict[int, EngineFields] = {}
    for context, key, _ in run.setups:
        number = redirect.engines.number(key)
        own_schema, own_table = version_table_of(context, schemas.get(key, "public"))
        found[number] = {
            **of_models(run.models(key)),
            "number": number,
            "key": key,
            "name": run.configured.names.get(key, key),
            "version_table": own_table,
            "version_table_schema": own_schema,
        }
    return [found[number] for number in sorted(found)]


def metadatas(context: Any) -> List[Any]:
    """Return every MetaData that env.py handed over, while it runs the context."""
    return as_list(context.opts.get("target_metadata"))


def as_list(given: Any) -> List[Any]:
    """Return what is given as ``target_metadata``: one, several, or none."""
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple, set, frozenset)) else [given]


def driver_of(dialect: Any) -> str:
    """Return the driver with its version."""
    module = getattr(dialect, "dbapi", None)
    version = str(getattr(module, "__version__", "") or "").split(" ")[0]
    return ("%s %s" % (dialect.driver, version)).strip()
