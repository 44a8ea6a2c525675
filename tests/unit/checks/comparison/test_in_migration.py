"""What the proposed migration holds, and the types that it creates first."""

from __future__ import annotations

from checks.comparison.compare import compare
from checks.comparison.in_migration import belongs_in_migration, needed_types, needs_lines
from checks.recording.models import Models
from tests.unit.checks.schemas import alone, column, models, schema_of, table

MOOD = alone("enum", "mood", values=("good", "bad"))
OF_MOOD = column("mood", type="mood", named_type=("public", "mood"))


def of_mood(*tables: str) -> Models:
    """Return models in which these tables of t and u have a column of the enum; only t is migrated."""
    parts = [table(name, *([OF_MOOD] if name in tables else [])) for name in ("t", "u")]
    return models(schema_of(table("t")), schema_of(MOOD, *parts), enums=(("public", "mood"),))


def created(found: Models) -> list[str]:
    return [needed.create for needed in needed_types(found, compare(found))]


def test_a_new_column_s_enum_is_created_first() -> None:
    assert created(of_mood("t")) == ["CREATE TYPE mood AS ENUM ('good', 'bad')"]
    assert [needed.drop for needed in needed_types(of_mood("t"), compare(of_mood("t")))] == ["DROP TYPE mood"]


def test_a_new_table_creates_its_own() -> None:
    assert created(of_mood("u")) == []
    assert created(of_mood("t", "u")) == []


def test_an_enum_that_an_old_missing_table_would_create_is_created_for_a_new_column() -> None:
    found = of_mood("t", "u")
    new = [change for change in compare(found) if change.key.name != "u"]
    assert [needed.name for needed in needed_types(found, new)] == ["mood"]


def test_a_comment_is_in_the_migration_only_where_autogenerate_writes_it() -> None:
    (comment,) = compare(models(schema_of(table("t", column("a"))), schema_of(table("t", column("a", comment="x")))))
    (missing,) = compare(models(schema_of(table("t")), schema_of(table("t", column("a")))))
    assert [(belongs_in_migration(change), needs_lines(change)) for change in (comment, missing)] == [
        (True, False),
        (True, True),
    ]


def test_a_version_table_of_another_name_or_schema_is_no_difference() -> None:
    version = column("version_num", type="character varying(32)", not_null=True)
    here = schema_of(table("t"), table("other_version", version), table("kept", version, column("at")))
    assert [change.key.name for change in compare(models(here, schema_of(table("t"))))] == ["kept"]
