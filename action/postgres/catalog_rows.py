"""Turns the rows of the queries of a schema into its objects.

Names are those of the catalog, several of them a tuple; every expression is the server's own deparsed text with all
names in it qualified. The kinds and their attributes (``None``: absent or the server's default):

- ``schema``: comment, privileges; ``extension``: version, comment
- ``table``: relation (``partitioned table``, …), persistence, partition_key, partition_bound, parents (what it
  inherits or is a partition of, in order), is_partition, comment, options (``name=value`` each), tablespace,
  access_method, row_security, force_row_security, replica_identity, clustered (the index of ``CLUSTER ON``)
- ``column``: type (as SQL), named_type (schema and name of the enum or domain that it has, alone or as an array),
  not_null, default, sequence (schema and name of the one that the default draws from and does nothing else),
  serial (the column owns that sequence), sequence_max (of that sequence, where serial), generated, generated_kind,
  identity, identity_options, collation, comment, inherited, storage, statistics (the target), options, compression,
  privileges
- ``constraint``: type, definition (what follows its name in ``ADD CONSTRAINT``), columns (in the key's order),
  expression (of a check, as one would write it), validated, no_inherit, deferrable, deferred, inherited, comment,
  index (the definition of the backing index)
- ``index`` (not those behind a constraint): definition (what follows the table in ``CREATE INDEX``), unique, valid,
  columns (every column that it uses, sorted), is_partition, comment, tablespace, statistics (``1=500``: of its
  first column), relation (``materialized view``; None for a table)
- ``enum``: values, comment, privileges
- ``domain``: type, not_null, default, collation, checks (a definition each), check_names (of these),
  comment, privileges
- ``sequence``: type, options, comment, owned_by (schema, table and column), identity

All others have a definition, and of these attributes those that are set: comment, privileges, options, tablespace,
access_method, column_comments (``title IS 'Of a book'`` each), statistics, state (``DISABLED``, ``REPLICA`` or
``ALWAYS``), relation (what a trigger, a rule or privileges belong to where it is no table), and

- ``view``, ``materialized view``, ``function``, ``procedure``, ``aggregate``, ``trigger``, ``rule``, ``policy``,
  ``statistics``, ``composite type``, ``range type``, ``collation``, ``event trigger``, ``foreign data wrapper``,
  ``server``, ``operator``, ``operator class``, ``cast``, ``text search configuration``, ``text search dictionary``
- ``grant`` (of a relation; name: the role, never the owner)
- ``default privileges``: objects (``TABLES``, …), role (where it is another one than that of the connection)
- ``statistics``: of_table (schema and name), columns
- ``user mapping``: server

Privileges are what differs from the built-in ones: ``GRANT USAGE TO app``, ``REVOKE EXECUTE FROM PUBLIC``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from action.postgres.acl import of_columns, privileges
from action.probe.protocol.caps import capped
from checks.recording.schema import Attribute, SchemaObject

CONSTRAINT_TYPES = {"p": "primary key", "u": "unique", "f": "foreign key", "c": "check", "x": "exclusion"}
_LONGEST = 1_000_000
"""Characters of an attribute, such as a comment or the body of a function."""
TABLE_KINDS = {"r": "table", "p": "partitioned table", "f": "foreign table"}
PERSISTENCE = {"p": None, "u": "UNLOGGED", "t": "TEMPORARY"}
IDENTITY = {"": None, "a": "ALWAYS", "d": "BY DEFAULT"}
GENERATED = {"": None, "s": "STORED", "v": "VIRTUAL"}
STORAGE = {"p": "PLAIN", "e": "EXTERNAL", "x": "EXTENDED", "m": "MAIN"}
COMPRESSION = {"p": "pglz", "l": "lz4"}
REPLICA_IDENTITY = {"d": None, "n": "NOTHING", "f": "FULL", "i": "USING INDEX"}
LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
Row = Sequence[Any]


def _object(kind: str, schema: str, table: str | None, name: str, **attributes: Attribute) -> SchemaObject:
    within = {key: _within(value) for key, value in attributes.items()}
    return SchemaObject(kind=kind, schema=schema, table=table, name=name, attributes=within)


def _within(value: Attribute) -> Attribute:
    """Return the same, but of a text without end its beginning and a digest: it still differs where it differed."""
    if isinstance(value, tuple):
        return tuple(map(str, map(_within, value)))
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return value
    digest = hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{capped(value, _LONGEST)} [SHA-256 {digest}]"


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def schema_of(row: Row) -> SchemaObject:
    """Return a schema."""
    return _object("schema", row[0], None, row[0], comment=row[1], privileges=privileges(row[2], "schema"))


def extension_of(row: Row) -> SchemaObject:
    """Return an extension."""
    return _object("extension", "", None, row[0], version=row[1], comment=row[2])


def other_of(row: Row) -> SchemaObject:
    """Return an object of any other kind; the last value of its row is what it has besides its definition."""
    more = dict(row[5])
    acl, of_view, objects = more.pop("acl", None), more.pop("column_privileges", None), more.get("objects")
    # Default privileges of one schema are added to those of the whole database.
    more["privileges"] = privileges(acl, objects or row[0], adds=bool(objects and row[1])) or of_columns(of_view)
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in more.items()
        if value not in (None, [])
    }
    return _object(row[0], row[1], row[2], row[3], definition=row[4], **given)


def table_of(row: Row) -> SchemaObject:
    """Return a table."""
    return _object(
        "table",
        row[0],
        None,
        row[1],
        relation=TABLE_KINDS[row[2]],
        persistence=PERSISTENCE[row[3]],
        partition_key=row[4],
        is_partition=row[5],
        parents=_tuple(row[6]),
        partition_bound=row[7],
        comment=row[8],
        options=_tuple(row[9]),
        tablespace=row[10],
        access_method=row[11] if row[11] != "heap" else None,
        row_security=row[12],
        force_row_security=row[13],
        replica_identity=" ".join(filter(None, (REPLICA_IDENTITY[row[14]], row[15]))) or None,
        clustered=row[16],
    )


def columns_of(rows: list[Row], sequences: list[Row]) -> Iterator[SchemaObject]:
    """Yield the columns; ``sequences`` are the rows of all sequences."""
    by_name = {(sequence[0], sequence[1]): sequence for sequence in sequences}
    identities = {(sequence[11], sequence[12]): sequence for sequence in sequences if sequence[10] == "i"}
    for row in rows:
        place = (row[12], row[13])
        drawn = by_name.get((row[14][0], row[14][1])) if row[14] else None
        owned = drawn if drawn is not None and (drawn[11], drawn[12]) == place else None
        yield _column(row, owned, identities.get(place) if row[7] else None)


def _storage(letters: str | None) -> str | None:
    """Return the storage of a column that has not its type's: ``EXTERNAL in place of EXTENDED``."""
    return " in place of ".join(STORAGE[letter] for letter in letters) if letters else None


def _column(row: Row, owned: Row | None, identity: Row | None) -> SchemaObject:
    """Return a column; ``owned`` is the sequence of a serial, ``identity`` that of an identity."""
    expression, generated = row[5], GENERATED[row[6]]
    return _object(
        "column",
        row[0],
        row[1],
        row[2],
        type=row[3],
        named_type=_tuple(row[15]),
        not_null=row[4],
        default=None if generated else expression,
        sequence=_tuple(row[14]),
        serial=owned is not None,
        sequence_max=owned[6] if owned else None,
        generated=expression if generated else None,
        generated_kind=generated,
        identity=IDENTITY[row[7]],
        identity_options=sequence_options(identity) if identity else None,
        collation=row[8],
        comment=row[9],
        inherited=not row[10],
        storage=_storage(row[11]),
        statistics=row[16],
        options=_tuple(row[17]),
        privileges=privileges(row[18], "column"),
        compression=COMPRESSION.get(row[19]),
    )


def sequence_options(row: Row) -> str | None:
    """Return what differs from the defaults of ``CREATE SEQUENCE`` for the sequence's type, as SQL."""
    _, _, data_type, start, increment, low, high, cache, cycle = row[:9]
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


def sequence_of(row: Row) -> SchemaObject:
    """Return a sequence."""
    return _object(
        "sequence",
        row[0],
        None,
        row[1],
        type=row[2],
        options=sequence_options(row),
        comment=row[9],
        owned_by=_tuple(row[13]),
        identity=row[10] == "i",
    )


def constraint_of(row: Row) -> SchemaObject:
    """Return a constraint."""
    return _object(
        "constraint",
        row[0],
        row[1],
        row[2],
        type=CONSTRAINT_TYPES[row[3]],
        definition=row[4],
        columns=tuple(row[5] or ()),
        expression=row[11],
        validated=row[12],
        no_inherit=row[13],
        deferrable=row[14],
        deferred=row[15],
        inherited=row[6],
        comment=row[7],
        index=_without_name(row[8], row[9], row[10]) if row[8] else None,
    )


def index_of(row: Row) -> SchemaObject:
    """Return an index."""
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
        columns=tuple(row[11] or ()),
        statistics=_tuple(row[12]),
        relation=row[13],
    )


def _without_name(definition: str, index: str, table: str) -> str:
    """Return ``USING btree (a)`` of ``CREATE UNIQUE INDEX name ON ONLY schema.table USING btree (a)``.

    The catalog keeps operator classes, collations, sort orders and parameters of an index apart, and later versions add
    more: only ``pg_get_indexdef`` puts them together, and it has no form without the names.
    """
    _, _, rest = definition.partition(f"INDEX {index} ON ")
    return rest.removeprefix("ONLY ").removeprefix(f"{table} ")


def enum_of(row: Row) -> SchemaObject:
    """Return an enum."""
    return _object(
        "enum", row[0], None, row[1], values=tuple(row[2] or ()), comment=row[3], privileges=privileges(row[4], "enum")
    )


def domain_of(row: Row) -> SchemaObject:
    """Return a domain."""
    return _object(
        "domain",
        row[0],
        None,
        row[1],
        type=row[2],
        not_null=row[3],
        default=row[4],
        collation=row[5],
        checks=tuple(row[6] or ()),
        comment=row[7],
        privileges=privileges(row[8], "domain"),
        check_names=tuple(row[9] or ()),
    )
