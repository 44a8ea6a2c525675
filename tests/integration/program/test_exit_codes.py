"""Each exit code, reached as a user reaches it, and what the run then says."""

from __future__ import annotations

import json
import venv
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects import env_files, graphs
from tests.projects.builder import BOOK, tree, write
from tests.projects.env_files import AUTHOR


def test_0_and_a_report_on_every_surface(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path / "project", tree(BOOK))
    ran = run(project, "--markdown", tmp_path / "report.md")
    assert ran.code == 0
    assert ran.stdout.startswith("PASSED")
    assert "passed" in (tmp_path / "report.md").read_text()


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("never", 0)])
def test_1_unless_nothing_may_fail(fail_on: str, code: int, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, graphs.two_heads()), "--fail-on", fail_on)
    assert (ran.code, ran.report["verdict"]) == (code, "failed")


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("never", 0)])
def test_1_for_what_could_not_be_judged(fail_on: str, code: int, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, env_files.exits()), "--fail-on", fail_on)
    assert (ran.code, ran.report["verdict"]) == (code, "inconclusive")


def test_2_with_all_wrong_settings_at_once(run: Run, tmp_path: Path) -> None:
    write(tmp_path, tree(BOOK), {"pyproject.toml": '[tool.alembic-checks]\nfail-on = "perhaps"\nspeed = 3'})
    ran = run(tmp_path, "--timeout", "-1")
    assert (ran.code, ran.report, ran.stdout) == (2, {}, "")
    assert [name for name in ("fail-on", "speed", "--timeout") if name not in ran.stderr] == []


def test_2_for_an_interpreter_that_is_not_there(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(BOOK)), "--python", tmp_path / "python")
    assert (ran.code, ran.report) == (2, {})
    assert ran.stderr.splitlines()[-3] == f"--python {tmp_path / 'python'}: this interpreter does not exist."


def test_3_without_an_alembic_project(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, {"README": "A library"}))
    assert (ran.code, ran.report, ran.stdout) == (3, {}, "")


def test_4_without_postgresql(run: Run, tmp_path: Path) -> None:
    url = "postgresql://ann:hush-hush@127.0.0.1:1/library"
    ran = run(write(tmp_path, tree(BOOK)), "--database-url", url)
    assert ran.code == 4
    assert ran.reason("upgrade") == "No connection to the PostgreSQL server at 127.0.0.1:1."
    assert ran.reason("upgrade") not in ran.stderr
    assert "hush-hush" not in ran.stdout + ran.stderr


def test_4_without_the_version_of_postgresql_that_was_asked_for(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(BOOK)), "--postgres", "9")
    assert ran.code == 4


def test_5_for_an_interpreter_without_alembic(run: Run, tmp_path: Path) -> None:
    """The interpreter is the project's, found in its folder."""
    write(tmp_path, tree(BOOK))
    venv.create(tmp_path / ".venv", with_pip=False, symlinks=True)
    ran = run(tmp_path)
    assert ran.code == 5
    python = tmp_path / ".venv" / "bin" / "python"
    lacks = "The project needs the modules 'alembic' and 'sqlalchemy'"
    assert ran.reason("upgrade") == f"{lacks}, which {python} cannot import."
    assert ran.outline == [
        "inconclusive",
        "alembic.ini",
        "  heads passed",
        "  history skipped",
        "  upgrade error",
        "  drift error",
    ]


def test_70_when_what_we_stand_on_breaks(run: Run, tmp_path: Path) -> None:
    """The library for GitHub's API, which is imported at the end, is broken."""
    project = write(tmp_path / "project", tree(BOOK), {"event.json": "{}"})
    write(tmp_path / "broken", {"github/__init__.py": "raise LookupError('it is broken')"})
    ran = run(
        project,
        GITHUB_ACTIONS="true",
        GITHUB_EVENT_NAME="push",
        GITHUB_EVENT_PATH=str(project / "event.json"),
        GITHUB_REPOSITORY="ann/library",
        PYTHONPATH=str(tmp_path / "broken"),
        **{"INPUT_GITHUB-TOKEN": "t0ken"},
    )
    assert ran.code == 70
    assert ran.report["verdict"] == "passed"
    assert ran.stderr == "", "the log has one stream"
    said = ran.stdout.splitlines()
    fault = said.index("This is a bug in alembic-checks. Report it with the lines above.")
    assert said[fault - 1] == "LookupError: it is broken"


def test_a_recording_judged_again_gives_the_same_report(run: Run, tmp_path: Path) -> None:
    drifted = tree(BOOK, models=tree()["models.py"] + AUTHOR)
    project, recording = write(tmp_path / "project", drifted), tmp_path / "recording.json"
    first = run(project, "--save-recording", recording)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    again = run(elsewhere, "--recording", recording)
    assert again.report == first.report
    assert (again.code, again.stdout) == (first.code, first.stdout)
    assert first.code == 1
    allowed = run(elsewhere, "--recording", recording, "--severity", "missing-migration=notice")
    assert (allowed.code, allowed.report["verdict"]) == (0, "passed")


def test_2_for_a_recording_of_another_version(run: Run, tmp_path: Path) -> None:
    (tmp_path / "recording.json").write_text(json.dumps({"recording_version": 0}))
    ran = run(tmp_path, "--recording", tmp_path / "recording.json")
    assert (ran.code, ran.report) == (2, {})
    assert "The recording_version is 0" in ran.stderr
