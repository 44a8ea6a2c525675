"""Differences on a base database created from models: which of them are judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.drift.check import run
from checks.findings import Severity, Status
from checks.policy import Policy
from checks.recording.legs import Leg, LegName, MadeBy, Statement, Step
from checks.recording.models import Candidate, Models
from checks.recording.schema import Schema
from tests.unit.checks.drift.recordings import recording
from tests.unit.checks.schemas import column, models, schema_of, table

PLAIN = schema_of(table("t", column("a")))
WITH_B = schema_of(table("t", column("a"), column("b")))
DEFAULT = schema_of(table("t", column("a", default="1")))
FROM_MODELS = Leg(name=LegName.CREATE_BASE, target=("a",), versions_after=("a",), made_by=MadeBy.MODELS)
DEPLOY = Leg(name=LegName.BASE_TO_HEADS, target=("a",), versions_before=("a",), versions_after=("a",))
OF_B = {"public.t.b": "versions/a1_.py"}
OF_A = {"public.t.a": "versions/a1_.py"}


def outcome_of(base: Schema, head: Models, named: dict[str, str] | None, leg: Leg = FROM_MODELS) -> list[str]:
    """Return the objects of the findings, and the lines of the reason that name a difference."""
    found = run(replace(recording(head, base=models(base, base), named_by_old=named), legs=(leg, DEPLOY)), Policy())
    lines = [line for line in (found.reason or "").splitlines() if line.startswith("- ")]
    assert found.unjudged is (Status.SKIPPED if lines else None)
    return [str(f.object) for f in found.findings if f.severity is not Severity.NOTICE] + lines


@pytest.mark.parametrize(
    ("base", "head", "named", "expected"),
    [
        (
            PLAIN,
            models(PLAIN, WITH_B),
            OF_B,
            ["- column public.t.b is in the models, but not in the models of the base; versions/a1_.py names it."],
        ),
        (PLAIN, models(PLAIN, WITH_B), {}, ["public.t.b"]),
        (WITH_B, models(PLAIN, WITH_B), OF_B, ["public.t.b"]),  # a new revision drops it
        (
            WITH_B,
            models(WITH_B, PLAIN),
            {},
            [
                "- column public.t.b is in the models of the base, but no longer in the models; no old version file "
                "names it."
            ],
        ),
        (WITH_B, models(WITH_B, PLAIN), OF_B, ["public.t.b"]),
        (PLAIN, models(WITH_B, PLAIN), {}, ["public.t.b"]),  # a new revision adds it
        (
            PLAIN,
            models(PLAIN, DEFAULT),
            OF_A,
            ["- column public.t.a differs from the models of the base (default); versions/a1_.py names it."],
        ),
        (PLAIN, models(PLAIN, DEFAULT), {}, ["public.t.a"]),
        (DEFAULT, models(PLAIN, DEFAULT), OF_A, ["public.t.a"]),  # a new revision drops the default
    ],
)
def test_what_old_version_files_say_decides(
    base: Schema, head: Models, named: dict[str, str], expected: list[str]
) -> None:
    assert outcome_of(base, head, named) == expected


def test_nothing_is_decided_where_nothing_is_known_of_the_old_version_files() -> None:
    assert len(outcome_of(PLAIN, models(PLAIN, WITH_B), None)) == 1
    assert outcome_of(PLAIN, models(PLAIN, WITH_B), None)[0].startswith("- column public.t.b ")


@pytest.mark.parametrize("made_by", [MadeBy.INIT_COMMAND, MadeBy.SCHEMA_FILE])
def test_another_base_decides_everything(made_by: MadeBy) -> None:
    leg = replace(FROM_MODELS, made_by=made_by)
    assert outcome_of(PLAIN, models(PLAIN, WITH_B), None, leg) == ["public.t.b"]


def test_what_is_undecided_is_no_part_of_what_the_migration_was_verified_for() -> None:
    both = schema_of(table("t", column("a"), column("b"), column("c")))
    candidate = Candidate(path="x.py", content="revision = 'x'\n", revision="x", empty=False, repaired=both)
    seen = replace(
        recording(models(PLAIN, both), base=models(PLAIN, PLAIN), named_by_old=OF_B, candidate=candidate),
        legs=(FROM_MODELS,),
    )
    (fix,) = run(seen, Policy()).fixes
    assert fix.title == "Missing migration (autogenerate; verified: no differences remain)"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (
            ("SET search_path TO shared", "SELECT schema FROM tenant"),
            ["- column public.t.b is in the models, but not in the models of the base; no old version file names it."],
        ),
        (("SELECT schema FROM tenant", "ALTER TABLE other ADD c int"), ["public.t.b"]),
        ((), ["public.t.b"]),
    ],
)
def test_a_migration_that_goes_through_rows_does_nothing_where_there_are_none(
    statements: tuple[str, ...], expected: list[str]
) -> None:
    step = Step(revision="b2", seconds=0.1, statements=tuple(Statement(sql=sql, seconds=0.1) for sql in statements))
    base = models(PLAIN, PLAIN)
    seen = replace(
        recording(models(PLAIN, WITH_B), base=base, named_by_old={}), legs=(FROM_MODELS, replace(DEPLOY, steps=(step,)))
    )
    found = run(seen, Policy())
    lines = [line for line in (found.reason or "").splitlines() if line.startswith("- ")]
    assert [str(f.object) for f in found.findings if f.severity is not Severity.NOTICE] + lines == expected
    says = "It has no rows, and b2 looks something up and changes nothing there; where there are rows, that can be"
    assert (says in (found.reason or "")) is bool(lines)
