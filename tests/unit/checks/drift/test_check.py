"""Check ``drift`` on recordings: what it tells, what it cannot judge, and what mends it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checks.check import Outcome
from checks.drift.check import run
from checks.findings import Finding, Severity, Snippet, Status
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.legs import Failure, FailureKind, Leg, LegName
from checks.recording.models import Candidate, Drift, Hidden, Models
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.places import Frame
from checks.recording.tree import NOT_COMPARED, Environment, TreeRecording
from tests.unit.checks.schemas import alone, column, models, schema_of, table

ENVIRONMENT = Environment(
    python="/venv/bin/python",
    python_version="3.12.1",
    alembic="1.20.1",
    sqlalchemy="2.1.9",
    driver="psycopg2 2.9",
    tables=2,
)
VERSIONS = table("alembic_version", column("version_num", type="character varying(32)", not_null=True))
EMPTY = schema_of(VERSIONS, table("t"))
NAMED = schema_of(table("t", column("a"), column("b", comment="said")))
HALF = schema_of(VERSIONS, table("t", column("b", comment="said")))
CANDIDATE = Candidate(
    path="migrations/versions/x_.py", content="revision = 'x'\n", revision="x", empty=False, repaired=NAMED
)
MISSING = "Column public.t.{0} is in the models but not in the database that the migrations build."


def recording(head: Models | None = None, **more: Any) -> TreeRecording:
    drift = Drift(head=head if head is not None else models(EMPTY, NAMED), **more)
    return TreeRecording(path="alembic.ini", environment=ENVIRONMENT, drift=drift)


def told(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity.value, f.message) for f in outcome.findings]


def test_nothing_is_told_where_models_and_migrations_agree() -> None:
    assert run(recording(models(schema_of(VERSIONS, table("t")), schema_of(table("t")))), Policy()) == Outcome()


def test_a_fact_is_a_finding_with_both_sides_its_place_and_its_line() -> None:
    head = replace(
        models(schema_of(table("t", column("a", default="1"))), schema_of(table("t", column("a")))),
        locations={"public.t.a": Frame(path="app/models.py", line=7, function="T")},
    )
    assert run(recording(head), Policy()).findings == (
        Finding(
            rule="missing-migration",
            severity=Severity.ERROR,
            message="The default of column public.t.a is in the database that the migrations build"
            " but not in the models.",
            why="An INSERT that leaves the column out stores a value that the models do not know of.",
            remedy="Put these lines into upgrade() of a new migration, or change the models if the database is right.",
            path="app/models.py",
            line=7,
            object="public.t.a",
            evidence=(Snippet(title="Migrations", text="1", language="sql"),),
            fixes=(
                Snippet(
                    title="In upgrade()",
                    text='op.execute("ALTER TABLE t ALTER COLUMN a DROP DEFAULT")',
                    language="python",
                ),
            ),
        ),
    )


def test_the_table_s_line_stands_in_for_a_column_s() -> None:
    head = replace(models(EMPTY, NAMED), locations={"public.t": Frame(path="app/models.py", line=3, function="T")})
    assert {(f.path, f.line) for f in run(recording(head), Policy()).findings} == {("app/models.py", 3)}


def test_each_weight_has_its_own_severity() -> None:
    migrated = schema_of(table("t", column("b"), column("c", default="1")))
    modelled = schema_of(table("t", column("a"), column("b", comment="x"), column("c")))
    policy = Policy(drift_breaks=Severity.WARNING, drift_differs=Severity.NOTICE, drift_cosmetic=Severity.ERROR)
    found = run(recording(models(migrated, modelled)), policy).findings
    assert [(f.rule, f.severity.value, f.object) for f in found] == [
        ("missing-migration", "warning", "public.t.a"),
        ("missing-migration", "notice", "public.t.c"),
        ("schema-differs", "error", "public.t.b"),
    ]


def test_only_what_the_head_adds_is_a_finding() -> None:
    base = models(EMPTY, schema_of(table("t", column("a"))))
    outcome = run(recording(base=base), Policy())
    assert told(outcome) == [
        ("missing-migration", "error", MISSING.format("b")),
        ("old-drift", "notice", "1 difference between models and migrations was there before."),
    ]
    assert outcome.findings[1].evidence == (Snippet(title="Old differences", text=MISSING.format("a")),)


def test_an_old_difference_that_the_head_changes_is_new() -> None:
    base = models(EMPTY, schema_of(table("t", column("a", type="text"), column("b", comment="said"))))
    found = told(run(recording(base=base), Policy()))
    assert found[0] == ("missing-migration", "error", MISSING.format("a"))


def test_a_table_that_was_missing_before_stays_old_when_its_model_grows() -> None:
    base = models(schema_of(VERSIONS), schema_of(table("t")))
    head = models(schema_of(VERSIONS), NAMED)
    assert [rule for rule, _, _ in told(run(recording(head, base=base), Policy()))] == ["old-drift"]


def test_a_base_that_could_not_be_had_is_said_beside_the_findings() -> None:
    found = run(recording(base=Absent(reason="The base's models do not import.")), Policy()).findings
    assert [(f.rule, f.why) for f in found if f.rule == "old-drift"] == [
        ("old-drift", "The base's models do not import.")
    ]
    quiet = models(EMPTY, schema_of(table("t")))
    assert run(recording(quiet, base=Absent(reason="Why.")), Policy()).findings == ()


def test_the_candidate_mends_what_it_can_and_the_rest_is_given_by_hand() -> None:
    outcome = run(recording(candidate=replace(CANDIDATE, repaired=HALF)), Policy())
    commit = "Commit the missing migration, or change the models if the database is right."
    by_hand = "Alembic's autogenerate cannot write this: add these lines to upgrade() of the migration."
    line = 'op.execute("ALTER TABLE t ADD COLUMN a integer")'
    assert [(f.object, f.remedy, f.fixes) for f in outcome.findings] == [
        ("public.t.a", by_hand, (Snippet(title="In upgrade()", text=line, language="python"),)),
        ("public.t.b", commit, ()),
    ]
    assert outcome.fixes == (
        Snippet(
            title="The missing migration, written by Alembic's autogenerate; applied to a copy of the database,"
            " 1 difference remains",
            text=CANDIDATE.content,
            language="python",
            path=CANDIDATE.path,
        ),
        Snippet(
            title="What Alembic's autogenerate cannot write: add it to upgrade()",
            text=f"# {MISSING.format('a')}\n{line}",
            language="python",
        ),
    )


@pytest.mark.parametrize(
    ("candidate", "more", "title"),
    [
        (
            CANDIDATE,
            {"base": models(EMPTY, schema_of(table("t", column("a"))))},
            "The missing migration, written by Alembic's autogenerate, the 1 difference from before included;"
            " applied to a copy of the database, nothing differs any more",
        ),
        (
            replace(CANDIDATE, added=("op.execute('x')",)),
            {},
            "The missing migration, written by Alembic's autogenerate, with 1 line added that it cannot write;"
            " applied to a copy of the database, nothing differs any more",
        ),
        (
            replace(CANDIDATE, repaired=Absent(reason="type mood does not exist")),
            {},
            "Alembic's autogenerate wrote this migration, but on a copy of the database it fails:"
            " type mood does not exist",
        ),
    ],
)
def test_the_title_says_what_became_of_the_candidate(candidate: Candidate, more: dict[str, Any], title: str) -> None:
    (fix,) = run(recording(candidate=candidate, **more), Policy()).fixes
    assert fix == Snippet(title=title, text=candidate.content, language="python", path=candidate.path)


def test_an_empty_candidate_is_not_shown() -> None:
    outcome = run(recording(candidate=replace(CANDIDATE, empty=True)), Policy())
    assert outcome.fixes == ()
    assert all(finding.fixes for finding in outcome.findings)


def test_no_candidate_is_shown_for_old_differences_alone() -> None:
    head = models(EMPTY, NAMED)
    assert run(recording(head, base=head, candidate=CANDIDATE), Policy()).fixes == ()


def test_what_is_hidden_and_what_is_made_by_hand_is_one_notice_each() -> None:
    head = replace(
        models(schema_of(table("t"), alone("view", "v", definition="SELECT 1")), schema_of(table("t"))),
        hidden=(
            Hidden(kind="table", schema="public", table="x", name="x"),
            Hidden(kind="foreign_key_constraint", schema="public", table="t", name="fk"),
        ),
        left_out=("CREATE INDEX x ON t (a) (relation x exists)",),
    )
    found = run(recording(head), Policy()).findings
    assert [(f.rule, f.severity, f.message, f.evidence[0].text) for f in found] == [
        (
            "hidden-objects",
            Severity.NOTICE,
            "include_object or include_name in env.py hides 2 objects.",
            "table public.x\nforeign key constraint public.t.fk",
        ),
        (
            "name-used-twice",
            Severity.NOTICE,
            "The models give 1 index or constraint a name that is taken already.",
            "CREATE INDEX x ON t (a) (relation x exists)",
        ),
        (
            "made-by-hand",
            Severity.NOTICE,
            "The migrations make what models cannot describe: 1 view.",
            "view public.v",
        ),
    ]


def test_without_a_built_database_autogenerate_tells_its_part_and_the_check_is_not_judged() -> None:
    head = models(EMPTY, Absent(reason='type "vector" does not exist'))
    outcome = run(recording(head, autogenerate=("add column a to t",), candidate=CANDIDATE), Policy())
    assert told(outcome) == [
        ("missing-migration", "error", "Alembic's autogenerate finds a difference: add column a to t.")
    ]
    assert (outcome.unjudged, outcome.reason) == (
        Status.SKIPPED,
        'The models could not be built as a database (type "vector" does not exist), so only what Alembic\'s'
        " autogenerate sees was compared.",
    )
    assert [fix.title for fix in outcome.fixes] == [
        "The migration that Alembic's autogenerate writes; it ran on a copy of the database"
    ]


def test_what_autogenerate_saw_at_the_base_is_old() -> None:
    head = models(EMPTY, Absent(reason="why"))
    both = ("add column a to t", "add column b to t")
    outcome = run(recording(head, autogenerate=both, base_autogenerate=both[:1], candidate=CANDIDATE), Policy())
    assert told(outcome) == [
        ("missing-migration", "error", "Alembic's autogenerate finds a difference: add column b to t."),
        ("old-drift", "notice", "1 difference between models and migrations was there before."),
    ]
    quiet = run(recording(head, autogenerate=both, base_autogenerate=both, candidate=CANDIDATE), Policy())
    assert ([f.rule for f in quiet.findings], quiet.fixes) == (["old-drift"], ())


def test_why_autogenerate_gave_no_file_is_said() -> None:
    outcome = run(recording(candidate=Absent(reason="the project's hook raised")), Policy())
    assert outcome.fixes == (
        Snippet(title="Alembic's autogenerate gave no migration", text="the project's hook raised"),
    )


def test_the_version_table_is_found_under_its_own_name() -> None:
    tree = recording(models(schema_of(table("t"), table("versions")), schema_of(table("t"))))
    assert [f.object for f in run(tree, Policy()).findings] == ["public.versions"]
    named = replace(tree, environment=replace(ENVIRONMENT, version_table="versions"))
    assert run(named, Policy()).findings == ()


def test_models_that_env_py_does_not_hand_over_leave_the_check_unjudged() -> None:
    head = models(schema_of(VERSIONS, table("t"), table("theirs")), NAMED)
    tree = replace(recording(head), environment=replace(ENVIRONMENT, unseen=(("app.models.Base", 3),)))
    outcome = run(tree, Policy())
    assert [f.object for f in outcome.findings] == ["public.t.a", "public.t.b"]
    assert (outcome.unjudged, outcome.reason) == (
        Status.SKIPPED,
        "env.py imports models that it does not hand to Alembic: app.models.Base (3 tables). Their tables could not be"
        " compared; hand them over too: target_metadata = [first.metadata, second.metadata].",
    )


OBSTACLE = Obstacle(kind=ObstacleKind.EXITED, message="env.py ended the process.")
NOT_RUN = "The migrations could not run: see upgrade."
FAILED = Leg(name=LegName.EMPTY_TO_HEADS, target=("x",), failure=Failure(kind=FailureKind.PYTHON, message="boom"))


@pytest.mark.parametrize(
    ("more", "status", "reason"),
    [
        ({"drift": NOT_COMPARED, "obstacle": OBSTACLE}, Status.SKIPPED, NOT_RUN),
        ({"drift": NOT_COMPARED, "obstacle": replace(OBSTACLE, kind=ObstacleKind.LOAD_FAILED)}, Status.ERROR, NOT_RUN),
        ({"drift": NOT_COMPARED, "legs": (replace(FAILED, failure=None, obstacle=OBSTACLE),)}, Status.SKIPPED, NOT_RUN),
        (
            {"environment": replace(ENVIRONMENT, metadata_given=False, tables=0)},
            Status.SKIPPED,
            "env.py hands no models to Alembic (target_metadata is None), so there is nothing to compare with.",
        ),
        (
            {"environment": replace(ENVIRONMENT, tables=0)},
            Status.SKIPPED,
            "The metadata that env.py hands to Alembic has no tables: the modules that define the models are not"
            " imported there.",
        ),
        (
            {"drift": NOT_COMPARED, "legs": (FAILED,)},
            Status.SKIPPED,
            "The migrations did not reach head, so there is no migrated database to compare the models with.",
        ),
        ({"drift": NOT_COMPARED}, Status.SKIPPED, "The models and the migrated database were not compared."),
        ({"drift": Absent(reason="No time was left.")}, Status.SKIPPED, "No time was left."),
    ],
)
def test_what_cannot_be_judged_is_said(more: dict[str, Any], status: Status, reason: str) -> None:
    tree = replace(recording(), **more)
    assert run(tree, Policy()) == Outcome(unjudged=status, reason=reason)
