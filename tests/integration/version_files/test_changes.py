"""What a branch changes against its base, in real Git repositories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from action.base.locate import locate
from action.errors import SettingsError
from action.project.discovery import find_trees, repository_root
from action.repository.export import checkout_at
from action.repository.git import GitError
from action.version_files.changes import read_changes
from action.version_files.reading import read_tree_graph
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Graph
from tests.repositories import Repository


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """Make a repository whose main branch has a <- b, with a branch ``work`` checked out."""
    project = Repository(tmp_path / "project")
    project.init()
    project.tree()
    project.revisions("a", "b<-a")
    project.commit()
    project.git("checkout", "--quiet", "-b", "work")
    return project


def read(project: Repository, base: str | None = "main", folder: str = "") -> tuple[Changes | None, str | None]:
    root = repository_root(project.root)
    (tree,) = find_trees(project.root / folder)
    with locate(root, None, name=base) as found:
        changes = read_changes(tree, root, found, read_tree_graph(tree, root))
    return (None, changes.reason) if isinstance(changes, Absent) else (changes, None)


def changes(project: Repository, base: str = "main") -> Changes:
    found, missing = read(project, base)
    assert found is not None
    assert missing is None
    return found


def ids(graph: Graph) -> list[str]:
    return sorted(revision.id for revision in graph.revisions)


def move_main(project: Repository, *lines: str, remove: tuple[str, ...] = ()) -> None:
    """Commit to main what others merged meanwhile, and go back to ``work`` with its uncommitted files."""
    project.git("checkout", "--quiet", "main")
    project.revisions(*lines)
    project.remove(*remove)
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message=x")
    project.git("checkout", "--quiet", "work")


def test_nothing_changed(project: Repository) -> None:
    found = changes(project)
    sha = project.git("rev-parse", "main")
    assert found == Changes(
        base="main",
        base_sha=sha,
        merge_base_sha=sha,
        base_graph=found.base_graph,
        fork_graph=found.base_graph,
        merged_graph=found.base_graph,
    )
    assert ids(found.base_graph) == ["a", "b"]


def test_what_both_sides_added_is_there_after_the_merge(project: Repository) -> None:
    project.revisions("c<-b", "d<-c")
    project.commit()
    move_main(project, "m<-b")
    found = changes(project)
    assert (ids(found.fork_graph), ids(found.base_graph)) == (["a", "b"], ["a", "b", "m"])
    assert ids(found.merged_graph) == ["a", "b", "c", "d", "m"]
    assert (found.new, found.removed, found.edited) == (("c", "d"), (), ())
    assert found.merge_base_sha == project.git("rev-parse", "main~1") != found.base_sha


def test_new_revisions_are_told_parents_first(project: Repository) -> None:
    project.revisions("z<-b", "c<-z")
    assert changes(project).new == ("z", "c")


def test_uncommitted_and_untracked_files_count(project: Repository) -> None:
    project.revisions("c<-b")
    project.commit()
    project.revisions("d<-c", "b")
    project.remove("migrations/versions/a.py")
    found = changes(project)
    assert (found.new, found.removed, found.edited) == (("c", "d"), ("a",), ("b",))
    assert ids(found.merged_graph) == ["b", "c", "d"]


def test_what_only_the_base_changed_is_the_bases(project: Repository) -> None:
    project.revisions("c<-b")
    project.commit()
    project.git("checkout", "--quiet", "main")
    project.files({"migrations/versions/a.py": 'revision = "a"\ndown_revision = None\nbranch_labels = "core"\n'})
    move_main(project, remove=("migrations/versions/b.py",))
    found = changes(project)
    assert ids(found.merged_graph) == ["a", "c"]
    assert [r.branch_labels for r in found.merged_graph.revisions if r.id == "a"] == [("core",)]
    assert (found.removed, found.edited) == ((), ())


def test_what_both_changed_is_the_working_trees(project: Repository) -> None:
    project.revisions("b")
    project.commit()
    project.git("checkout", "--quiet", "main")
    project.files({"migrations/versions/b.py": 'revision = "b"\ndown_revision = "a"\n# other\n'})
    move_main(project)
    (b,) = (r for r in changes(project).merged_graph.revisions if r.id == "b")
    assert b.down_revisions == ()


def test_a_renamed_file_is_an_edit_and_no_duplicate(project: Repository) -> None:
    project.git("mv", "migrations/versions/b.py", "migrations/versions/2026_b.py")
    project.files({"migrations/versions/2026_b.py": 'revision = "b"\ndown_revision = "a"\n# moved\n'})
    found = changes(project)
    assert (found.new, found.removed, found.edited, ids(found.merged_graph)) == ((), (), ("b",), ["a", "b"])


def test_line_ends_are_no_edit(project: Repository) -> None:
    path = project.root / "migrations/versions/b.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert changes(project).edited == ()


def test_a_tree_that_the_base_does_not_have(project: Repository) -> None:
    project.tree("new")
    project.revisions("x", "y<-x", folder="new/migrations/versions")
    found, _ = read(project, folder="new")
    assert found is not None
    assert (found.base_graph, found.fork_graph, found.new) == (Graph(), Graph(), ("x", "y"))
    assert ids(found.merged_graph) == ["x", "y"]


def test_only_files_that_alembic_lists_count(project: Repository) -> None:
    listed = {"migrations/versions/sub/x.py": "revision = 'x'\n", "migrations/versions/__init__.py": ""}
    project.git("checkout", "--quiet", "main")
    project.files({**listed, "migrations/versions/note.txt": "", "migrations/versions_old/z.py": ""})
    move_main(project)
    found = changes(project)
    assert (ids(found.base_graph), found.base_graph.unreadable) == (["a", "b"], ())


def test_recursive_locations_and_names_that_git_quotes(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.tree(recursive_version_locations="true", version_locations="bäse/v", path_separator="os")
    project.revisions("a", "b<-a", folder="bäse/v/20 26")
    project.commit()
    project.revisions("c<-b", folder="bäse/v")
    found = changes(project)
    assert [r.path for r in found.base_graph.revisions] == ["bäse/v/20 26/a.py", "bäse/v/20 26/b.py"]
    assert found.new == ("c",)


def test_the_root_may_be_a_version_location(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.tree(version_locations=".")
    project.revisions("a", folder=".")
    project.commit()
    assert ids(changes(project).base_graph) == ["a"]


def test_a_base_that_only_the_remote_has(project: Repository, tmp_path: Path) -> None:
    project.git("checkout", "--quiet", "main")
    project.git("clone", "--quiet", "--branch=work", str(project.root), str(tmp_path / "clone"))
    assert changes(Repository(tmp_path / "clone")).base == "origin/main"


@pytest.mark.parametrize("base", ["HEAD", "refs/heads/main", "main~0"])
def test_a_base_is_any_ref(project: Repository, base: str) -> None:
    assert changes(project, base).base == base


def test_a_commit_is_a_base(project: Repository) -> None:
    sha = project.git("rev-parse", "main")
    assert changes(project, sha[:10]).base_sha == sha


def test_no_base(project: Repository) -> None:
    assert read(project, None) == (None, "No base was named, so every revision is taken as it stands.")


@pytest.mark.parametrize("base", ["absent", "--help", "main:migrations", ""])
def test_a_base_that_is_not_there(project: Repository, base: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read(project, base)
    assert raised.value.what == f"The base {base} cannot be found in the repository."
    assert raised.value.why == f"Git knows neither {base} nor origin/{base}."


def test_histories_without_a_common_commit(project: Repository) -> None:
    project.git("checkout", "--quiet", "--orphan", "alone")
    project.revisions("c<-b")
    project.commit()
    assert read(project) == (
        None,
        "HEAD and main have no commit in common: name the base that this branch started from.",
    )


def test_a_shallow_clone_is_not_guessed_at(project: Repository, tmp_path: Path) -> None:
    project.revisions("c<-b")
    project.commit()
    move_main(project, "m<-b")
    source = f"file://{project.root}"
    project.git("clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=work", source, str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    assert read(clone) == (
        None,
        "The history shared with origin/main is not in this shallow clone: fetch it "
        "(git fetch --unshallow, or fetch-depth: 0 for actions/checkout).",
    )
    with pytest.raises(SettingsError) as raised:
        read(clone, "absent")
    assert raised.value.why.endswith("The clone is shallow: it holds only a part of the history.")


def test_no_repository(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.tree()
    with pytest.raises(SettingsError) as raised:
        read(project)
    assert raised.value.what == "The base main cannot be compared with."
    assert raised.value.why.startswith("Git says: fatal: not a git repository")
    assert read(project, None)[0] is None


def test_no_commit_yet(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.tree()
    with pytest.raises(SettingsError):
        read(project)


def test_no_git(project: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError) as raised:
        read(project)
    assert raised.value.why == "Git says: the program git is not installed."


def test_the_environment_cannot_point_elsewhere(
    project: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "absent"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "absent"))
    assert ids(changes(project).base_graph) == ["a", "b"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_checkout_that_another_user_owns(project: Repository) -> None:
    for path in (project.root, *project.root.rglob("*")):
        os.chown(path, 12345, 12345)
    assert ids(changes(project).base_graph) == ["a", "b"]


def test_the_repository_is_not_touched(project: Repository) -> None:
    project.revisions("c<-b")
    before = {path: path.stat().st_mtime_ns for path in project.root.rglob("*")}
    changes(project)
    assert {path: path.stat().st_mtime_ns for path in project.root.rglob("*")} == before


@pytest.fixture
def exported(project: Repository, tmp_path: Path) -> Path:
    """Export main while ``work`` has other files, staged ones and settings."""
    project.files({".gitignore": ".env\n.env.local\n", "app/models.py": "OLD = 1\n", "run.sh": "#!/bin/sh\n"})
    (project.root / "run.sh").chmod(0o755)
    project.git("checkout", "--quiet", "main")
    project.commit()
    project.git("checkout", "--quiet", "work")
    project.files({"app/models.py": "NEW = 1\n", ".env": "A=1\n", "migrations/.env.local": "B=1\n"})
    project.files({".env.example": "C=1\n", ".envrc/x": "", "untracked.py": ""})
    project.git("add", "app/models.py", ".env.example")
    checkout_at(project.root, project.git("rev-parse", "main"), tmp_path / "base", [project.root / "migrations"])
    return tmp_path / "base"


def test_an_export_has_the_commits_files_and_the_untracked_settings(exported: Path) -> None:
    files = {path.relative_to(exported).as_posix() for path in exported.rglob("*") if path.is_file()}
    assert files == {
        ".env",
        ".gitignore",
        "alembic.ini",
        "app/models.py",
        "migrations/.env.local",
        "migrations/env.py",
        "migrations/versions/a.py",
        "migrations/versions/b.py",
        "run.sh",
    }
    assert (exported / "app/models.py").read_text() == "OLD = 1\n"
    assert os.access(exported / "run.sh", os.X_OK)


@pytest.mark.usefixtures("exported")
def test_an_export_leaves_the_index_and_the_worktrees_alone(project: Repository) -> None:
    assert project.git("diff", "--cached", "--name-only").splitlines() == [".env.example", "app/models.py"]
    assert len(project.git("worktree", "list").splitlines()) == 1


def test_an_export_of_what_is_not_there(project: Repository, tmp_path: Path) -> None:
    with pytest.raises(GitError):
        checkout_at(project.root, "0" * 40, tmp_path / "base")
