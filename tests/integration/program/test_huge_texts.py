"""Texts of millions of characters: each is cut where it enters, and every report is written and can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects.builder import BOOK, MODELS, Revision, tree, write

LONGEST = 400_000
"""Bytes of a report of one finding, whatever it quotes."""
RAISED = {
    "one word": "'x' * 15_000_000",
    "lines": "'x\\n' * 7_500_000",
    "Markdown": "'`*_[]()<a@b.c> #1 ' * 1_000_000",
    "backticks": "'`' * 15_000_000",
    "control sequences": "'\\x1b[31m\\x1b]0;' * 2_000_000",
    "hidden characters": "'\\u202e\\u200b' * 7_000_000",
}


def sizes(folder: Path) -> list[int]:
    return [file.stat().st_size for file in folder.rglob("report.*")]


@pytest.mark.parametrize("text", RAISED.values(), ids=RAISED)
def test_an_exception(run: Run, tmp_path: Path, text: str) -> None:
    raises = Revision(id="b2", down="a1", upgrade=f"raise ValueError({text})")
    project = write(tmp_path / "project", tree(BOOK, raises))
    ran = run(project, "--report-dir", tmp_path / "out")
    assert (ran.code, ran.outline[3:6]) == (1, UPGRADE), ran.stderr
    assert len(sizes(tmp_path / "out")) == 4
    assert max(sizes(tmp_path / "out")) < LONGEST
    assert len(ran.stdout) < LONGEST
    (raised,) = [piece["text"] for piece in ran.finding("migration-fails")["evidence"] if piece["title"] == "Traceback"]
    assert 'b2_.py", line 12, in upgrade' in raised
    assert raised.rstrip().endswith("more characters)")


UPGRADE = [
    "  history skipped",
    "  upgrade failed",
    "    error migration-fails b2 migrations/versions/b2_.py:12",
]


@pytest.mark.parametrize(
    "where", ["server_default='d' * 15_000_000", "comment='d' * 15_000_000"], ids=["default", "comment"]
)
def test_a_model(run: Run, tmp_path: Path, where: str) -> None:
    models = MODELS.replace("nullable=False", f"nullable=False, {where}")
    project = write(tmp_path / "project", tree(BOOK, models=models))
    ran = run(project, "--report-dir", tmp_path / "out")
    assert ran.check("drift")["findings"] != [], ran.stderr
    assert max(sizes(tmp_path / "out")) < LONGEST
    texts = [fix["text"] for check in (ran.check("drift"), *ran.check("drift")["findings"]) for fix in check["fixes"]]
    assert not any("more characters)" in text for text in texts), "lines to copy are whole or not there"


def test_a_name(run: Run, tmp_path: Path) -> None:
    models = f"{MODELS}\nTable('t' * 15_000_000, metadata, Column('id', Integer, primary_key=True))\n"
    ran = run(write(tmp_path / "project", tree(BOOK, models=models)), "--report-dir", tmp_path / "out")
    assert ran.check("drift")["status"] in ("failed", "skipped"), ran.stderr
    assert max(sizes(tmp_path / "out")) < LONGEST


def test_a_statement(run: Run, tmp_path: Path) -> None:
    fails = Revision(id="b2", down="a1", upgrade="op.execute('SELECT nope /* ' + 'x' * 50_000_000 + ' */')")
    project = write(tmp_path / "project", tree(BOOK, fails))
    ran = run(project, "--report-dir", tmp_path / "out")
    assert ran.finding("migration-fails")["message"] == 'Revision b2 fails: column "nope" does not exist.'
    assert max(sizes(tmp_path / "out")) < LONGEST


def test_what_is_printed(run: Run, tmp_path: Path) -> None:
    prints = Revision(id="b2", down="a1", upgrade="import sys\nfor _ in range(100): sys.stdout.write('p' * 1_000_000)")
    ran = run(write(tmp_path / "project", tree(BOOK, prints)), "--verbose")
    assert (ran.code, ran.outline[0]) == (0, "passed")
    assert len(ran.stderr) < LONGEST
