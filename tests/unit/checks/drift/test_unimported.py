"""Models that env.py does not import, on recordings: a finding for each file, whatever else the check finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.check import Outcome
from checks.drift.check import run
from checks.findings import Finding, Severity, Status
from checks.policy import Policy
from checks.recording.imports import ModelFiles, UnimportedModels
from checks.recording.legs import Failure, FailureKind, Leg, LegName
from checks.recording.tree import NOT_COMPARED, NOT_SEARCHED, TreeRecording
from tests.unit.checks.drift.recordings import ENVIRONMENT, recording
from tests.unit.checks.schemas import models, schema_of, table

LOAN = UnimportedModels(path="app/loan.py", line=5, module="app.loan", tables=("loan",))
EQUAL = recording(models(schema_of(table("t")), schema_of(table("t"))))


def with_files(*files: UnimportedModels, tree: TreeRecording = EQUAL) -> TreeRecording:
    return replace(tree, model_files=ModelFiles(imported=("app/models.py",), unimported=files))


def test_a_file_is_a_notice() -> None:
    assert run(with_files(LOAN), Policy()) == Outcome(
        findings=(
            Finding(
                rule="unseen-models",
                severity=Severity.NOTICE,
                message="env.py does not import app/loan.py, which defines table loan.",
                why="Autogenerate and this check do not see this table, so a change without a migration passes.",
                remedy="Import app.loan in env.py, or in a package that env.py imports.",
                path="app/loan.py",
                line=5,
                object="app/loan.py",
            ),
        )
    )


def test_a_file_that_has_changed_is_a_warning() -> None:
    found = run(with_files(LOAN, replace(LOAN, path="app/fine.py", changed=True)), Policy()).findings
    assert [(f.path, f.severity) for f in found] == [
        ("app/loan.py", Severity.NOTICE),
        ("app/fine.py", Severity.WARNING),
    ]


@pytest.mark.parametrize(
    ("tables", "named"),
    [
        (("a", "b"), "tables a and b"),
        (("a", "b", "c"), "tables a, b and c"),
        (("a", "b", "c", "d"), "tables a, b, c and 1 more"),
        (("a", "desk.b", "c", "d", "e"), "tables a, desk.b, c and 2 more"),
    ],
)
def test_of_many_tables_the_first_ones_are_named(tables: tuple[str, ...], named: str) -> None:
    (finding,) = run(with_files(replace(LOAN, tables=tables)), Policy()).findings
    assert finding.message == f"env.py does not import app/loan.py, which defines {named}."
    assert finding.why.startswith("Autogenerate and this check do not see these tables, ")


def test_a_file_is_found_beside_drift_and_where_drift_was_not_judged() -> None:
    assert [f.rule for f in run(with_files(LOAN, tree=recording()), Policy()).findings][-1] == "unseen-models"
    failed = Leg(name=LegName.EMPTY_TO_HEADS, target=("x",), failure=Failure(kind=FailureKind.PYTHON, message="boom"))
    outcome = run(with_files(LOAN, tree=replace(EQUAL, drift=NOT_COMPARED, legs=(failed,))), Policy())
    assert (outcome.unjudged, [f.rule for f in outcome.findings]) == (Status.SKIPPED, ["unseen-models"])


def test_a_metadata_without_tables_is_explained_by_the_modules() -> None:
    empty = replace(EQUAL, environment=replace(ENVIRONMENT, tables=0))
    outcome = run(with_files(LOAN, replace(LOAN, module="app.fine"), tree=empty), Policy())
    assert outcome.reason == (
        "target_metadata in env.py has no tables, because env.py does not import the models."
        " Import the modules that define the models in env.py: app.loan and app.fine."
    )


def test_without_the_search_nothing_says_that_the_models_are_complete() -> None:
    tree = replace(EQUAL, model_files=NOT_SEARCHED)
    assert run(tree, Policy()) == Outcome(unjudged=Status.SKIPPED, reason=NOT_SEARCHED.reason)
    assert run(replace(tree, drift=NOT_COMPARED), Policy()).reason == NOT_COMPARED.reason
