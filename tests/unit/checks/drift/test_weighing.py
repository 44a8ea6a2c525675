"""The severity of a difference, by who is hurt; and differences whose age is not known."""

from __future__ import annotations

from checks.drift.check import run
from checks.findings import Finding, Severity, Snippet
from checks.policy import Policy
from checks.recording.absent import Absent
from tests.unit.checks.drift.recordings import EMPTY, recording
from tests.unit.checks.schemas import column, models, schema_of, table


def test_a_default_that_only_the_database_has_is_a_notice_that_drops_nothing() -> None:
    head = models(schema_of(table("t", column("a", default="1"))), schema_of(table("t", column("a"))))
    assert run(recording(head), Policy()).findings == (
        Finding(
            rule="schema-differs",
            severity=Severity.NOTICE,
            message="The migrations set the default of column public.t.a, but it is not in the models.",
            why="Nobody is hurt: PostgreSQL uses it only where an INSERT omits the column.",
            remedy="Declare it in the model, or leave both as they are.",
            object="public.t.a",
            evidence=(Snippet(title="Migrations", text="1", language="sql"),),
        ),
    )


def test_each_weight_has_its_own_severity() -> None:
    migrated = schema_of(table("t", column("b"), column("c")))
    modelled = schema_of(table("t", column("a"), column("b", comment="x"), column("c", default="1")))
    found = run(recording(models(migrated, modelled)), Policy()).findings
    assert [(f.rule, f.part, f.severity.value, f.object) for f in found] == [
        ("missing-migration", "breaks", "error", "public.t.a"),
        ("missing-migration", "differs", "error", "public.t.c"),
        ("schema-differs", "", "notice", "public.t.b"),
    ]


def test_differences_are_not_dated_by_models_of_the_base_that_could_not_be_created() -> None:
    base = models(EMPTY, Absent(reason="type vector does not exist"))
    outcome = run(recording(base=base), Policy())
    because = "the models of the base could not be compared: type vector does not exist."
    assert outcome.reason == f"There are 2 differences, and it is not known which of them are new: {because}"
    assert [finding.rule for finding in outcome.findings] == ["undated-drift"]
