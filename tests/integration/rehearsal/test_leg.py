"""One leg on a real database: what is recorded of it, how it fails, and what its goal proves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.probe.protocol.requests import Downgrade, Upgrade
from action.rehearsal.goals import AtRows, Goal, Unproven, UpgradedTo
from action.rehearsal.leg import Route, drive
from action.session.session import Session
from checks.recording.legs import Failure, FailureKind, LegName, MadeBy, Statement
from checks.recording.obstacles import ObstacleKind
from checks.recording.places import Frame
from checks.recording.revisions import Graph
from tests.integration.rehearsal.rehearsing import Heard, loaded
from tests.projects.builder import BOOK, EnvPy, Revision, tree
from tests.unit.checks.dsl import graph

PAGES = Revision(
    id="b2",
    down="a1",
    upgrade='op.execute("ALTER TABLE book ADD COLUMN pages integer")',
    downgrade='op.execute("ALTER TABLE book DROP COLUMN pages")',
)
GRAPH = graph("a1; b2<-a1")


@pytest.fixture
def session(tmp_path: Path, databases: Databases) -> Iterator[Session]:
    with loaded(tmp_path, databases, tree(BOOK, PAGES)) as session:
        yield session


def upgrade(database: str, *target: str, graph: Graph = GRAPH) -> Route:
    request = Upgrade(database=database, target=target)
    return Route(name=LegName.EMPTY_TO_HEADS, request=request, goal=UpgradedTo(graph=graph, targets=target))


def downgrade(database: str, revision: str, goal: Goal) -> Route:
    return Route(name=LegName.EMPTY_TO_BASE, request=Downgrade(database=database, revision=revision), goal=goal)


def test_an_upgrade_is_recorded_step_by_step_and_statement_by_statement(session: Session, databases: Databases) -> None:
    watcher = Heard()
    leg = drive(session, databases, upgrade(databases.create("leg")), watcher)
    assert (leg.name, leg.target, leg.made_by) == (LegName.EMPTY_TO_HEADS, ("b2",), MadeBy.MIGRATIONS)
    assert (leg.versions_before, leg.versions_after, leg.failure, leg.obstacle) == ((), ("b2",), None, None)
    assert [step.revision for step in leg.steps] == ["a1", "b2"]
    assert all(step.seconds is not None for step in leg.steps)
    (statement,) = leg.steps[1].statements
    assert statement == Statement(
        sql="ALTER TABLE book ADD COLUMN pages integer",
        frames=(Frame(path="migrations/versions/b2_.py", line=PAGES.line, function="upgrade"),),
        seconds=statement.seconds,
        transaction=statement.transaction,
        committed=True,
    )
    assert watcher.advances == [(1, 1, "revisions"), (2, 2, "revisions")]


def test_a_leg_to_a_revision_ends_there(session: Session, databases: Databases) -> None:
    leg = drive(session, databases, upgrade(databases.create("leg"), "a1"), Heard())
    assert (leg.target, leg.versions_after, leg.obstacle) == (("a1",), ("a1",), None)


def test_a_downgrade_is_proven_by_the_rows_of_the_version_table(session: Session, databases: Databases) -> None:
    database = databases.create("leg")
    drive(session, databases, upgrade(database), Heard())
    leg = drive(session, databases, downgrade(database, "b2", AtRows(rows=("a1",))), Heard())
    assert (leg.target, leg.versions_before, leg.versions_after) == (("a1",), ("b2",), ("a1",))
    assert (leg.failure, leg.obstacle) == (None, None)
    assert leg.steps[0].revision == "b2"
    assert [statement.sql for statement in leg.steps[0].statements] == ["ALTER TABLE book DROP COLUMN pages"]
    leg = drive(session, databases, downgrade(database, "a1", AtRows(rows=())), Heard())
    assert (leg.versions_after, leg.failure) == ((), None)


def test_a_downgrade_that_ends_elsewhere_is_an_obstacle(session: Session, databases: Databases) -> None:
    database = databases.create("leg")
    drive(session, databases, upgrade(database), Heard())
    leg = drive(session, databases, downgrade(database, "b2", AtRows(rows=("Z9",))), Heard())
    assert leg.obstacle is not None
    assert (leg.obstacle.kind, leg.obstacle.details) == (
        ObstacleKind.NOT_AT_HEADS,
        "Still applied: a1; not applied: Z9",
    )


def test_a_goal_that_promises_nothing_proves_nothing(session: Session, databases: Databases) -> None:
    database = databases.create("leg")
    drive(session, databases, upgrade(database), Heard())
    leg = drive(session, databases, downgrade(database, "b2", Unproven()), Heard())
    assert (leg.target, leg.versions_after, leg.obstacle) == ((), ("a1",), None)


def test_a_failure_has_its_statement_and_what_was_committed_before_it(tmp_path: Path, databases: Databases) -> None:
    fails = Revision(
        id="b2",
        down="a1",
        upgrade="""
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY ix_title ON book (title)")
        op.execute("ALTER TABLE nowhere ADD COLUMN pages integer")
        """,
    )
    with loaded(tmp_path, databases, tree(BOOK, fails)) as session:
        leg = drive(session, databases, upgrade(databases.create("leg")), Heard())
    assert leg.failure is not None
    assert (leg.failure.kind, leg.failure.revision, leg.failure.sqlstate, leg.failure.message) == (
        FailureKind.DATABASE,
        "b2",
        "42P01",
        'relation "nowhere" does not exist',
    )
    assert leg.failure.statement is not None
    assert (leg.failure.statement.sql, leg.failure.statement.seconds, leg.failure.statement.committed) == (
        "ALTER TABLE nowhere ADD COLUMN pages integer",
        None,
        False,
    )
    assert leg.left_behind == ("CREATE INDEX CONCURRENTLY ix_title ON book (title)",)
    assert leg.obstacle is None


def test_a_migration_that_raises_is_a_failure_of_its_python(tmp_path: Path, databases: Databases) -> None:
    raises = Revision(id="b2", down="a1", upgrade='raise ValueError("no shelf")')
    with loaded(tmp_path, databases, tree(BOOK, raises)) as session:
        leg = drive(session, databases, upgrade(databases.create("leg")), Heard())
    assert leg.failure == Failure(
        kind=FailureKind.PYTHON,
        message="no shelf",
        revision="b2",
        frames=(Frame(path="migrations/versions/b2_.py", line=raises.line, function="upgrade"),),
        error="ValueError",
        traceback=leg.failure.traceback if leg.failure else "",
    )


def test_an_upgrade_that_is_never_committed_is_an_obstacle(tmp_path: Path, databases: Databases) -> None:
    uncommitted = EnvPy(before='connection.execute(text("SELECT 1"))').text
    with loaded(tmp_path, databases, tree(BOOK, env=uncommitted)) as session:
        leg = drive(session, databases, upgrade(databases.create("leg"), graph=graph("a1")), Heard())
    assert (leg.versions_after, leg.failure) == ((), None)
    assert leg.obstacle is not None
    assert (leg.obstacle.kind, leg.obstacle.details) == (ObstacleKind.NOT_AT_HEADS, "Not applied: a1")
