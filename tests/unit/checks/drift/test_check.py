"""Check ``drift`` on recordings: its findings, its notices and its fixes."""

from __future__ import annotations

from dataclasses import replace

from checks.check import Outcome
from checks.drift.check import run
from checks.findings import Finding, Severity, Snippet, Status
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.models import Candidate, Hidden
from checks.recording.places import Frame
from tests.unit.checks.drift.recordings import EMPTY, ENVIRONMENT, NAMED, VERSIONS, recording
from tests.unit.checks.schemas import alone, column, models, schema_of, table

HALF = schema_of(VERSIONS, table("t", column("b", comment="note")))
CANDIDATE = Candidate(
    path="migrations/versions/x_.py", content="revision = 'x'\n", revision="x", empty=False, repaired=NAMED
)
MISSING = "Column public.t.{0} is in the models, but no migration creates it."


def summary(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity.value, f.message) for f in outcome.findings]


def test_equal_models_and_migrations_have_no_finding() -> None:
    assert run(recording(models(schema_of(VERSIONS, table("t")), schema_of(table("t")))), Policy()) == Outcome()


def test_a_difference_is_a_finding_with_both_sides_its_place_and_its_line() -> None:
    head = replace(
        models(schema_of(table("t", column("a", default="1"))), schema_of(table("t", column("a", default="2")))),
        locations={"public.t.a": Frame(path="app/models.py", line=7, function="T")},
    )
    assert run(recording(head), Policy()).findings == (
        Finding(
            rule="missing-migration",
            severity=Severity.ERROR,
            message="The default of column public.t.a differs between the models and the migrations.",
            why="An INSERT that omits this column stores a different value from the one in the models.",
            remedy="Add a migration that makes this change, or change the models if the migrations are right.",
            path="app/models.py",
            line=7,
            object="public.t.a",
            evidence=(
                Snippet(title="Models", text="2", language="sql"),
                Snippet(title="Migrations", text="1", language="sql"),
            ),
            fixes=(
                Snippet(
                    title="Add to upgrade()",
                    text='op.alter_column("t", "a", server_default=sa.text("2"))',
                    language="python",
                ),
            ),
        ),
    )


def test_the_table_s_line_stands_in_for_a_column_s() -> None:
    head = replace(models(EMPTY, NAMED), locations={"public.t": Frame(path="app/models.py", line=3, function="T")})
    assert {(f.path, f.line) for f in run(recording(head), Policy()).findings} == {("app/models.py", 3)}


def test_only_what_the_head_adds_is_a_finding() -> None:
    base = models(EMPTY, schema_of(table("t", column("a"))))
    outcome = run(recording(base=base), Policy())
    assert summary(outcome) == [
        ("missing-migration", "error", MISSING.format("b")),
        ("old-drift", "notice", "The base already has 1 difference between models and migrations."),
    ]
    assert outcome.findings[1].evidence == (Snippet(title="Old differences", text=MISSING.format("a")),)


def test_an_old_difference_that_the_head_changes_is_new() -> None:
    base = models(EMPTY, schema_of(table("t", column("a", type="text"), column("b", comment="note"))))
    found = summary(run(recording(base=base), Policy()))
    assert found[0] == ("missing-migration", "error", MISSING.format("a"))


def test_a_table_that_was_missing_before_stays_old_when_its_model_grows() -> None:
    base = models(schema_of(VERSIONS), schema_of(table("t")))
    head = models(schema_of(VERSIONS), NAMED)
    assert [rule for rule, _, _ in summary(run(recording(head, base=base), Policy()))] == ["old-drift"]


def test_differences_that_the_base_cannot_date_are_not_judged() -> None:
    outcome = run(recording(base=Absent(reason="They do not import.")), Policy())
    because = "the models of the base could not be compared: They do not import."
    assert (outcome.unjudged, outcome.fixes) == (Status.SKIPPED, ())
    assert outcome.reason == f"There are 2 differences, and it is not known which of them are new: {because}"
    assert [(f.rule, f.severity, f.message, f.why, f.remedy) for f in outcome.findings] == [
        (
            "undated-drift",
            Severity.NOTICE,
            "The models and the migrations have 2 differences, which may be old or new.",
            f"Only the base can show what this change adds, but {because}",
            "Make the base's code importable, or add a migration for all of them.",
        )
    ]
    assert outcome.findings[0].evidence == (
        Snippet(title="Differences", text="\n".join([MISSING.format("a"), MISSING.format("b")])),
    )
    quiet = models(EMPTY, schema_of(table("t")))
    assert run(recording(quiet, base=Absent(reason="Why.")), Policy()).findings == ()


def test_what_the_candidate_does_not_repair_has_the_lines_to_add() -> None:
    outcome = run(recording(candidate=replace(CANDIDATE, repaired=HALF)), Policy())
    commit = "Commit the missing migration, or change the models if the migrations are right."
    add = "Add this change to upgrade() of the missing migration by hand: autogenerate cannot write it."
    line = 'op.execute("ALTER TABLE t ADD COLUMN a integer")'
    assert [(f.object, f.remedy, f.fixes) for f in outcome.findings] == [
        ("public.t.a", add, (Snippet(title="Add to upgrade()", text=line, language="python"),)),
        ("public.t.b", commit, ()),
    ]
    assert outcome.fixes == (
        Snippet(
            title="Missing migration (autogenerate; verified: 1 difference remains)",
            text=CANDIDATE.content,
            language="python",
            path=CANDIDATE.path,
        ),
        Snippet(
            title="Add to upgrade(): autogenerate cannot write these changes",
            text=f"# {MISSING.format('a')}\n{line}",
            language="python",
        ),
    )


def test_hidden_duplicate_and_hand_made_objects_are_one_notice_each() -> None:
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
            "The models use a name twice for 1 index or constraint.",
            "CREATE INDEX x ON t (a) (relation x exists)",
        ),
        (
            "made-by-hand",
            Severity.NOTICE,
            "The migrations create objects that models cannot describe: 1 view.",
            "view public.v",
        ),
    ]


def test_models_that_cannot_be_created_leave_autogenerate_s_differences_and_a_skipped_check() -> None:
    head = models(EMPTY, Absent(reason='type "vector" does not exist'))
    outcome = run(recording(head, autogenerate=("add column a to t",), candidate=CANDIDATE), Policy())
    assert summary(outcome) == [("missing-migration", "error", "Autogenerate finds a difference: add column a to t.")]
    assert (outcome.unjudged, outcome.reason) == (
        Status.SKIPPED,
        'The models could not be created in a database (type "vector" does not exist), so only the differences that'
        " autogenerate detects are known. Create the extension vector in an earlier revision: "
        "op.execute('CREATE EXTENSION vector'). If production has it and no revision creates it, set "
        "`postgres-setup: CREATE EXTENSION vector;` (--postgres-setup). Where it is not available: "
        "`postgres-image: pgvector/pgvector:pg17`.",
    )
    assert [fix.title for fix in outcome.fixes] == ["Missing migration (autogenerate; runs on a copy of the database)"]


def test_what_autogenerate_saw_at_the_base_is_old() -> None:
    head = models(EMPTY, Absent(reason="why"))
    both = ("add column a to t", "add column b to t")
    outcome = run(recording(head, autogenerate=both, base_autogenerate=both[:1], candidate=CANDIDATE), Policy())
    assert summary(outcome) == [
        ("missing-migration", "error", "Autogenerate finds a difference: add column b to t."),
        ("old-drift", "notice", "The base already has 1 difference between models and migrations."),
    ]
    quiet = run(recording(head, autogenerate=both, base_autogenerate=both, candidate=CANDIDATE), Policy())
    assert ([f.rule for f in quiet.findings], quiet.fixes) == (["old-drift"], ())


def test_the_reason_why_autogenerate_wrote_no_file_is_shown() -> None:
    outcome = run(recording(candidate=Absent(reason="the project's hook raised")), Policy())
    assert outcome.fixes == (
        Snippet(title="Autogenerate could not write the missing migration", text="the project's hook raised"),
    )


def test_the_version_table_is_found_under_its_own_name() -> None:
    tree = recording(models(schema_of(table("t"), table("versions")), schema_of(table("t"))))
    assert [f.object for f in run(tree, Policy()).findings] == ["public.versions"]
    named = replace(tree, environment=replace(ENVIRONMENT, version_table="versions"))
    assert run(named, Policy()).findings == ()
