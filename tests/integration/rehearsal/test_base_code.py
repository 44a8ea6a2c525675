"""The base's code, exported and imported when something has to be known of it."""

from __future__ import annotations

from pathlib import Path

from action.postgres.databases import Databases
from action.rehearsal.base_code import BaseCheckout, moved
from action.rehearsal.goals import UpgradedTo
from action.session.session import Session
from checks.recording.absent import Absent
from checks.recording.legs import LegName, MadeBy
from checks.recording.obstacles import ObstacleKind
from tests.integration.rehearsal.rehearsing import Heard, prepared
from tests.projects import builder
from tests.projects.builder import BOOK, MODELS, Revision, tree
from tests.unit.checks.dsl import graph

AT_A1 = UpgradedTo(graph=graph("a1"), targets=("a1",))


def test_the_base_is_imported_once_and_removed_afterwards(tmp_path: Path, databases: Databases) -> None:
    builder.commit(tmp_path, tree(BOOK))
    builder.write(tmp_path, tree(BOOK, Revision(id="b2", down="a1")))
    with prepared(tmp_path, "HEAD") as project:
        with project.session() as head, BaseCheckout(project.plan(), head, databases) as base:
            session = base.session()
            assert isinstance(session, Session)
            assert base.session() is session
            assert session.environment is not None
            assert session.environment.heads == ("a1",)
            export = session.root
            assert export != project.root
        assert not export.exists()


def test_without_a_base_there_is_no_session(tmp_path: Path, databases: Databases) -> None:
    builder.write(tmp_path, tree(BOOK))
    with (
        prepared(tmp_path) as project,
        project.session() as head,
        BaseCheckout(project.plan(), head, databases) as base,
    ):
        assert base.session() == Absent(reason="no base is known")


def test_a_base_without_the_tree_says_so(tmp_path: Path, databases: Databases) -> None:
    builder.commit(tmp_path, {"README.md": "A shop."})
    builder.write(tmp_path, tree(BOOK))
    with (
        prepared(tmp_path, "HEAD") as project,
        project.session() as head,
        BaseCheckout(project.plan(), head, databases) as base,
    ):
        assert base.session() == Absent(reason="alembic.ini does not exist at the base")


def test_a_base_that_does_not_load_is_an_obstacle_to_making_its_database(tmp_path: Path, databases: Databases) -> None:
    builder.commit(tmp_path, tree(BOOK, models=MODELS + "\nimport library_of_nowhere"))
    builder.write(tmp_path, tree(BOOK))
    with (
        prepared(tmp_path, "HEAD") as project,
        project.session() as head,
        BaseCheckout(project.plan(), head, databases) as base,
    ):
        _, leg = base.create(AT_A1, None, Heard())
    assert (leg.name, leg.target, leg.steps) == (LegName.CREATE_BASE, ("a1",), ())
    assert leg.obstacle is not None
    assert leg.obstacle.kind is ObstacleKind.NO_BASE
    assert "library_of_nowhere" in leg.obstacle.message


def test_the_database_of_the_base_is_made_from_its_models_and_stamped(tmp_path: Path, databases: Databases) -> None:
    builder.commit(tmp_path, tree(BOOK))
    with (
        prepared(tmp_path, "HEAD") as project,
        project.session() as head,
        BaseCheckout(project.plan(), head, databases) as base,
    ):
        database, leg = base.create(AT_A1, None, Heard())
    assert (leg.versions_after, leg.made_by, leg.failure, leg.obstacle) == (("a1",), MadeBy.MODELS, None, None)
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM book")
        assert cursor.fetchall() == [(0,)]


def test_a_tree_is_moved_with_all_its_folders(tmp_path: Path) -> None:
    builder.write(tmp_path / "old", tree(BOOK))
    with prepared(tmp_path / "old") as project:
        there = moved(project.tree, project.root, tmp_path / "new")
    new = tmp_path / "new"
    assert (there.path, there.config_file, there.workdir) == ("alembic.ini", new / "alembic.ini", new)
    assert (there.script_location, there.env_py) == (new / "migrations", new / "migrations" / "env.py")
    assert there.version_locations == (new / "migrations" / "versions",)
