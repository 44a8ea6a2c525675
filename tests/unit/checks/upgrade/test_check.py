"""Check `upgrade`, on recordings made by hand."""

from dataclasses import replace

import pytest

from checks.findings import Finding, Severity, Snippet, Status
from checks.policy import Policy
from checks.recording.deployed import TOGETHER, Deployed
from checks.recording.legs import CodeOf, CreateAll, Failure, FailureKind, Leg, LegName, MadeBy, Statement, Step
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.places import Frame
from checks.recording.revisions import Changes, Graph, Revision
from checks.recording.schema import ObjectChange
from checks.recording.tree import Environment, TreeRecording
from checks.upgrade.check import run
from tests.unit.checks.schemas import alone

A = Revision(id="a", path="migrations/versions/a.py", line=3, down_revision_line=4)
B = Revision(id="b", path="migrations/versions/b.py", line=3, down_revision_line=4, down_revisions=("a",))
GRAPH = Graph(revisions=(A, B))
ENVIRONMENT = Environment(
    python="/p", python_version="3.12", alembic="1", sqlalchemy="2", driver="psycopg 3", heads=("b",)
)
LINE = Frame(path="migrations/versions/b.py", line=12, function="upgrade")
HELPER = Frame(path="app/ddl.py", line=7, function="add")
STATEMENT = Statement(sql="ALTER TABLE t ADD x int", frames=(LINE, HELPER), transaction=1)
FAILURE = Failure(
    kind=FailureKind.DATABASE,
    message='column "x" of relation "t" already exists',
    revision="b",
    statement=STATEMENT,
    error="ProgrammingError",
    sqlstate="42701",
    hint="Look again.",
)


def changes(*new: str) -> Changes:
    return Changes(
        base="main",
        base_sha="1" * 40,
        merge_base_sha="1" * 40,
        base_graph=Graph(revisions=(A,)),
        fork_graph=Graph(revisions=(A,)),
        merged_graph=GRAPH,
        new=new,
    )


def tree(*legs: Leg, changed: Changes | None = None) -> TreeRecording:
    recording = TreeRecording(path="alembic.ini", graph=GRAPH, environment=ENVIRONMENT, legs=legs)
    return recording if changed is None else replace(recording, changes=changed, deployed=TOGETHER)


def failed(name: LegName, failure: Failure, **more: object) -> Leg:
    steps = (Step(revision="b", seconds=None, statements=(STATEMENT,)),)
    return Leg(name=name, target=("b",), steps=steps, failure=failure, **more)  # type: ignore[arg-type]


def test_migrations_that_reach_the_heads_have_no_finding() -> None:
    steps = (Step(revision="a", seconds=0.1), Step(revision="b", seconds=0.1))
    leg = Leg(name=LegName.EMPTY_TO_HEADS, target=("b",), steps=steps, versions_after=("b",))
    outcome = run(tree(leg), Policy())
    assert (outcome.findings, outcome.unjudged) == ((), None)


def test_a_failing_statement_is_placed_at_the_line_of_the_version_file_even_through_a_helper() -> None:
    leg = failed(LegName.BASE_TO_HEADS, FAILURE, versions_before=("a",), versions_after=("a",))
    (finding,) = run(tree(leg, changed=changes("b")), Policy()).findings
    assert finding == Finding(
        rule="migration-fails",
        severity=Severity.ERROR,
        message='Revision b fails: column "x" of relation "t" already exists.',
        why="A failed deploy changes nothing: everything is rolled back, and the version table is still at a.",
        remedy="Add the column in one place only: this revision or an earlier one already added it.",
        path="migrations/versions/b.py",
        line=12,
        revision="b",
        evidence=(
            Snippet(title="Statement", text="ALTER TABLE t ADD x int", language="sql"),
            Snippet(
                title="PostgreSQL error",
                text='ERROR:  42701: column "x" of relation "t" already exists\nHINT:  Look again.',
            ),
            Snippet(
                title="Called through",
                text="migrations/versions/b.py:12 in upgrade\napp/ddl.py:7 in add",
            ),
        ),
    )


def test_statements_that_were_committed_before_the_failure_are_counted() -> None:
    leg = failed(
        LegName.BASE_TO_HEADS,
        FAILURE,
        versions_before=("a",),
        versions_after=("a",),
        left_behind=("CREATE INDEX CONCURRENTLY i ON t (x)",),
    )
    (finding,) = run(tree(leg, changed=changes("b")), Policy()).findings
    assert finding.why == (
        "A failed deploy stops halfway: it has committed 1 statement of this revision, but the version table is at a. "
        "The next deploy reruns the whole revision over what this one left behind."
    )
    already = Snippet(title="Already committed", text="CREATE INDEX CONCURRENTLY i ON t (x)", language="sql")
    assert finding.evidence[-1] == already


def test_objects_that_a_failed_deploy_left_changed_are_listed() -> None:
    mood, pages = alone("enum", "mood", values=()), alone("column", "pages", on="book")
    before, after = (alone("index", "i", on="book", valid=valid) for valid in (True, False))
    leg = failed(
        LegName.BASE_TO_HEADS,
        FAILURE,
        versions_before=("a",),
        versions_after=("a",),
        changed=(
            ObjectChange(before=None, after=pages),
            ObjectChange(before=mood, after=None),
            ObjectChange(before=before, after=after),
        ),
    )
    (finding,) = run(tree(leg, changed=changes("b")), Policy()).findings
    assert finding.why == (
        "A failed deploy stops halfway: it has changed 3 database objects, but the version table is still at a. The "
        "next deploy reruns the whole revision over what this one left behind."
    )
    assert finding.evidence[-1] == Snippet(
        title="Changed objects",
        text="column public.book.pages is new\nenum public.mood is gone\nindex public.book.i is changed, and invalid",
    )


def test_a_time_out_names_the_statement_and_what_it_waited_for() -> None:
    failure = Failure(
        kind=FailureKind.TIMEOUT,
        message="did not finish within 5 seconds",
        revision="b",
        statement=STATEMENT,
        blocked_by="pid 7 (Lock: relation): ALTER TABLE t ADD x int",
    )
    (finding,) = run(tree(failed(LegName.EMPTY_TO_HEADS, failure)), Policy()).findings
    assert finding.rule == "migration-timed-out"
    assert finding.message == "Revision b did not finish within 5 seconds."
    assert [s.title for s in finding.evidence] == ["Statement", "Waiting for", "Called through"]


def test_an_old_revision_that_fails_is_a_notice_when_the_base_can_be_made_another_way() -> None:
    old = Failure(kind=FailureKind.PYTHON, message="no such table", revision="a", error="KeyError")
    legs = (
        Leg(name=LegName.EMPTY_TO_BASE, target=("a",), failure=old),
        Leg(name=LegName.CREATE_BASE, target=("a",), versions_after=("a",), made_by=MadeBy.MODELS),
        Leg(
            name=LegName.BASE_TO_HEADS,
            target=("b",),
            steps=(Step(revision="b", seconds=0.1),),
            versions_before=("a",),
            versions_after=("b",),
        ),
    )
    outcome = run(tree(*legs, changed=changes("b")), Policy())
    assert outcome.unjudged is None
    (finding,) = outcome.findings
    assert (finding.rule, finding.severity) == ("old-migration-fails", Severity.NOTICE)
    assert (finding.path, finding.line) == ("migrations/versions/a.py", 3)
    assert "This run created the base schema from the base's models (create_all and stamp)." in finding.why


def test_a_new_history_that_takes_a_relation_of_the_old_one_is_the_cause_on_new_databases() -> None:
    taken = Failure(kind=FailureKind.DATABASE, message='relation "t" already exists', sqlstate="42P07", revision="a")
    steps = (Step(revision="b", seconds=0.1), Step(revision="a", seconds=None))
    legs = (
        Leg(name=LegName.EMPTY_TO_BASE, target=("a",), versions_after=("a",), code=CodeOf.BASE),
        Leg(name=LegName.EMPTY_TO_HEADS, target=("a", "b"), steps=steps, failure=taken),
    )
    altered = Deployed(code=CodeOf.BASE, because="…", differing=("env.py",))
    (finding,) = run(replace(tree(*legs, changed=changes("b")), deployed=altered), Policy()).findings
    assert (finding.rule, finding.revision) == ("migration-fails", "a")
    assert finding.why == "New databases cannot be created any more: on these, b of this change runs before it."
    assert finding.remedy == (
        "Create this relation in one place only. An earlier revision, or metadata.create_all() somewhere in the "
        "project, already created it."
    )


@pytest.mark.parametrize("files", [(), ("env.py",)])
def test_a_first_revision_that_fails_is_a_failed_deploy_and_no_fault_of_old_ones(files: tuple[str, ...]) -> None:
    fails = Failure(kind=FailureKind.PYTHON, message="unexpected keyword", revision="a", error="TypeError")
    leg = Leg(name=LegName.EMPTY_TO_HEADS, target=("a",), steps=(Step(revision="a", seconds=None),), failure=fails)
    altered = Deployed(code=CodeOf.BASE, because="…", differing=files)
    (finding,) = run(replace(tree(leg, changed=changes("a", "b")), deployed=altered), Policy()).findings
    assert (
        finding.why
        == "A failed deploy changes nothing: everything is rolled back, and the version table is still empty."
    )
    assert finding.remedy == "Fix the migration at this line."


def test_what_the_server_lacks_is_said_once_of_an_old_revision_with_the_line_that_gives_it() -> None:
    message = 'type "geometry" does not exist'
    old = Failure(kind=FailureKind.DATABASE, message=message, sqlstate="42704", revision="a")
    legs = (
        Leg(name=LegName.EMPTY_TO_BASE, target=("a",), failure=old),
        Leg(name=LegName.CREATE_BASE, target=("a",), failure=replace(old, revision=None), made_by=MadeBy.MODELS),
    )
    (finding,) = run(tree(*legs, changed=changes("b")), Policy()).findings
    assert (finding.rule, finding.severity, finding.revision) == ("old-migration-fails", Severity.NOTICE, "a")
    assert finding.remedy == (
        "Create the extension postgis in an earlier revision: op.execute('CREATE EXTENSION postgis'). If production "
        "has it and no revision creates it, set `postgres-setup: CREATE EXTENSION postgis;` (--postgres-setup). Where "
        "it is not available: `postgres-image: postgis/postgis:17-3.5`."
    )


def test_without_any_base_nothing_new_is_judged() -> None:
    old = Failure(kind=FailureKind.PYTHON, message="no such table", revision="a", error="KeyError")
    legs = (
        Leg(name=LegName.EMPTY_TO_BASE, target=("a",), failure=old),
        Leg(name=LegName.CREATE_BASE, target=("a",), failure=old),
    )
    outcome = run(tree(*legs, changed=changes("b")), Policy())
    assert outcome.unjudged is Status.SKIPPED
    assert outcome.reason == (
        "The base's revisions fail on an empty database, and no other way to create the base schema worked."
    )


def test_create_all_in_a_migration_is_a_warning_and_on_the_base_a_notice() -> None:
    step = Step(revision="b", seconds=0.1, create_all=(CreateAll(frames=(LINE,), tables=3),))
    leg = Leg(name=LegName.EMPTY_TO_HEADS, target=("b",), steps=(step,))
    (new,) = run(tree(leg), Policy()).findings
    (old,) = run(tree(leg, changed=changes()), Policy()).findings
    assert (new.rule, new.severity, new.path, new.line) == (
        "create-all-in-migration",
        Severity.WARNING,
        "migrations/versions/b.py",
        12,
    )
    assert old.severity is Severity.NOTICE


def test_a_revision_that_two_runs_apply_has_each_finding_once() -> None:
    step = Step(revision="b", seconds=None, create_all=(CreateAll(frames=(LINE,), tables=3),))
    legs = tuple(
        Leg(name=name, target=("b",), steps=(step,), failure=FAILURE, versions_before=at, versions_after=at)
        for name, at in ((LegName.BASE_TO_HEADS, ("a",)), (LegName.EMPTY_TO_HEADS, ()))
    )
    edited = replace(changes("b"), edited=("a",), reworked=("a",))
    findings = run(tree(*legs, changed=edited), Policy()).findings
    assert [(f.rule, f.severity, f.why) for f in findings if f.rule == "migration-fails"] == [
        (
            "migration-fails",
            Severity.ERROR,
            "A failed deploy changes nothing: everything is rolled back, and the version table is still at a.",
        )
    ]
    assert [f.rule for f in findings] == ["migration-fails", "create-all-in-migration"]


def test_an_edited_revision_that_fails_with_the_base_s_code_too_is_old() -> None:
    failure = replace(FAILURE, revision="a")
    at_base = Leg(name=LegName.EMPTY_TO_BASE, target=("a",), failure=replace(failure, message="no"), code=CodeOf.BASE)
    now = Leg(name=LegName.EMPTY_TO_HEADS, target=("b",), failure=failure)
    edited = replace(changes("b"), edited=("a",), reworked=("a",))
    findings = run(tree(at_base, now, changed=edited), Policy()).findings
    assert {finding.rule for finding in findings} == {"old-migration-fails"}
    (failing, *_) = [f for f in run(tree(now, changed=edited), Policy()).findings if f.rule == "migration-fails"]
    assert failing.severity is Severity.ERROR


def test_an_obstacle_is_an_error_when_it_is_the_projects_code_and_a_skip_when_it_is_not() -> None:
    for kind, status in (
        (ObstacleKind.MISSING_MODULE, Status.ERROR),
        (ObstacleKind.EXITED, Status.SKIPPED),
    ):
        recording = TreeRecording(path="alembic.ini", obstacle=Obstacle(kind=kind, message="What.", why="Why."))
        outcome = run(recording, Policy())
        assert (outcome.unjudged, outcome.reason) == (status, "What.\nWhy.")


def test_an_extension_that_the_server_lacks_needs_another_server() -> None:
    lacking = Failure(
        kind=FailureKind.DATABASE,
        message='extension "postgis" is not available',
        revision="b",
        statement=STATEMENT,
        error="NotSupportedError",
        sqlstate="0A000",
    )
    (finding,) = run(tree(failed(LegName.EMPTY_TO_HEADS, lacking)), Policy()).findings
    assert finding.remedy == (
        "Set `postgres-image: postgis/postgis:17-3.5` (--postgres-image): this image has the extension. Or set "
        "`database-url` (--database-url) to a server that has it."
    )
