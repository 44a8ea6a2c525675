"""Check ``heads`` answers from the version files alone, whatever else cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects import builder, graphs
from tests.projects.builder import write

NO_SERVER = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"
SPLITS = {
    "two heads": (graphs.two_heads(), "error multiple-heads c3 c3 migrations/versions/c3_.py:6"),
    "duplicate id": (
        graphs.duplicate_id(),
        "error duplicate-revision-id b2 migrations/versions/copy_.py migrations/versions/copy_.py:5",
    ),
    "second base": (graphs.second_base(), "error second-base b2 migrations/versions/b2_.py:6"),
}
"""Graphs that Alembic can run with ``upgrade heads``."""
BROKEN = {
    "missing parent": (
        graphs.missing_parent(),
        "error missing-parent b2 z9 migrations/versions/b2_.py:6",
        "KeyError: 'z9'",
    ),
    "cycle": (
        graphs.cycle(),
        "error revision-cycle b2 migrations/versions/b2_.py:6",
        "CycleDetected: Cycle is detected in revisions (b2, c3)",
    ),
}
ALL = {**SPLITS, **{name: (files, finding) for name, (files, finding, _) in BROKEN.items()}}


def failed(finding: str, others: str, *history: str) -> list[str]:
    """Return the report of a project that is compared with a base only where ``history`` says what came of it."""
    heads = ["failed", "alembic.ini", "  heads failed", f"    {finding}"]
    return [*heads, *(history or ("  history skipped",)), f"  upgrade {others}", f"  drift {others}"]


@pytest.mark.parametrize("name", SPLITS)
def test_a_split_does_not_keep_the_other_checks_from_judging(name: str, run: Run, tmp_path: Path) -> None:
    files, finding = SPLITS[name]
    ran = run(write(tmp_path, files))
    assert ran.outline == failed(finding, "passed"), ran.stderr
    assert ran.code == 1


@pytest.mark.parametrize("name", BROKEN)
def test_a_graph_that_alembic_cannot_read_fails_heads_alone(name: str, run: Run, tmp_path: Path) -> None:
    files, finding, error = BROKEN[name]
    ran = run(write(tmp_path, files))
    assert ran.outline == failed(finding, "skipped"), ran.stderr
    assert ran.reason("upgrade") == f"Alembic cannot read the revision graph: {error}"
    assert ran.code == 1


@pytest.mark.parametrize("name", SPLITS)
def test_heads_answers_without_the_project_s_dependencies(name: str, run: Run, tmp_path: Path) -> None:
    files, finding = SPLITS[name]
    ran = run(write(tmp_path, files, {"models.py": "import library_of_nowhere"}))
    assert ran.outline == failed(finding, "error"), ran.stderr
    assert ran.code == 5


@pytest.mark.parametrize("name", ALL)
def test_heads_answers_without_postgresql(name: str, run: Run, tmp_path: Path) -> None:
    files, finding = ALL[name]
    ran = run(write(tmp_path, files), "--database-url", NO_SERVER)
    assert ran.code == 4
    assert ran.outline == failed(finding, "skipped"), ran.stderr


def test_labelled_branches_that_depend_on_each_other_pass(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, graphs.labelled_branches()))
    assert ran.outline == [
        "passed",
        "alembic.ini",
        "  heads passed",
        "  history skipped",
        "  upgrade passed",
        "  drift passed",
    ], ran.stderr


def test_heads_can_be_allowed(run: Run, tmp_path: Path) -> None:
    settings = {"pyproject.toml": '[tool.alembic-checks]\nallow-heads = ["c3"]'}
    ran = run(write(tmp_path, graphs.two_heads(), settings))
    assert ran.outline == [
        "passed",
        "alembic.ini",
        "  heads passed",
        "  history skipped",
        "  upgrade passed",
        "  drift passed",
    ], ran.stderr


def test_heads_are_counted_on_the_result_of_the_merge(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, builder.tree(builder.BOOK))
    builder.git(tmp_path, "switch", "-qc", "work")
    builder.commit(tmp_path, builder.versions(graphs.B2))
    builder.git(tmp_path, "switch", "-q", "main")
    builder.commit(tmp_path, builder.versions(graphs.C3))
    builder.git(tmp_path, "switch", "-q", "work")
    ran = run(tmp_path, "--base", "main")
    stale = ("  history passed", "    warning stale-parent b2 migrations/versions/b2_.py:6")
    heads = "error multiple-heads b2 b2 migrations/versions/b2_.py:6"
    assert ran.outline == failed(heads, "passed", *stale), ran.stderr
    finding = ran.finding("multiple-heads")
    assert "c3 came first: it is already on main." in finding["why"]
    assert [fix["text"] for fix in finding["fixes"]] == ["down_revision = 'c3'", 'alembic merge -m "merge heads" c3 b2']


def test_a_split_that_the_base_has_is_a_notice(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, graphs.two_heads())
    builder.git(tmp_path, "switch", "-qc", "work")
    builder.commit(tmp_path, builder.versions(builder.Revision(id="d4", down="b2")))
    ran = run(tmp_path, "--base", "main")
    notice = ["  heads passed", "    notice multiple-heads d4 d4 migrations/versions/d4_.py:5"]
    others = ["  history passed", "  upgrade passed", "  drift passed"]
    assert ran.outline == ["passed", "alembic.ini", *notice, *others], ran.stderr
    assert ran.code == 0
