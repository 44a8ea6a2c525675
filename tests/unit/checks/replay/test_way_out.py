"""The SQL that undoes by hand what a stop has left: what goes with another object, or hinders nobody, has no line."""

from __future__ import annotations

from checks.findings import Snippet
from checks.recording.legs import Statement
from checks.recording.schema import ObjectChange, SchemaObject
from checks.replay.way_out import LeftBehind, WayOut, way_out, ways_out
from tests.unit.checks.schemas import alone, index

UNDO = "If it has happened, undo it by hand, then run alembic upgrade again"
INDEX = SchemaObject(kind="index", schema="public", table="shelf", name="ix", attributes=index("ix", "").attributes)


def undone(sql: str, *changed: ObjectChange) -> tuple[Snippet, ...]:
    """Return the way out after a statement that was committed."""
    return ways_out([("", way_out(LeftBehind(revision="a", committed=[Statement(sql=sql)], rest=[], changed=changed)))])


def came(item: SchemaObject) -> ObjectChange:
    return ObjectChange(before=None, after=item)


def test_an_index_goes_with_its_materialized_view() -> None:
    view = came(alone("materialized view", "shelf", definition="SELECT 1"))
    found = undone("CREATE MATERIALIZED VIEW shelf AS SELECT 1; CREATE INDEX ix ON shelf (id)", came(INDEX), view)
    assert found == (Snippet(title=UNDO, text="DROP MATERIALIZED VIEW public.shelf;", language="sql"),)
    alone_ = undone("CREATE INDEX ix ON shelf (id)", came(INDEX))
    assert alone_ == (Snippet(title=UNDO, text="DROP INDEX CONCURRENTLY public.ix;", language="sql"),)


def test_a_privilege_and_a_setting_do_not_stand_in_the_way() -> None:
    sql = "CREATE SEQUENCE numbers; GRANT USAGE ON SCHEMA sales TO app"
    sides = [alone("schema", "sales", schema="sales", privileges=given) for given in (None, ("GRANT USAGE TO app",))]
    found = undone(
        sql, came(alone("sequence", "numbers", owned_by=None)), ObjectChange(before=sides[0], after=sides[1])
    )
    assert found == (Snippet(title=UNDO, text="DROP SEQUENCE public.numbers;", language="sql"),)


def test_what_only_some_stops_ask_for_says_which() -> None:
    one = WayOut(does="finish it", sql=("SELECT 1;",), stamp="b2")
    other = WayOut(does="mark it", stamp="b2")
    found = ways_out([("after line 3", one), ("after line 4", other), ("while line 5 built an index", other)])
    assert [(snippet.title, snippet.text) for snippet in found] == [
        ("If it has stopped after line 3, finish it", "SELECT 1;"),
        ("Then mark the revision as applied", "alembic stamp b2"),
        ("If it has stopped after line 4 or while line 5 built an index, mark it", "alembic stamp b2"),
    ]


def test_a_schema_is_dropped_by_its_own_name() -> None:
    found = undone("CREATE SCHEMA sales", came(alone("schema", "sales", schema="sales", privileges=None)))
    assert found == (Snippet(title=UNDO, text="DROP SCHEMA sales;", language="sql"),)
