"""What the models describe, and a database made of nothing else: runs inside the project's own interpreter."""

from __future__ import annotations

from functools import partial
from typing import Any, Dict, Iterable, List, NamedTuple, Optional

from sqlalchemy.schema import CreateTable

from . import foreign_keys as across
from .named_types import named_types
from .patience import BATCH, Patience, at_once, attempt, commit, run_sql
from .protocol.event_fields import DescriptionFields
from .schema_names import Name, current_schema, name_of, translation


class Sequence(NamedTuple):
    """A sequence that a column owns."""

    name: Name
    table: Name
    column: str


def describe(connection: Any, metadatas: Iterable[Any], default_schema: str) -> DescriptionFields:
    """Describe what is on the metadata, by the catalog's names, as (schema, name) pairs.

    ``enums`` are the named types that the columns use or the metadata holds, domains among them; ``sequences`` stand
    alone; ``views`` are tables of the metadata that are no tables of the migrated database's own: views, foreign
    tables, members of extensions, and those marked ``info={"skip_autogenerate": True}`` that exist there.
    """
    metadatas = list(metadatas)
    tables = _tables(connection, metadatas, default_schema)
    kinds = _relations(connection)
    found_types = named_types(connection, metadatas, default_schema)
    sequences = _sequences(connection, metadatas, default_schema)
    schemas = {default_schema, *(schema for schema, _ in [*tables, *found_types, *sequences])}
    return {
        "tables": sorted(tables),
        "enums": sorted(found_types),
        "sequences": sorted(sequences),
        "views": sorted(name for name, table in tables.items() if _kept(table, kinds.get(name))),
        "schemas": sorted(schemas),
    }


def rebuild(
    connection: Any, metadatas: Iterable[Any], default_schema: str, left_out: Optional[List[str]] = None
) -> List[str]:
    """Replace the models' own tables, types and sequences by what ``create_all`` makes.

    The database is a copy of the migrated one; what only migrations make (extensions, schemas, functions) stays.
    Return the extensions that had to be created; ``left_out`` takes the indexes and constraints whose name the models
    use twice. In a large schema it commits as it goes; the last transaction is
    committed only when it began it itself. Raises what the server or SQLAlchemy raises.
    """
    own = None if connection.in_transaction() else connection.begin()
    patience, metadatas = Patience(connection), list(metadatas)
    try:
        before = _enter(connection, default_schema)
        across.link(connection, metadatas, default_schema)
        models = _tables(connection, metadatas, default_schema)
        _replace(connection, across.in_order(metadatas), models, default_schema, patience)
        run_sql(connection, "SET search_path TO " + before)
    except BaseException:
        if own is not None:
            own.rollback()
        raise
    if own is not None:
        own.commit()
    if left_out is not None:
        left_out.extend(patience.left_out)
    return patience.extensions


def require_one_definition(connection: Any, metadatas: Iterable[Any], default_schema: str) -> None:
    """Raise ValueError where two metadatas have different tables of one name: only one of them can be made."""
    found: Dict[Name, Any] = {}
    for table in (table for metadata in metadatas for table in metadata.tables.values()):
        name = name_of(connection, table, default_schema)
        other = found.setdefault(name, table)
        if other is not table and _definition(other, connection.dialect) != _definition(table, connection.dialect):
            raise ValueError("target_metadata has two different tables called {0}.{1}".format(*name))


def _definition(table: Any, dialect: Any) -> str:
    create = CreateTable(table, include_foreign_key_constraints=[])
    return str(create.compile(dialect=dialect))


def _enter(connection: Any, default_schema: str) -> str:
    """Make the default schema the first of the search path, and return the path as it was."""
    [(path,)] = run_sql(connection, "SELECT current_setting('search_path')")
    # Names that the engine translates are qualified, and what SQL says without a schema still means what it did.
    if default_schema not in (current_schema(connection), translation(connection)):
        run_sql(connection, "CREATE SCHEMA IF NOT EXISTS {0}".format(_quoted(default_schema)))
        run_sql(connection, "SET search_path TO {0}, {1}".format(_quoted(default_schema), path or "public"))
    return path or "''"


def _replace(
    connection: Any, metadatas: List[Any], models: Dict[Name, Any], default_schema: str, patience: Patience
) -> None:
    kinds = _relations(connection)
    tables = {name: table for name, table in models.items() if not _kept(table, kinds.get(name))}
    found_types = named_types(connection, metadatas, default_schema)
    sequences = _sequences(connection, metadatas, default_schema)
    functions = _functions(connection)
    detached = _detach(connection, tables, sequences)
    _drop(connection, "TABLE", [name for name in tables if name in kinds])
    _drop(connection, "TYPE", _own_types(connection, found_types))
    _drop(connection, "SEQUENCE", sequences)
    for schema in sorted({schema for schema, _ in [*tables, *found_types, *sequences]}):
        run_sql(connection, "CREATE SCHEMA IF NOT EXISTS " + _quoted(schema))
    create = partial(_create, connection, metadatas, tables, found_types, functions)
    # Most models need no patience, and are built in a third of the round trips without it.
    if len(tables) > BATCH or not at_once(connection, create):
        with patience:
            create()
    _attach(connection, detached)


def _create(
    connection: Any,
    metadatas: List[Any],
    tables: Dict[Name, Any],
    found_types: Dict[Name, Any],
    functions: Dict[str, str],
) -> None:
    present = {(s, n) for s, n in run_sql(connection, _TYPES)}
    for name, type_ in found_types.items():
        if name not in present:
            type_.create(connection, checkfirst=False)
    _restore(connection, functions)
    names = {id(table): name for name, table in tables.items()}
    wanted = {id(m): [table for table in m.tables.values() if id(table) in names] for m in metadatas}
    with across.detached(metadatas, wanted) as keys:
        for metadata in metadatas:
            metadata.create_all(connection, tables=wanted[id(metadata)], checkfirst=True)
            # A table of the same name further down the search path makes SQLAlchemy believe that it is there already.
            made = _relations(connection)
            missed = [table for table in wanted[id(metadata)] if names[id(table)] not in made]
            if missed:
                metadata.create_all(connection, tables=missed, checkfirst=False)
        across.attach(connection, keys)


def _tables(connection: Any, metadatas: Iterable[Any], default_schema: str) -> Dict[Name, Any]:
    found: Dict[Name, Any] = {}
    for metadata in metadatas:
        for table in metadata.tables.values():
            found.setdefault(name_of(connection, table, default_schema), table)
    return found


def _quoted(*names: str) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _kept(table: Any, kind: Optional[str]) -> bool:
    """Tell whether the relation that the database has under a table's name is not ours to replace."""
    if kind is None:
        return False
    return kind not in ("r", "p") or bool(table.info.get("skip_autogenerate"))


def _relations(connection: Any) -> Dict[Name, str]:
    """Return the kind of every relation: as in pg_class.relkind, ``e`` for members of extensions."""
    return {(schema, name): kind for schema, name, kind in run_sql(connection, _RELATIONS)}


def _sequences(connection: Any, metadatas: Iterable[Any], default_schema: str) -> List[Name]:
    return [
        name_of(connection, sequence, default_schema)
        for metadata in metadatas
        for sequence in metadata._sequences.values()
        if not (sequence.optional and connection.dialect.sequences_optional)
    ]


def _own_types(connection: Any, found_types: Iterable[Name]) -> List[Name]:
    present = {(schema, name) for schema, name in run_sql(connection, _TYPES)}
    return [name for name in found_types if name in present]


def _drop(connection: Any, what: str, names: List[Name]) -> None:
    cursor = connection.connection.cursor()
    for start in range(0, len(names), BATCH):
        listed = ", ".join(_quoted(*name) for name in names[start : start + BATCH])
        run_sql(connection, "DROP {0} IF EXISTS {1} CASCADE".format(what, listed), cursor)
        if start + BATCH < len(names):
            commit(cursor)
    cursor.close()


def _functions(connection: Any) -> Dict[str, str]:
    return dict(run_sql(connection, _FUNCTIONS))


def _restore(connection: Any, functions: Dict[str, str]) -> None:
    """Make again the functions that went with the types and tables in their signatures, where that is possible yet."""
    present = _functions(connection)
    lost = [definition for signature, definition in functions.items() if signature not in present]
    cursor = connection.connection.cursor() if lost else None
    for definition in lost:
        # Where it takes the row of a table that is not there yet, nothing that create_all runs can need it.
        attempt(cursor, partial(run_sql, connection, definition, cursor))


def _detach(connection: Any, tables: Dict[Name, Any], sequences: List[Name]) -> List[Sequence]:
    """Keep the owned sequences that a model's own server default may name; the tables take the others with them."""
    defaults = [getattr(c.server_default, "arg", None) for table in tables.values() for c in table.columns]
    if not any("nextval" in _text(default, connection.dialect) for default in defaults if default is not None):
        return []
    owned = [Sequence((r[0], r[1]), (r[2], r[3]), r[4]) for r in run_sql(connection, _OWNED)]
    detached = [s for s in owned if s.table in tables and s.name not in sequences]
    for sequence in detached:
        run_sql(connection, "ALTER SEQUENCE {0} OWNED BY NONE".format(_quoted(*sequence.name)))
    return detached


def _text(expression: Any, dialect: Any) -> str:
    """Return an expression as this dialect writes it; a construct of the project's own may know no other."""
    return str(expression.compile(dialect=dialect)) if hasattr(expression, "compile") else str(expression)


def _attach(connection: Any, detached: List[Sequence]) -> None:
    """Give the kept sequences back to the columns whose defaults use them again, and drop the rest."""
    used = {(r[0], r[1]): ((r[2], r[3]), r[4]) for r in run_sql(connection, _USED)} if detached else {}
    for sequence in detached:
        if sequence.name not in used:
            run_sql(connection, "DROP SEQUENCE " + _quoted(*sequence.name))
        elif used[sequence.name] == (sequence.table, sequence.column):
            owner = _quoted(*sequence.table, sequence.column)
            run_sql(connection, "ALTER SEQUENCE {0} OWNED BY {1}".format(_quoted(*sequence.name), owner))


_USER = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_RELATIONS = (
    "SELECT n.nspname::text, c.relname::text, CASE WHEN e.objid IS NULL THEN c.relkind::text ELSE 'e' END"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND " + _USER
)
_TYPES = (
    "SELECT n.nspname::text, t.typname::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
    " WHERE t.typtype IN ('e', 'd') AND " + _USER
)
_FUNCTIONS = (
    "SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid)"
    " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE p.prokind IN ('f', 'p') AND " + _USER + " AND NOT EXISTS (SELECT FROM pg_depend e"
    " WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e') ORDER BY p.oid"
)
_OWNED = (
    "SELECT n.nspname::text, s.relname::text, m.nspname::text, c.relname::text, a.attname::text"
    " FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
    " JOIN pg_namespace n ON n.oid = s.relnamespace JOIN pg_class c ON c.oid = d.refobjid"
    " JOIN pg_namespace m ON m.oid = c.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid"
    " WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'"
)
_USED = (
    "SELECT n.nspname::text, s.relname::text, m.nspname::text, c.relname::text, a.attname::text"
    " FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'"
    " JOIN pg_namespace n ON n.oid = s.relnamespace JOIN pg_class c ON c.oid = f.adrelid"
    " JOIN pg_namespace m ON m.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.adnum"
    " WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass"
)
