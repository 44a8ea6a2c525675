"""Which Alembic configs a change touches, in real repositories."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from action.base.from_git import named
from action.base.from_patches import RebuiltBase
from action.base.interface import Base, ChangedFile
from action.base.touched import untouched
from action.project.discovery import find_trees
from action.project.tree_files import NamedBySettings
from checks.recording.absent import Absent
from tests.projects import builder
from tests.projects.builder import BOOK, below, tree

LIBRARY = {"libs/common/__init__.py": "", "libs/common/db.py": "VALUE = 1"}
NO_SETTINGS = NamedBySettings(env={})
Change = Callable[[Path], object]


def left_alone(root: Path, base: Base | Absent | None = None) -> list[str]:
    """Return the services that the change leaves alone."""
    base = named(root, "main") if base is None else base
    assert not isinstance(base, Absent)
    trees = find_trees(root)
    found = untouched(trees, trees, root, base, NO_SETTINGS)
    assert all(one.files >= 5 for one in found.values())
    return sorted(path.split("/")[1] for path in found)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository of two services, of which the first uses a library, and a branch of it."""
    first = tree(BOOK, models=f"import libs.common.db\n{builder.MODELS}")
    builder.commit(tmp_path, below("services/a", first), below("services/b", tree(BOOK)), LIBRARY, {"README.md": "x"})
    builder.git(tmp_path, "switch", "-qc", "work")
    return tmp_path


def committed(name: str, text: str) -> Change:
    return lambda root: builder.commit(root, {name: text})


def written(name: str, text: str) -> Change:
    return lambda root: builder.write(root, {name: text})


def removed(name: str) -> Change:
    return lambda root: (root / name).unlink()


def linked(name: str, target: str) -> Change:
    return lambda root: (root / name).symlink_to(target)


def on_main(root: Path) -> None:
    builder.git(root, "switch", "-q", "main")
    builder.commit(root, {"services/a/models.py": "changed = 1"})
    builder.git(root, "switch", "-q", "work")


def with_other_line_ends(root: Path) -> None:
    file = root / "services" / "a" / "models.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (committed("README.md", "y"), "ab"),
        (committed("services/b/models.py", "x = 1"), "a"),
        (written("services/b/new.py", "x = 1"), "a"),
        (removed("services/b/migrations/script.py.mako"), "a"),
        (committed("libs/common/db.py", "VALUE = 2"), "b"),
        (removed("libs/common/__init__.py"), "b"),
        (committed("uv.lock", "x"), ""),
        (linked("services/b/shared", "../../libs"), "a"),
        (committed(".gitmodules", "x"), ""),
        (on_main, "ab"),
        (with_other_line_ends, "ab"),
    ],
    ids=[
        *("a text", "committed", "not committed", "removed", "a library", "a part of a library", "a lock", "a link"),
        *("submodules", "a change of the base alone", "line ends"),
    ],
)
def test_what_a_change_leaves_alone(repository: Path, change: Change, left: str) -> None:
    change(repository)
    assert left_alone(repository) == list(left)


def test_a_link_of_the_base_that_is_gone_is_not_passed_over(tmp_path: Path) -> None:
    builder.write(tmp_path, below("services/a", tree(BOOK)))
    (tmp_path / "services" / "a" / "shared").symlink_to("../../libs")
    builder.commit(tmp_path, LIBRARY)
    builder.git(tmp_path, "switch", "-qc", "work")
    (tmp_path / "services" / "a" / "shared").unlink()
    builder.commit(tmp_path, {})
    assert left_alone(tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        (ChangedFile(path="services/b/models.py", status="modified", patch="@@ -1 +1 @@\n-x\n+y", changes=2), "a"),
        (ChangedFile(path="README.md", status="modified", patch="@@ -1 +1 @@\n-x\n+y", changes=2), "ab"),
        (ChangedFile(path="services/a/shared", status="removed"), "b"),
    ],
    ids=["a file", "a text", "what was a link perhaps"],
)
def test_of_a_base_that_is_rebuilt_from_patches(repository: Path, changed: ChangedFile, left: str) -> None:
    head = builder.git(repository, "rev-parse", "HEAD")
    base = RebuiltBase(name="main", fork_sha="f" * 40, note=None, root=repository, head_sha=head, changed=[changed])
    assert left_alone(repository, base) == list(left)
