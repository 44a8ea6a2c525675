"""How objects are named, and which lines create, drop and alter them: kinds that an ordinary role cannot create."""

from __future__ import annotations

import pytest

from checks.comparison.lines import created, dropped, reverting
from checks.comparison.names import Names
from checks.downgrade.naming_objects import described, whose
from checks.downgrade.object_parts import differences
from checks.recording.schema import Attribute, ObjectChange, SchemaObject
from tests.unit.checks.schemas import alone, column, index, table

NAMES = Names()
EVENT = "ON ddl_command_end EXECUTE FUNCTION public.e()"
OBJECTS: tuple[tuple[SchemaObject, str, list[str] | None, list[str]], ...] = (
    (alone("foreign data wrapper", "w", "", definition="OPTIONS (debug 'true')"), "foreign data wrapper w",
     ["CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true')"], ["DROP FOREIGN DATA WRAPPER w"]),
    (alone("server", "s", "", definition="FOREIGN DATA WRAPPER w", privileges=("GRANT USAGE TO app",)), "server s",
     ["CREATE SERVER s FOREIGN DATA WRAPPER w", "GRANT USAGE ON FOREIGN SERVER s TO app"], ["DROP SERVER s"]),
    (alone("user mapping", "app", "", on="s", definition=None, server="s"), "user mapping of role app for server s",
     [], ["DROP USER MAPPING FOR app SERVER s"]),
    (alone("event trigger", "ev", "", definition=EVENT, state="DISABLED", comment="x"), "event trigger ev",
     [f"CREATE EVENT TRIGGER ev {EVENT}", "ALTER EVENT TRIGGER ev DISABLE", "COMMENT ON EVENT TRIGGER ev IS 'x'"],
     ["DROP EVENT TRIGGER ev"]),
    (alone("cast", "(c AS integer)", "", definition="WITH INOUT AS ASSIGNMENT"), "cast (c AS integer)",
     ["CREATE CAST (c AS integer) WITH INOUT AS ASSIGNMENT"], ["DROP CAST (c AS integer)"]),
    (alone("operator", "=== (integer, integer)", "shop", definition="FUNCTION = int4eq"),
     "operator shop.=== (integer, integer)", None, ["DROP OPERATOR shop.=== (integer, integer)"]),
    (alone("operator class", "oc USING btree", definition="FOR TYPE integer"), "operator class public.oc USING btree",
     [], ["DROP OPERATOR CLASS oc USING btree"]),
    (alone("aggregate", "n()", definition="SFUNC = int8inc, STYPE = bigint"), "aggregate public.n()",
     ["CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = bigint)"], ["DROP AGGREGATE n(*)"]),
    (alone("range type", "r", definition="SUBTYPE = float8", privileges=("REVOKE USAGE FROM PUBLIC",)),
     "range type public.r", ["CREATE TYPE r AS RANGE (SUBTYPE = float8)", "REVOKE USAGE ON TYPE r FROM PUBLIC"],
     ["DROP TYPE r"]),
    (alone("collation", "l", definition="PROVIDER = icu, LOCALE = 'de'"), "collation public.l",
     ["CREATE COLLATION l (PROVIDER = icu, LOCALE = 'de')"], ["DROP COLLATION l"]),
    (alone("text search configuration", "conf", definition="PARSER = x"), "text search configuration public.conf", [],
     ["DROP TEXT SEARCH CONFIGURATION conf"]),
    (alone("extension", "hstore", "", version="1.8", comment="by the extension"), "extension hstore",
     ["CREATE EXTENSION hstore"], ["DROP EXTENSION hstore"]),
    (alone("grant", "app", on="seq", definition="SELECT, USAGE WITH GRANT OPTION", relation="sequence"),
     "privileges SELECT, USAGE WITH GRANT OPTION of role app on sequence public.seq",
     ["GRANT SELECT ON SEQUENCE seq TO app", "GRANT USAGE ON SEQUENCE seq TO app WITH GRANT OPTION"],
     ["REVOKE ALL ON SEQUENCE seq FROM app"]),
    (alone("default privileges", "FUNCTIONS of role Ann", "", objects="FUNCTIONS", role="Ann", definition=None,
           privileges=("GRANT EXECUTE TO app", "REVOKE EXECUTE FROM PUBLIC")),
     "default privileges EXECUTE of role app and no EXECUTE of PUBLIC for new functions of role Ann",
     ['ALTER DEFAULT PRIVILEGES FOR ROLE "Ann" GRANT EXECUTE ON FUNCTIONS TO app',
      'ALTER DEFAULT PRIVILEGES FOR ROLE "Ann" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC'],
     ['ALTER DEFAULT PRIVILEGES FOR ROLE "Ann" REVOKE EXECUTE ON FUNCTIONS FROM app',
      'ALTER DEFAULT PRIVILEGES FOR ROLE "Ann" GRANT EXECUTE ON FUNCTIONS TO PUBLIC']),
)  # fmt: skip


def sql(lines: object) -> list[str]:
    """Return the statements of lines that execute SQL."""
    found: list[str] = []
    op = type("Op", (), {"execute": staticmethod(lambda text: found.append(text.replace("\\:", ":")))})
    for line in lines:  # type: ignore[attr-defined]
        exec(line, {"op": op})
    return found


@pytest.mark.parametrize(("item", "name", "creates", "drops"), OBJECTS, ids=[one[0].kind for one in OBJECTS])
def test_an_object_is_named_created_and_dropped(
    item: SchemaObject, name: str, creates: list[str] | None, drops: list[str]
) -> None:
    assert described(item) == name
    assert creates is None or sql(created(NAMES, item)) == creates
    assert sql(dropped(NAMES, item)) == drops


def test_default_privileges_are_named_without_what_they_are() -> None:
    assert whose(OBJECTS[-1][0]) == "the default privileges for new functions of role Ann"


def changed(item: SchemaObject, before: dict[str, Attribute], after: dict[str, Attribute]) -> ObjectChange:
    """Return a change of an object in some attributes."""
    sides = [
        SchemaObject(kind=item.kind, schema=item.schema or "public", table=item.table or None, name=item.name,
                     attributes={**item.attributes, **side})
        for side in (before, after)
    ]  # fmt: skip
    return ObjectChange(before=sides[0], after=sides[1])


(BOOK,) = table("book")
TITLE, IX = table("book", column("title"), index("ix", "USING btree (lower(title))"))[1:]
VIEW = alone("view", "v", definition="SELECT 1")
TRIGGER = alone("trigger", "tr", on="book", definition="CREATE TRIGGER tr")
CHANGES: tuple[tuple[SchemaObject, dict[str, Attribute], dict[str, Attribute], list[str], list[str]], ...] = (
    (TITLE, {"compression": "pglz"}, {"compression": "lz4"}, ["the compression (lz4 instead of pglz)"],
     ["ALTER TABLE book ALTER COLUMN title SET COMPRESSION pglz"]),
    (TITLE, {}, {"compression": "lz4"}, ["the compression lz4"],
     ["ALTER TABLE book ALTER COLUMN title SET COMPRESSION default"]),
    (TITLE, {"options": ("n_distinct=5",)}, {"options": ("n_distinct=7", "n_distinct_inherited=1")},
     ["option n_distinct=5", "option n_distinct=7", "option n_distinct_inherited=1"],
     ["ALTER TABLE book ALTER COLUMN title RESET (n_distinct_inherited)",
      "ALTER TABLE book ALTER COLUMN title SET (n_distinct=5)"]),
    (TITLE, {"statistics": None}, {"statistics": 0}, ["the statistics target 0"],
     ["ALTER TABLE book ALTER COLUMN title SET STATISTICS -1"]),
    (IX, {"statistics": ("1=50",)}, {"statistics": ("2=60",)},
     ["the statistics target 50 of column 1", "the statistics target 60 of column 2"],
     ["ALTER INDEX ix ALTER COLUMN 1 SET STATISTICS 50", "ALTER INDEX ix ALTER COLUMN 2 SET STATISTICS -1"]),
    (IX, {"tablespace": "fast"}, {"tablespace": None}, ["the tablespace fast"], ["ALTER INDEX ix SET TABLESPACE fast"]),
    (BOOK, {"replica_identity": "USING INDEX Ix"}, {"replica_identity": "FULL"},
     ["the replica identity (FULL instead of USING INDEX Ix)"], ['ALTER TABLE book REPLICA IDENTITY USING INDEX "Ix"']),
    (BOOK, {"clustered": "ix"}, {"clustered": None}, ["CLUSTER ON ix"], ["ALTER TABLE book CLUSTER ON ix"]),
    (TRIGGER, {"state": "REPLICA"}, {"state": "DISABLED"}, ["the state (DISABLED instead of REPLICA)"],
     ["ALTER TABLE book ENABLE REPLICA TRIGGER tr"]),
    (VIEW, {"column_comments": ("a IS 'Old'", "\"b IS\" IS 'x'")}, {"column_comments": ("a IS 'New'", "c IS 'y'")},
     ["the comment of column a ('New' instead of 'Old')", 'the comment of column "b IS"',
      "the comment of column c"],
     ["COMMENT ON COLUMN v.a IS 'Old'", "COMMENT ON COLUMN v.\"b IS\" IS 'x'", "COMMENT ON COLUMN v.c IS NULL"]),
    (VIEW, {"privileges": ("GRANT SELECT (a) TO app",)}, {"privileges": ("GRANT SELECT (a) TO app WITH GRANT OPTION",)},
     ["privileges SELECT (a) of role app", "privileges SELECT (a) WITH GRANT OPTION of role app"],
     ["REVOKE SELECT (a) ON v FROM app", "GRANT SELECT (a) ON v TO app"]),
)  # fmt: skip


@pytest.mark.parametrize(("item", "before", "after", "parts", "lines"), CHANGES)
def test_a_setting_is_said_and_set_back(
    item: SchemaObject, before: dict[str, Attribute], after: dict[str, Attribute], parts: list[str], lines: list[str]
) -> None:
    change = changed(item, before, after)
    assert [part.text for part in differences(change)] == parts
    assert sql(reverting(NAMES, change)) == lines


def test_a_function_whose_comment_alone_differs_is_not_created_again() -> None:
    function = alone("function", "f()", definition="CREATE OR REPLACE FUNCTION f() …")
    assert sql(reverting(NAMES, changed(function, {"comment": "Old"}, {}))) == ["COMMENT ON FUNCTION f() IS 'Old'"]
