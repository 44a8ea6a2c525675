"""Reading a database's whole schema, as plain rows that two databases can be compared by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import connection as Connection

from action.postgres import catalog_queries as queries
from checks.recording.schema import Attribute, Schema, SchemaObject

# An empty path makes the server qualify every name that is not its own; the rest fixes how it writes constants.
READING = {
    "search_path": "",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "quote_all_identifiers": "off",
    "jit": "off",  # compiling the queries takes longer than running them
}
CONSTRAINT_TYPES = {"p": "primary key", "u": "unique", "f": "foreign key", "c": "check", "x": "exclusion"}
TABLE_KINDS = {"r": "table", "p": "partitioned table", "f": "foreign table"}
PERSISTENCE = {"p": None, "u": "UNLOGGED", "t": "TEMPORARY"}
IDENTITY = {"": None, "a": "ALWAYS", "d": "BY DEFAULT"}
GENERATED = {"": None, "s": "STORED", "v": "VIRTUAL"}
REPLICA_IDENTITY = {"d": None, "n": "NOTHING", "f": "FULL", "i": "USING INDEX"}
LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
Row = Sequence[Any]


def read_schema(connection: Connection) -> Schema:
    """Read every object of the database outside system schemas and extensions, from pg_catalog.

    Names are those of the catalog; every expression is the server's own deparsed text with all names qualified. The
    kinds and their attributes (``None``: absent or the server's default):

    - ``schema``; ``extension``: version
    - ``table``: relation (``partitioned table``, …), persistence, partition_key, partition_bound, parents (what it
      inherits or is a partition of), is_partition, comment, options, tablespace, access_method, row_security,
      force_row_security, replica_identity
    - ``column``: type, not_null, default, serial (the default is the sequence that the column owns), sequence_max (of
      that sequence), generated, generated_kind, identity, identity_options, collation, comment, inherited, storage
    - ``constraint``: type, definition, columns, inherited, comment, index (the backing index, without its name)
    - ``index`` (not those behind a constraint): definition (without its name), unique, valid, columns (every column
      that it uses, sorted), is_partition, comment, tablespace
    - ``enum``: values (JSON), sql_name, comment
    - ``domain``: type, not_null, default, collation, checks (JSON), sql_name
    - ``sequence``: type, options, comment, owned_by, identity
    - ``view``, ``materialized view``, ``function``, ``procedure``, ``aggregate``, ``trigger``, ``rule``, ``policy``,
      ``statistics``, ``composite type``, ``range type``, ``collation``, ``grant`` (name: the role; never the owner's),
      ``event trigger``: definition

    The connection's settings are put back afterwards. Raises ``psycopg2.Error``.
    """
    with _reading(connection) as cursor:
        sequences = _rows(cursor, queries.SEQUENCES)
        found = [
            *(_object("schema", r[0], None, r[0]) for r in _rows(cursor, queries.SCHEMAS)),
            *(_object("extension", "", None, r[0], version=r[1]) for r in _rows(cursor, queries.EXTENSIONS)),
            *map(_table, _rows(cursor, queries.TABLES)),
            *_columns(_rows(cursor, queries.COLUMNS), sequences),
            *map(_sequence, sequences),
            *map(_constraint, _rows(cursor, queries.CONSTRAINTS)),
            *map(_index, _rows(cursor, queries.INDEXES)),
            *map(_enum, _rows(cursor, queries.ENUMS)),
            *map(_domain, _rows(cursor, queries.DOMAINS)),
            *(_object(r[0], r[1], r[2], r[3], definition=r[4]) for r in _rows(cursor, queries.OTHERS)),
        ]
    return Schema(objects=tuple(sorted(found, key=lambda o: o.key)))


@contextmanager
def _reading(connection: Connection) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s)", (list(READING),))
        before = dict(cursor.fetchall())
        _set(cursor, READING)
        yield cursor
        _set(cursor, before)


def _set(cursor: Any, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        cursor.execute("SELECT pg_catalog.set_config(%s, %s, false)", (name, value))


def _rows(cursor: Any, query: str) -> list[Row]:
    cursor.execute(query)
    rows: list[Row] = cursor.fetchall()
    return rows


def _object(kind: str, schema: str, table: str | None, name: str, **attributes: Attribute) -> SchemaObject:
    return SchemaObject(kind=kind, schema=schema, table=table, name=name, attributes=attributes)


def _table(row: Row) -> SchemaObject:
    return _object(
        "table",
        row[0],
        None,
        row[1],
        relation=TABLE_KINDS[row[2]],
        persistence=PERSISTENCE[row[3]],
        partition_key=row[4],
        is_partition=row[5],
        parents=row[6],
        partition_bound=row[7],
        comment=row[8],
        options=row[9],
        tablespace=row[10],
        access_method=row[11] if row[11] != "heap" else None,
        row_security=row[12],
        force_row_security=row[13],
        replica_identity=REPLICA_IDENTITY[row[14]],
    )


def _columns(rows: list[Row], sequences: list[Row]) -> Iterator[SchemaObject]:
    owned: dict[tuple[int, int], list[Row]] = {}
    for sequence in sequences:
        owned.setdefault((sequence[12], sequence[13]), []).append(sequence)
    for row in rows:
        yield _column(row, owned.get((row[12], row[13]), []))


def _column(row: Row, owned: list[Row]) -> SchemaObject:
    expression, generated = row[5], GENERATED[row[6]]
    behind = next((s for s in owned if s[11] == "i"), None) if row[7] else _behind(expression, owned)
    serial = behind is not None and not row[7]
    return _object(
        "column",
        row[0],
        row[1],
        row[2],
        type=row[3],
        not_null=row[4],
        default=None if generated else expression,
        serial=serial,
        sequence_max=behind[7] if behind and serial else None,
        generated=expression if generated else None,
        generated_kind=generated,
        identity=IDENTITY[row[7]],
        identity_options=sequence_options(behind) if behind and row[7] else None,
        collation=row[8],
        comment=row[9],
        inherited=not row[10],
        storage=row[11],
    )


def _behind(default: str | None, owned: list[Row]) -> Row | None:
    for sequence in owned:
        literal = "'" + sequence[2].replace("'", "''") + "'"
        if default == f"nextval({literal}::regclass)":
            return sequence
    return None


def sequence_options(row: Row) -> str | None:
    """Return what differs from the defaults of ``CREATE SEQUENCE`` for the sequence's type, as SQL."""
    _, _, _, data_type, start, increment, low, high, cache, cycle = row[:10]
    up, limit = increment > 0, LIMITS[data_type]
    default_low, default_high = (1, limit - 1) if up else (-limit, -1)
    parts = [
        f"INCREMENT BY {increment}" if increment != 1 else "",
        f"MINVALUE {low}" if low != default_low else "",
        f"MAXVALUE {high}" if high != default_high else "",
        f"START WITH {start}" if start != (low if up else high) else "",
        f"CACHE {cache}" if cache != 1 else "",
        "CYCLE" if cycle else "",
    ]
    return " ".join(part for part in parts if part) or None


def _sequence(row: Row) -> SchemaObject:
    return _object(
        "sequence",
        row[0],
        None,
        row[1],
        type=row[3],
        options=sequence_options(row),
        comment=row[10],
        owned_by=f"{row[14]}.{row[15]}" if row[11] else None,
        identity=row[11] == "i",
    )


def _constraint(row: Row) -> SchemaObject:
    return _object(
        "constraint",
        row[0],
        row[1],
        row[2],
        type=CONSTRAINT_TYPES[row[3]],
        definition=row[4],
        columns=row[5],
        inherited=row[6],
        comment=row[7],
        index=_without_name(row[8], row[9], row[10]) if row[8] else None,
    )


def _index(row: Row) -> SchemaObject:
    return _object(
        "index",
        row[0],
        row[1],
        row[2],
        definition=_without_name(row[3], row[4], row[5]),
        unique=row[6],
        valid=row[7],
        is_partition=row[8],
        comment=row[9],
        tablespace=row[10],
        columns=row[11],
    )


def _without_name(definition: str, index: str, table: str) -> str:
    """Return ``UNIQUE USING btree (a)`` of ``CREATE UNIQUE INDEX name ON ONLY schema.table USING btree (a)``."""
    head, _, rest = definition.partition(f"INDEX {index} ON ")
    rest = rest.removeprefix("ONLY ").removeprefix(f"{table} ")
    return f"{head.removeprefix('CREATE ')}{rest}"


def _enum(row: Row) -> SchemaObject:
    return _object("enum", row[0], None, row[1], values=row[2] or "[]", sql_name=row[3], comment=row[4])


def _domain(row: Row) -> SchemaObject:
    return _object(
        "domain",
        row[0],
        None,
        row[1],
        type=row[2],
        not_null=row[3],
        default=row[4],
        collation=row[5],
        checks=row[6] or "[]",
        sql_name=row[7],
    )
