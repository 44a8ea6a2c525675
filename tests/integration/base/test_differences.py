"""Which files of the working tree have another content than at the base."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.base.from_git import GitBase, named
from action.base.from_patches import RebuiltBase
from action.base.interface import Base, BaseError, ChangedFile
from tests.repositories import Repository

BEFORE = {"kept.py": "KEPT = 1\n", "a/edited.py": "EDITED = 1\n", "a/removed.py": "", "lines.py": "A\nB\n"}


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """Make a repository with some files on its main branch, and a branch ``work`` checked out."""
    project = Repository(tmp_path / "project")
    project.init()
    project.files(BEFORE)
    project.commit()
    project.git("checkout", "--quiet", "-b", "work")
    return project


def change(project: Repository) -> None:
    """Change the files: one edited, one removed, one added, one with other line ends."""
    project.files({"a/edited.py": "EDITED = 2\n", "added.py": "ADDED = 1\n"})
    project.remove("a/removed.py")
    (project.root / "lines.py").write_bytes(b"A\r\nB\r\n")


CHANGED = frozenset({"a/edited.py", "a/removed.py", "added.py"})
ASKED = (*BEFORE, "added.py", "neither.py")


def base_of(project: Repository) -> Base:
    base = named(project.root, "main")
    assert isinstance(base, GitBase)
    return base


def rebuilt(project: Repository, *changed: ChangedFile) -> RebuiltBase:
    head = project.git("rev-parse", "HEAD")
    return RebuiltBase(name="main", fork_sha=head, note=None, root=project.root, head_sha=head, changed=changed)


@pytest.mark.parametrize("committed", [True, False])
def test_files_that_the_work_changed_differ(project: Repository, committed: bool) -> None:
    change(project)
    if committed:
        project.commit()
    assert base_of(project).differing(ASKED) == CHANGED


def test_only_what_was_asked_for_is_answered(project: Repository) -> None:
    change(project)
    assert base_of(project).differing(["kept.py", "added.py"]) == {"added.py"}
    assert base_of(project).differing([]) == frozenset()


def test_changes_on_main_since_are_not_the_works(project: Repository) -> None:
    project.git("checkout", "--quiet", "main")
    project.files({"kept.py": "KEPT = 2\n"})
    project.commit()
    project.git("checkout", "--quiet", "work")
    assert base_of(project).differing(ASKED) == frozenset()


def test_links_folders_and_files_elsewhere_do_not_differ(project: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("")
    (project.root / "link.py").symlink_to("kept.py")
    (project.root / "folder").symlink_to("a")
    (project.root / "out.py").symlink_to("../outside.py")
    elsewhere = ["../outside.py", str(tmp_path / "outside.py"), "", ".", "a", "./kept.py", ".git/config", "a/../new.py"]
    project.files({"new.py": ""})
    asked = ["link.py", "folder", "folder/edited.py", "out.py", *elsewhere]
    assert base_of(project).differing(asked) == frozenset()
    assert rebuilt(project).differing(asked) == frozenset()


def test_a_file_that_became_a_link_or_a_folder_differs(project: Repository) -> None:
    project.remove("kept.py", "lines.py")
    (project.root / "kept.py").symlink_to("a/edited.py")
    project.files({"lines.py/x": ""})
    assert base_of(project).differing(BEFORE) == {"kept.py", "lines.py"}


def test_names_are_taken_as_they_are(project: Repository) -> None:
    project.files({":(top)kept.py": "", "*.py": "", "ü.py": "", "a/\nb.py": ""})
    asked = [*BEFORE, ":(top)kept.py", "*.py", "ü.py", "a/\nb.py"]
    assert base_of(project).differing(asked) == frozenset(asked) - BEFORE.keys()
    project.commit()
    assert rebuilt(project).differing(asked) == frozenset()


def test_more_files_than_a_command_line_takes(project: Repository) -> None:
    many = [f"{number:04}-{'x' * 200}.py" for number in range(12_000)]
    assert base_of(project).differing([*many, *ASKED]) == frozenset()
    change(project)
    assert base_of(project).differing([*many, *ASKED]) == CHANGED


def test_a_commit_that_is_not_there(project: Repository) -> None:
    base = GitBase(name="main", now_sha="0" * 40, fork_sha="0" * 40, root=project.root)
    with pytest.raises(BaseError, match="Git says: "):
        base.differing(["kept.py"])
    gone = RebuiltBase(name="main", fork_sha="0" * 40, note=None, root=project.root, head_sha="0" * 40, changed=())
    with pytest.raises(BaseError, match="Git says: "):
        gone.differing(["kept.py"])


def test_a_rebuilt_base_differs_in_the_files_that_github_lists(project: Repository) -> None:
    change(project)
    project.files({"to.py": "MOVED = 1\n", "copy.py": "KEPT = 1\n", "kept.py": "KEPT = 1\n"})
    project.commit()
    base = rebuilt(
        project,
        ChangedFile(path="a/edited.py", status="modified", changes=2, patch="@@ -1 +1 @@\n-EDITED = 1\n+EDITED = 2"),
        ChangedFile(path="a/removed.py", status="removed"),
        ChangedFile(path="added.py", status="added", changes=1, patch="@@ -0,0 +1 @@\n+ADDED = 1"),
        ChangedFile(path="to.py", previous_path="from.py", status="renamed"),
        ChangedFile(path="copy.py", previous_path="kept.py", status="copied"),
        ChangedFile(path="picture.png", status="modified"),
        ChangedFile(path="lines.py", status="changed"),
    )
    wanted = {*CHANGED, "from.py", "to.py", "copy.py", "picture.png"}
    assert base.differing([*ASKED, *wanted]) == wanted
    assert base.differing(["kept.py", "to.py"]) == {"to.py"}


def test_a_rebuilt_base_does_not_have_uncommitted_changes(project: Repository) -> None:
    change(project)
    assert rebuilt(project).differing(ASKED) == CHANGED
