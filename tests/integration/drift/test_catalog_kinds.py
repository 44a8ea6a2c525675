"""Reading what few schemas have: privileges, comments and settings of every kind, by a superuser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from psycopg2.extensions import cursor

from action.postgres.catalog import read_schema
from action.postgres.databases import Databases
from action.postgres.servers.connection import connected
from checks.recording.schema import Attribute

Key = tuple[str, ...]
FUNCTION = "CREATE FUNCTION {0} RETURNS {1} LANGUAGE plpgsql AS $$ BEGIN END $$;"
CASES: dict[str, tuple[str, dict[Key, Mapping[str, Attribute]]]] = {
    "columns": (
        "CREATE TABLE t (id int PRIMARY KEY, a text COMPRESSION pglz, b text); ALTER TABLE t ALTER a SET STATISTICS 0;"
        "ALTER TABLE t ALTER a SET (n_distinct = 5); GRANT SELECT (a), UPDATE (a) ON t TO pg_monitor, PUBLIC",
        {
            ("column", "t", "a"): {
                "statistics": 0,
                "options": ("n_distinct=5",),
                "compression": "pglz",
                "privileges": tuple(
                    f"GRANT {what} TO {role}" for what in ("SELECT", "UPDATE") for role in ("PUBLIC", "pg_monitor")
                ),
            },
            ("column", "t", "b"): {"statistics": None, "options": None, "compression": None, "privileges": None},
        },
    ),
    "indexes": (
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL); CREATE UNIQUE INDEX u ON t (a);"
        "ALTER TABLE t REPLICA IDENTITY USING INDEX u; ALTER TABLE t CLUSTER ON t_pkey;"
        "CREATE INDEX e ON t (a, (a || 'x')); ALTER INDEX e ALTER COLUMN 2 SET STATISTICS 77;"
        "CREATE MATERIALIZED VIEW mv AS SELECT id FROM t; CREATE INDEX i ON mv (id); COMMENT ON INDEX i IS 'Fast'",
        {
            ("table", "t"): {"replica_identity": "USING INDEX u", "clustered": "t_pkey"},
            ("index", "t", "e"): {"statistics": ("2=77",), "relation": None},
            ("index", "mv", "i"): {
                "relation": "materialized view",
                "comment": "Fast",
                "definition": "USING btree (id)",
            },
        },
    ),
    "views": (
        "CREATE TABLE t (a int); CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t WITH LOCAL CHECK OPTION;"
        "COMMENT ON VIEW v IS 'All'; COMMENT ON COLUMN v.a IS 'It''s a'; GRANT SELECT (a) ON v TO PUBLIC",
        {
            ("view", "v"): {
                "comment": "All",
                "options": ("security_barrier=true", "check_option=local"),
                "column_comments": ("a IS 'It''s a'",),
                "privileges": ("GRANT SELECT (a) TO PUBLIC",),
            }
        },
    ),
    "functions": (
        f"{FUNCTION.format('f()', 'int')} {FUNCTION.format('g()', 'int')}"
        "REVOKE EXECUTE ON FUNCTION g() FROM PUBLIC; GRANT EXECUTE ON FUNCTION g() TO pg_monitor WITH GRANT OPTION;"
        "GRANT EXECUTE ON FUNCTION f() TO PUBLIC; COMMENT ON FUNCTION g() IS 'One';"
        "CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')",
        {
            ("function", "f()"): {"privileges": None, "comment": None},
            ("function", "g()"): {
                "privileges": ("GRANT EXECUTE TO pg_monitor WITH GRANT OPTION", "REVOKE EXECUTE FROM PUBLIC"),
                "comment": "One",
            },
            ("aggregate", "total(integer)"): {"definition": "SFUNC = int4pl, STYPE = integer, INITCOND = '0'"},
        },
    ),
    "states": (
        f"CREATE TABLE t (a int); {FUNCTION.format('f()', 'trigger')} {FUNCTION.format('e()', 'event_trigger')}"
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER tr;"
        "CREATE RULE ru AS ON DELETE TO t DO INSTEAD NOTHING; ALTER TABLE t ENABLE ALWAYS RULE ru;"
        "CREATE EVENT TRIGGER ev ON ddl_command_end WHEN TAG IN ('DROP VIEW', 'CREATE VIEW') EXECUTE FUNCTION e();"
        "ALTER EVENT TRIGGER ev ENABLE REPLICA",
        {
            ("trigger", "t", "tr"): {"state": "DISABLED", "relation": None},
            ("rule", "t", "ru"): {"state": "ALWAYS"},
            ("event trigger",): {
                "state": "REPLICA",
                "definition": "ON ddl_command_end WHEN TAG IN ('CREATE VIEW', 'DROP VIEW') EXECUTE FUNCTION public.e()",
            },
        },
    ),
    "types": (
        "CREATE TYPE c AS (a int); COMMENT ON COLUMN c.a IS 'A'; REVOKE USAGE ON TYPE c FROM PUBLIC;"
        "CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi); CREATE DOMAIN d AS int;"
        "COMMENT ON DOMAIN d IS 'D'; CREATE TYPE e AS ENUM ('a'); GRANT USAGE ON TYPE e TO pg_monitor;"
        "CREATE COLLATION l (PROVIDER = libc, LOCALE = 'C')",
        {
            ("composite type", "c"): {"column_comments": ("a IS 'A'",), "privileges": ("REVOKE USAGE FROM PUBLIC",)},
            ("range type", "r"): {"definition": "SUBTYPE = double precision, SUBTYPE_DIFF = float8mi"},
            ("domain", "d"): {"comment": "D", "privileges": None},
            ("enum", "e"): {"privileges": ("GRANT USAGE TO pg_monitor",)},
            ("collation", "l"): {"definition": "PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'C'"},
        },
    ),
    "default privileges": (
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;"
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO PUBLIC;"
        "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        {
            ("default privileges",): {"privileges": ("GRANT SELECT TO pg_monitor",), "role": None},
            ("default privileges", "FUNCTIONS"): {"privileges": ("GRANT EXECUTE TO PUBLIC",), "objects": "FUNCTIONS"},
        },
    ),
    "foreign data": (
        "CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true');"
        "CREATE SERVER s TYPE 'x' FOREIGN DATA WRAPPER w OPTIONS (host 'h'); GRANT USAGE ON FOREIGN SERVER s TO PUBLIC;"
        "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'secret')",
        {
            ("foreign data wrapper",): {"definition": "OPTIONS (debug 'true')"},
            ("server",): {
                "definition": "TYPE 'x' FOREIGN DATA WRAPPER w OPTIONS (host 'h')",
                "privileges": ("GRANT USAGE TO PUBLIC",),
            },
            ("user mapping", "PUBLIC"): {"definition": None, "server": "s"},
        },
    ),
    "operators and text search": (
        "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int, COMMUTATOR = ===);"
        "CREATE OPERATOR CLASS oc FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);"
        "CREATE TYPE c AS (a int); CREATE CAST (c AS text) WITH INOUT AS ASSIGNMENT;"
        "CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple);"
        "CREATE TEXT SEARCH CONFIGURATION conf (PARSER = default);"
        "ALTER TEXT SEARCH CONFIGURATION conf ADD MAPPING FOR word WITH dict, simple",
        {
            ("operator", "=== (integer, integer)"): {
                "definition": "FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, "
                "COMMUTATOR = OPERATOR(public.===)"
            },
            ("operator class", "oc USING btree"): {"definition": "FOR TYPE integer"},
            ("cast",): {"definition": "WITH INOUT AS ASSIGNMENT"},
            ("text search dictionary", "dict"): {"definition": "TEMPLATE = pg_catalog.simple"},
            ("text search configuration", "conf"): {
                "definition": 'PARSER = pg_catalog."default"; word: public.dict, simple'
            },
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_set_on_an_object_is_read(databases: Databases, name: str, case: str) -> None:
    sql, expected = CASES[case]
    with connected(databases._server.admin, name) as connection, connection.cursor() as own:
        own.execute(f"SET search_path TO public; {sql}")
        objects = {(item.kind, *item.key.path[1:]): item.attributes for item in read_schema(connection).objects}
    assert {key: {a: objects[key].get(a) for a in wanted} for key, wanted in expected.items()} == expected


class Counted(cursor):
    """A cursor that remembers what it sends."""

    sent: ClassVar[list[str]] = []

    def execute(self, query: Any, variables: Any = None) -> None:
        self.sent.append(query)
        super().execute(query, variables)


def test_rare_kinds_are_asked_for_only_where_there_is_one(databases: Databases, name: str) -> None:
    sent = []
    for sql in ("CREATE TABLE t (id serial PRIMARY KEY)", "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple)"):
        with databases.connect(name) as connection, connection.cursor() as own:
            own.execute(f"SET search_path TO public; {sql}")
            connection.cursor_factory = Counted
            Counted.sent.clear()
            kinds = {item.kind for item in read_schema(connection).objects}
            sent.append(("text search dictionary" in kinds, len(Counted.sent)))
    assert sent == [(False, 13), (True, 14)]
