"""What a branch changes against its base, in real Git repositories."""

from __future__ import annotations

from pathlib import Path

from checks.recording.revisions import Changes, Graph
from tests.integration.version_files.comparing import changes, ids, move_main, read
from tests.repositories import Repository


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


def test_new_revisions_come_parents_first(project: Repository) -> None:
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
