"""What a database has, by the numbers that PostgreSQL keeps through a rename: oid and attnum."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from psycopg2.extensions import connection as Connection

from action.postgres.catalog_queries import USER_SCHEMA

RELATION_KINDS = {
    "r": "table",
    "p": "table",
    "f": "foreign table",
    "v": "view",
    "m": "materialized view",
    "S": "sequence",
}
ROUTINE_KINDS = {"f": "function", "p": "procedure", "a": "aggregate", "w": "function"}


class ColumnId(NamedTuple):
    """A column, by its relation's oid and its own number."""

    relation: int
    number: int


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view or sequence."""

    oid: int
    schema: str
    name: str
    kind: str
    file: int
    """Of its rows: TRUNCATE and a rewrite give it another one."""
    is_partition: bool
    types: str
    """Number and type of each column, to be compared only."""

    @property
    def is_partitioned(self) -> bool:
        """Return whether its rows are in its partitions: then it has no file."""
        return self.kind == "table" and self.file == 0

    @property
    def path(self) -> tuple[str, str]:
        """Return schema and name."""
        return self.schema, self.name


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column of a table."""

    id: ColumnId
    name: str
    type: str
    """As SQL writes it; of a domain, that of its values."""
    enum: int | None
    """The oid of the enum that its values, or their elements, are of."""
    is_computed: bool


@dataclass(frozen=True, slots=True)
class Identities:
    """What a database has."""

    relations: dict[int, Relation]
    routines: dict[int, tuple[str, str, str]]
    """From the oid of a function to its kind, schema and name."""
    labels: dict[int, dict[int, str]]
    """From the oid of an enum to its labels by their own oids."""
    enums: dict[int, tuple[str, str]]
    """From the oid of an enum to its schema and name."""
    by_path: dict[tuple[str, str], Relation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the relations by name."""
        self.by_path.update({one.path: one for one in self.relations.values()})


_NOT_OF_EXTENSION = (
    "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{0}'::regclass AND e.objid = {1} AND e.deptype = 'e')"
)
_RELATIONS = f"""
SELECT c.oid::int8, n.nspname, c.relname, c.relkind::text, c.relfilenode::int8, c.relispartition,
       (SELECT string_agg(a.attnum || ' ' || a.atttypid || ' ' || a.atttypmod, ',' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'S')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND {USER_SCHEMA} AND {_NOT_OF_EXTENSION.format("pg_class", "c.oid")}
 ORDER BY c.oid"""
_ROUTINES = f"""
SELECT p.oid::int8, p.prokind::text, n.nspname, p.proname
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE {USER_SCHEMA} AND {_NOT_OF_EXTENSION.format("pg_proc", "p.oid")} ORDER BY p.oid"""
_LABELS = """
SELECT t.oid::int8, n.nspname, t.typname, l.oid::int8, l.enumlabel
  FROM pg_enum l JOIN pg_type t ON t.oid = l.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace
 ORDER BY t.oid, l.enumsortorder"""
COLUMN = """a.attrelid::int8, a.attnum, a.attname,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
            ELSE format_type(a.atttypid, a.atttypmod) END"""
"""Its table's oid, number, name, and type: of a domain, that of its values."""
OF_COLUMNS = """FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  JOIN pg_type e ON e.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype
                                 WHEN t.typtype = 'b' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
 WHERE a.attrelid = ANY(%s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped"""
"""``t`` is the type of a column ``a``, and ``e`` that of its values: of a domain, or of the entries of an array."""
_COLUMNS = f"""
SELECT {COLUMN}, CASE WHEN e.typtype = 'e' THEN e.oid::int8 END, a.attgenerated <> ''
  {OF_COLUMNS} ORDER BY 1, 2"""


def read_identities(connection: Connection, without: tuple[str, str]) -> Identities:
    """Return what a database has; ``without`` is schema and name of a table that is left out."""
    with connection.cursor() as cursor:
        relations = {
            row[0]: Relation(row[0], row[1], row[2], RELATION_KINDS[row[3]], row[4], row[5], row[6] or "")
            for row in _rows(cursor, _RELATIONS)
            if (row[1], row[2]) != without
        }
        routines = {oid: (ROUTINE_KINDS[kind], *path) for oid, kind, *path in _rows(cursor, _ROUTINES)}
        labels: dict[int, dict[int, str]] = {}
        enums = {}
        for oid, schema, name, number, label in _rows(cursor, _LABELS):
            labels.setdefault(oid, {})[number] = label
            enums[oid] = (schema, name)
    return Identities(relations, routines, labels, enums)


def read_columns(connection: Connection, relations: Collection[int]) -> dict[ColumnId, ColumnFacts]:
    """Return the columns of some relations, in their order."""
    with connection.cursor() as cursor:
        rows = _rows(cursor, _COLUMNS, (list(relations),)) if relations else []
    found = (ColumnFacts(ColumnId(oid, number), *facts) for oid, number, *facts in rows)
    return {column.id: column for column in found}


def _rows(cursor: Any, query: str, values: Sequence[object] | Mapping[str, object] | None = None) -> list[Any]:
    cursor.execute(query, values)
    return list(cursor.fetchall())


_DEPENDENTS = """
WITH RECURSIVE gone(root, number, classid, objid, objsubid) AS (
  SELECT r.oid, r.number, 'pg_class'::regclass::oid, r.oid, r.number
    FROM unnest(%(oids)s::oid[], %(numbers)s::int[]) r(oid, number)
  UNION
  SELECT g.root, g.number, d.classid, d.objid, d.objsubid
    FROM gone g
    JOIN LATERAL (
      SELECT d.classid, d.objid, d.objsubid FROM pg_depend d
       WHERE d.refclassid = g.classid AND d.refobjid = g.objid AND d.deptype IN ('n', 'a', 'i', 'P', 'S')
         AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
      UNION ALL
      SELECT 'pg_class'::regclass::oid, w.ev_class, 0 FROM pg_rewrite w
       WHERE g.classid = 'pg_rewrite'::regclass AND w.oid = g.objid AND w.rulename = '_RETURN'
    ) d ON true
)
SELECT DISTINCT g.root::int8, g.number, o.type, o.identity, g.classid::regclass::text, g.objid::int8
  FROM gone g CROSS JOIN LATERAL pg_identify_object(g.classid, g.objid, g.objsubid) o
 WHERE o.schema IS DISTINCT FROM 'pg_toast'
   AND o.type NOT IN ('type', 'toast table', 'rule', 'default value', 'table column')
   AND NOT EXISTS (SELECT FROM pg_trigger t WHERE g.classid = 'pg_trigger'::regclass AND t.oid = g.objid
                   AND t.tgisinternal)
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'n' AND g.classid = 'pg_constraint'::regclass
                   AND k.oid = g.objid)
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE g.classid = 'pg_class'::regclass AND k.conindid = g.objid
                   AND k.contype IN ('p', 'u', 'x'))
 ORDER BY 1, 2, o.type, o.identity"""
_DEFAULTS = """
SELECT d.adrelid::int8, d.adnum, 'default value', c.oid::regclass::text || '.' || a.attname
  FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
 WHERE a.attgenerated = '' AND (d.adrelid, d.adnum) IN (SELECT * FROM unnest(%(oids)s::oid[], %(numbers)s::int[]))"""
_GRANTS = """
SELECT r.oid::int8, r.number, 'privilege', string_agg(DISTINCT g.privilege_type, ', ') || ' for ' ||
       CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END
  FROM unnest(%(oids)s::oid[], %(numbers)s::int[]) r(oid, number)
  JOIN pg_class c ON c.oid = r.oid LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = r.number
  CROSS JOIN LATERAL aclexplode(CASE WHEN r.number = 0 THEN c.relacl ELSE a.attacl END) g
 WHERE g.grantee <> c.relowner GROUP BY r.oid, r.number, g.grantee"""


@dataclass(frozen=True, slots=True)
class Dependent:
    """An object that cannot be without another one."""

    kind: str
    identity: str
    relation: int | None
    """The oid, where it is a table, view, sequence or index."""


Dependents = Mapping[tuple[int, int], list[Dependent]]
"""From a relation and a column's number, 0 for the whole, to what depends on it."""


def read_dependents(connection: Connection, gone: Sequence[tuple[int, int]]) -> Dependents:
    """Return what depends on relations and columns, by pg_depend; ``gone`` are oid and attnum, 0 for the whole."""
    values = {"oids": [oid for oid, _ in gone], "numbers": [number for _, number in gone]}
    found: dict[tuple[int, int], list[Dependent]] = {}
    with connection.cursor() as cursor:
        for root, number, kind, identity, catalog, oid in _rows(cursor, _DEPENDENTS, values):
            is_relation = catalog == "pg_class"
            if not (is_relation and (oid == root or kind == "table")):
                found.setdefault((root, number), []).append(Dependent(kind, identity, oid if is_relation else None))
        for query in (_DEFAULTS, _GRANTS):
            for root, number, kind, identity in _rows(cursor, query, values):
                found.setdefault((root, number), []).append(Dependent(kind, identity, None))
    return found


def foreign_keys(connection: Connection) -> list[tuple[int, int]]:
    """Return every foreign key: the oid of its table, and that of the table that it refers to."""
    with connection.cursor() as cursor:
        return _rows(cursor, "SELECT conrelid::int8, confrelid::int8 FROM pg_constraint WHERE contype = 'f'")


def deleting_routines(connection: Connection, names: Collection[str]) -> bool:
    """Return whether a function of one of these names has code that may delete rows."""
    query = (
        "SELECT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE p.proname = ANY(%s) AND {USER_SCHEMA} AND p.prosrc ~* '(delete|truncate|execute)')"
    )
    with connection.cursor() as cursor:
        [(found,)] = _rows(cursor, query, (list(names),))
    return bool(found)


def owned_sequences(connection: Connection) -> set[int]:
    """Return the oids of the sequences that belong to a column."""
    query = (
        "SELECT objid::int8 FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass"
        " AND refobjsubid > 0 AND deptype IN ('a', 'i')"
    )
    with connection.cursor() as cursor:
        return {oid for (oid,) in _rows(cursor, query)}
