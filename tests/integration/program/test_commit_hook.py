"""The hook for pre-commit: what it says of staged files, and of what it cannot check."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from action.about import page_url
from tests.integration.program.staged import VERSIONS, cloned, headers, hook, revision
from tests.repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return cloned(tmp_path)


STAGED: dict[str, tuple[dict[str, str], list[str]]] = {
    "a new revision": (revision("c", "b"), []),
    "two heads": (revision("c", "b") | revision("d", "b"), [f"error  multiple-heads  {VERSIONS}/d.py:3"]),
    "no such parent": (
        revision("c", "b") | revision("d", "x"),
        [f"error  missing-parent  {VERSIONS}/d.py:3"],
    ),
    "a cycle": (revision("c", "d") | revision("d", "c"), [f"error  revision-cycle  {VERSIONS}/c.py:3"]),
    "an id twice": (
        revision("c", "b") | {f"{VERSIONS}/copy.py": next(iter(revision("c", "b").values()))},
        [f"error  duplicate-revision-id  {VERSIONS}/copy.py:2"],
    ),
    "a long id": (revision("c" * 40, "b"), [f"error  revision-id-too-long  {VERSIONS}/cccccccc.py:2"]),
    "an edit of a merged revision": (
        revision("b", "a", "SELECT 2"),
        [f"error  edited-revision  {VERSIONS}/b.py:5"],
    ),
    "a comment in a merged revision": ({f"{VERSIONS}/b.py": "# why\n" + next(iter(revision("b", "a").values()))}, []),
    "an edit with a reason": (
        {
            f"{VERSIONS}/b.py": "# alembic-checks: ignore[edited-revision] nobody ran it\n"
            + next(iter(revision("b", "a", "SELECT 2").values()))
        },
        [],
    ),
    "heads that are a warning for the project": (
        revision("c", "b")
        | revision("d", "b")
        | {"pyproject.toml": '[tool.alembic-checks]\nfail-on = "warning"\nseverity.multiple-heads = "warning"\n'},
        [f"warning  multiple-heads  {VERSIONS}/d.py:3"],
    ),
    "heads that the project allows": (
        revision("c", "b")
        | revision("d", "b")
        | {"pyproject.toml": '[tool.alembic-checks]\nallow-heads = "d"\nfail_on = "warning"\n'},
        [],
    ),
}


@pytest.mark.parametrize("name", STAGED)
def test_what_is_staged_is_judged(name: str, repository: Repository) -> None:
    files, expected = STAGED[name]
    repository.files(files)
    repository.git("add", "--all")
    done = hook(repository)
    assert (headers(done), done.returncode) == (expected, 1 if expected else 0)


def two_heads_on_disk(repository: Repository) -> None:
    repository.files(revision("c", "b"))
    repository.git("add", "--all")
    repository.files(revision("d", "b"))


def mended_on_disk(repository: Repository) -> None:
    repository.files(revision("c", "b") | revision("d", "b"))
    repository.git("add", "--all")
    repository.files(revision("d", "c"))


def edited_on_disk(repository: Repository) -> None:
    repository.files(revision("c", "b"))
    repository.git("add", "--all")
    repository.files(revision("b", "a", "SELECT 2"))


def removed(repository: Repository) -> None:
    repository.git("rm", "--quiet", f"{VERSIONS}/b.py")


def nothing_of_python(repository: Repository) -> None:
    repository.files(revision("c", "b") | revision("d", "b"))
    repository.commit()
    repository.files({"notes.md": "x"})
    repository.git("add", "--all")


def nothing_staged(repository: Repository) -> None:
    repository.files(revision("c", "b") | revision("d", "b"))
    repository.commit()


def main_is_ahead(repository: Repository) -> None:
    origin = Repository(repository.root.parent / "origin")
    origin.files(revision("m", "b") | revision("a", None, "SELECT 3"))
    origin.commit()
    repository.git("fetch", "--quiet")
    repository.files(revision("c", "b"))
    repository.git("add", "--all")


def main_is_merged(repository: Repository) -> None:
    main_is_ahead(repository)
    repository.git("commit", "--quiet", "--message=c")
    repository.git("merge", "--no-commit", "--no-ff", "origin/main")
    repository.files(revision("c", "m"))
    repository.git("add", "--all")


SITUATIONS: dict[Callable[[Repository], None], list[str]] = {
    two_heads_on_disk: [],
    edited_on_disk: [],
    mended_on_disk: [f"error  multiple-heads  {VERSIONS}/d.py:3"],
    removed: [f"error  removed-revision  {VERSIONS}/b.py"],
    nothing_of_python: [],
    nothing_staged: [f"error  multiple-heads  {VERSIONS}/d.py:3"],
    main_is_ahead: [],
    main_is_merged: [],
}


@pytest.mark.parametrize("prepare", SITUATIONS, ids=lambda prepare: prepare.__name__)
def test_the_index_counts_and_not_the_work_tree(prepare: Callable[[Repository], None], repository: Repository) -> None:
    prepare(repository)
    assert headers(hook(repository)) == SITUATIONS[prepare]


def test_on_the_default_branch_itself_own_commits_may_be_edited(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "alone")
    repository.tree()
    repository.files(revision("a", None))
    repository.init()
    repository.git("add", "--all")
    assert headers(hook(repository)) == []  # no commit yet
    repository.commit()
    repository.files(revision("a", None, "SELECT 2"))
    repository.git("add", "--all")
    assert headers(hook(repository)) == []
    repository.git("checkout", "--quiet", "-b", "work")
    assert headers(hook(repository)) == [f"error  edited-revision  {VERSIONS}/a.py:5"]
    assert headers(hook(repository, "--base", "work")) == [f"error  edited-revision  {VERSIONS}/a.py:5"]


def test_the_whole_text_of_a_finding(repository: Repository) -> None:
    repository.files(revision("c", "b") | revision("d", "b"))
    repository.git("add", "--all")
    assert (
        hook(repository).stdout
        == f"""\
error  multiple-heads  {VERSIONS}/d.py:3
  After the merge into origin/main, the revision graph has two heads: c and d, split at b.
  Why: A deploy stops: alembic upgrade head refuses to run with more than one head. It is not known
  which head came first: origin/main has neither, and the create dates do not show it.
  Fix: Set d's `down_revision` to c. Or add a merge revision that joins the heads.
  Set d's down_revision to c (line 3):
    down_revision = 'c'
  Or add a merge revision:
    alembic merge -m "merge heads" c d
  More: {page_url("multiple-heads")}
"""
    )


@pytest.mark.parametrize(
    ("files", "arguments", "code", "text"),
    [
        ({}, ["--base", "gone"], 2, "The base gone is not in the repository.\nFetch it, or change --base.\n"),
        (
            {"pyproject.toml": "[tool.alembic-checks]\nallow-heads = 3\n"},
            [],
            2,
            "pyproject.toml: its table [tool.alembic-checks] cannot be read: 'int' object is not iterable.\n",
        ),
        ({"alembic.ini": "", "migrations/env.py": None}, [], 3, "No Alembic config was found below "),
    ],
)
def test_what_it_cannot_check_is_no_pass(
    files: dict[str, str | None], arguments: list[str], code: int, text: str, repository: Repository
) -> None:
    repository.remove(*(path for path, content in files.items() if content is None))
    repository.files({path: content for path, content in files.items() if content is not None})
    if code == 3:
        shutil.rmtree(repository.root / "migrations")
    repository.git("add", "--all")
    done = hook(repository, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(text)
