"""A base whose Alembic configuration or folders are elsewhere than the working tree's: revisions are matched by id."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checks.recording.revisions import Changes, ReplacedId
from tests.integration.version_files.comparing import changes, ids, move_main, read
from tests.repositories import Repository

Move = Callable[[Repository], None]
B = 'revision = "b"\ndown_revision = "a"\n'
PYPROJECT = '[tool.alembic]\nscript_location = "%(here)s/migrations"\n'


def summary(found: Changes) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], list[str]]:
    """Return what is new, removed and edited, and the revisions after the merge."""
    return found.new, found.removed, found.edited, ids(found.merged_graph)


def move(project: Repository, old: str, new: str) -> None:
    """Move a folder, and let alembic.ini name the new one."""
    (project.root / new).parent.mkdir(parents=True, exist_ok=True)
    project.git("mv", old, new)
    project.files({"alembic.ini": f"[alembic]\nscript_location = {new}\n"})


def to_dbm(project: Repository) -> None:
    move(project, "migrations", "dbm")


def config_to_db(project: Repository) -> None:
    (project.root / "db").mkdir()
    project.git("mv", "alembic.ini", "db/alembic.ini")


def config_and_scripts_to_db(project: Repository) -> None:
    config_to_db(project)
    project.git("mv", "migrations", "db/migrations")


def to_pyproject(project: Repository) -> None:
    project.git("rm", "--quiet", "alembic.ini")
    project.files({"pyproject.toml": PYPROJECT})


def to_pyproject_elsewhere(project: Repository) -> None:
    to_pyproject(project)
    project.git("mv", "migrations", "dbm")
    project.files({"pyproject.toml": PYPROJECT.replace("/migrations", "/dbm")})


def another_section(project: Repository) -> None:
    project.files({"alembic.ini": "[alembic:shop]\nscript_location = migrations\n"})


def split(project: Repository) -> None:
    (project.root / "migrations/old").mkdir()
    project.git("mv", "migrations/versions/a.py", "migrations/old/a.py")
    locations = "version_locations = migrations/old migrations/versions\n"
    project.files({"alembic.ini": f"[alembic]\nscript_location = migrations\n{locations}"})


def recursive(project: Repository) -> None:
    (project.root / "migrations/versions/2026").mkdir()
    project.git("mv", "migrations/versions/b.py", "migrations/versions/2026/b.py")
    project.files({"alembic.ini": "[alembic]\nscript_location = migrations\nrecursive_version_locations = true\n"})


def without_any_configuration_before(project: Repository) -> None:
    """Leave a base whose configuration was made by a program."""
    project.git("rm", "--quiet", "alembic.ini")
    project.commit()
    project.git("branch", "--force", "main", "work")
    to_dbm(project)


MOVES = [
    to_dbm,
    config_to_db,
    config_and_scripts_to_db,
    to_pyproject,
    to_pyproject_elsewhere,
    another_section,
    split,
    recursive,
    without_any_configuration_before,
]


@pytest.mark.parametrize("how", MOVES)
def test_a_move_is_no_change(how: Move, project: Repository) -> None:
    how(project)
    found = changes(project)
    assert summary(found) == ((), (), (), ["a", "b"])
    assert ids(found.base_graph) == ["a", "b"]
    assert (found.edits, found.reworked, found.uncompared) == ((), (), ())


@pytest.mark.parametrize("how", MOVES)
def test_an_edit_on_the_way_is_seen(how: Move, project: Repository) -> None:
    how(project)
    (file,) = (path for path in project.root.rglob("b.py") if ".git" not in path.parts)
    before = next(iter(r.path for r in changes(project).fork_graph.revisions if r.id == "b"))
    file.write_text(f"{B}\n\ndef upgrade():\n    op.drop_table('book')\n")
    found = changes(project)
    assert summary(found) == ((), (), ("b",), ["a", "b"])
    assert [(edit.revision, edit.parts, edit.old_path) for edit in found.edits] == [("b", ("upgrade",), before)]


@pytest.mark.parametrize("how", MOVES)
def test_what_main_added_meanwhile_is_there_after_the_merge(how: Move, project: Repository) -> None:
    how(project)
    project.commit()
    move_main(project, "m<-b")
    found = changes(project)
    assert summary(found) == ((), (), (), ["a", "b", "m"])
    assert ids(found.base_graph) == ["a", "b", "m"]


@pytest.mark.parametrize("how", [to_dbm, config_and_scripts_to_db, to_pyproject_elsewhere])
def test_what_was_new_before_the_move_is_new(how: Move, project: Repository) -> None:
    project.revisions("c<-b")
    how(project)
    assert summary(changes(project)) == (("c",), (), (), ["a", "b", "c"])


@pytest.mark.parametrize("how", [to_dbm, config_and_scripts_to_db, to_pyproject_elsewhere, split])
def test_main_moved_and_the_branch_did_not(how: Move, project: Repository) -> None:
    project.revisions("c<-b")
    project.files({"migrations/versions/b.py": f"{B}# edited\n"})
    project.commit()
    project.git("checkout", "--quiet", "main")
    how(project)
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message=x")
    project.git("checkout", "--quiet", "work")
    found = changes(project)
    assert summary(found) == (("c",), (), ("b",), ["a", "b", "c"])
    assert ids(found.base_graph) == ["a", "b"]


def test_a_removed_revision_is_missed_after_a_move(project: Repository) -> None:
    to_dbm(project)
    project.remove("dbm/versions/b.py")
    assert summary(changes(project)) == ((), ("b",), (), ["a"])


def test_a_file_that_cannot_be_read_may_move_too(project: Repository) -> None:
    project.files({"migrations/versions/u.py": "revision = made()\ndown_revision = None\n"})
    project.commit()
    project.git("branch", "--force", "main", "work")
    to_dbm(project)
    assert changes(project).uncompared == ()
    project.files({"dbm/versions/u.py": "revision = made()\ndown_revision = 'a'\n"})
    assert [file.path for file in changes(project).uncompared] == ["migrations/versions/u.py"]


def test_a_copy_of_another_configuration_is_new(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.tree("one")
    project.revisions("a", "b<-a", folder="one/migrations/versions")
    project.commit()
    project.tree("two")
    project.revisions("a", "b<-a", folder="two/migrations/versions")
    found, _ = read(project, folder="two")
    assert found is not None
    assert (found.new, ids(found.fork_graph)) == (("a", "b"), [])


def test_two_configurations_change_their_names(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.tree("one")
    project.tree("two")
    project.revisions("a", "b<-a", folder="one/migrations/versions")
    project.revisions("x", "y<-x", folder="two/migrations/versions")
    project.commit()
    for old, new in (("one", "three"), ("two", "one"), ("three", "two")):
        project.git("mv", old, new)
    for folder, known in (("one", ["x", "y"]), ("two", ["a", "b"])):
        found, _ = read(project, folder=folder)
        assert found is not None
        assert (ids(found.fork_graph), found.new, found.removed) == (known, (), ())


def test_a_part_that_became_a_configuration_of_its_own_is_new(project: Repository) -> None:
    """The databases of the old one are at these revisions too, so they are removed there."""
    project.revisions("x")
    project.commit()
    project.git("branch", "--force", "main", "work")
    project.tree("two")
    (project.root / "two/migrations/versions").mkdir()
    project.git("mv", "migrations/versions/x.py", "two/migrations/versions/x.py")
    found, _ = read(project, folder="two")
    assert found is not None
    assert (found.new, found.removed) == (("x",), ())


def test_an_edited_configuration_is_the_same_one(project: Repository) -> None:
    project.files({"alembic.ini": "[alembic]\nscript_location = migrations\n# edited\n"})
    assert summary(changes(project)) == ((), (), (), ["a", "b"])


def test_a_replaced_id_is_recorded(project: Repository) -> None:
    code = "\n\ndef upgrade():\n    op.drop_table('book')\n"
    project.files({"migrations/versions/b.py": f"{B}{code}"})
    project.commit()
    project.git("branch", "--force", "main", "work")
    to_dbm(project)
    project.git("mv", "dbm/versions/b.py", "dbm/versions/z.py")
    project.files({"dbm/versions/z.py": f"{B}{code}".replace('"b"', '"z"')})
    found = changes(project)
    assert summary(found) == (("z",), ("b",), (), ["a", "z"])
    assert found.replaced == (ReplacedId(old="b", new="z"),)
