"""What Alembic has loaded corrects what was read."""

from __future__ import annotations

from pathlib import Path

from action.project.discovery import find_trees
from action.version_files.as_loaded import RevisionUsed, corrections_of, is_as_loaded
from action.version_files.reading import read_graph, read_tree_graph, working_files
from tests.repositories import Repository


def used(id_: str, *parents: str, path: str = "") -> RevisionUsed:
    return RevisionUsed(id=id_, path=path or f"migrations/versions/{id_}.py", down_revisions=parents)


def project(root: Path) -> Repository:
    repository = Repository(root)
    repository.tree()
    repository.revisions("a", "b<-a")
    return repository


def test_what_was_read_as_it_was_loaded_needs_no_correction(tmp_path: Path) -> None:
    root = project(tmp_path).root
    (tree,) = find_trees(root)
    assert is_as_loaded(read_tree_graph(tree, root), [used("a"), used("b", "a")])
    assert not is_as_loaded(read_tree_graph(tree, root), [used("a"), used("b")])
    assert not is_as_loaded(read_tree_graph(tree, root), [used("a")])
    assert not is_as_loaded(read_tree_graph(tree, root), [used("a"), used("b", "a", path="elsewhere/b.py")])


def test_the_values_that_a_file_has_when_it_runs_count_also_for_the_same_file_elsewhere(tmp_path: Path) -> None:
    root = project(tmp_path).root
    (tree,) = find_trees(root)
    corrections = corrections_of(tree, root, [used("a"), used("b")])
    files = dict(working_files(tree, root))
    (moved,) = (content for path, content in files.items() if path.endswith("b.py"))
    for there in (files, {"old/versions/b.py": moved}):
        graph = corrections.applied(read_graph(there.items()), there)
        assert [r.down_revisions for r in graph.revisions if r.id == "b"] == [()]
    changed = {"migrations/versions/b.py": moved + b"# edited"}
    assert corrections.applied(read_graph(changed.items()), changed).revisions[0].down_revisions == ("a",)


def test_a_file_that_cannot_be_read_has_the_values_that_alembic_found(tmp_path: Path) -> None:
    repository = project(tmp_path)
    repository.files({"migrations/versions/c.py": "revision = ID\ndown_revision = 'b'\n"})
    (tree,) = find_trees(repository.root)
    corrections = corrections_of(tree, repository.root, [used("a"), used("b", "a"), used("c", "b")])
    files = dict(working_files(tree, repository.root))
    graph = corrections.applied(read_graph(files.items()), files)
    assert [(r.id, r.down_revisions) for r in graph.revisions] == [("a", ()), ("b", ("a",)), ("c", ("b",))]
    assert graph.unreadable == ()


def test_a_revision_of_no_file_of_ours_is_added_to_every_side(tmp_path: Path) -> None:
    root = project(tmp_path).root
    (tree,) = find_trees(root)
    corrections = corrections_of(tree, root, [used("a"), used("b", "a"), used("z", path="/opt/plugin/z.py")])
    graph = corrections.completed(corrections.applied(read_tree_graph(tree, root), {}))
    assert [(r.id, r.path) for r in graph.revisions][-1] == ("z", "/opt/plugin/z.py")
