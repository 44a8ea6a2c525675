"""``--trace``: what a run asked the project's process, and what came back, without anything secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.integration.program.conftest import Run
from tests.projects.builder import BOOK, Revision, tree, write
from tests.unit.session.test_protocol import EVENTS

SECRET = 'hunter2-and-"more"'


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_request_and_every_event_is_a_line_with_its_time(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "project", tree(BOOK))
    ran = run(tmp_path / "project", "--trace", tmp_path / "trace.jsonl")
    found = lines(tmp_path / "trace.jsonl")
    assert ran.report["verdict"] == "passed"
    assert [line["request"]["do"] for line in found if "request" in line] == ["load", "unimported", "upgrade", "models"]
    events = [line["event"]["event"] for line in found if "event" in line]
    assert events[0] == "versions"
    assert events[-1] == "ended"
    assert set(events) <= set(EVENTS)
    assert {line["tree"] for line in found} == {"alembic.ini"}
    assert [line["seconds"] for line in found] == sorted(line["seconds"] for line in found)


def test_no_password_and_no_secret_stands_in_it(run: Run, tmp_path: Path) -> None:
    leaks = Revision(
        id="b2", down="a1", top="import os", upgrade="op.execute(\"SELECT '\" + os.environ['API_KEY'] + \"'\")"
    )
    write(tmp_path / "project", tree(BOOK, leaks))
    trace = tmp_path / "trace.jsonl"
    run(tmp_path / "project", "--trace", trace, "--env", f"API_KEY={SECRET}", "--env", "MODE=quiet-mode")
    text = trace.read_text(encoding="utf-8")
    load = next(line["request"] for line in lines(trace) if "request" in line)
    assert (load["server"]["password"], load["env"]) == ("***", {"API_KEY": "***", "MODE": "***"})
    assert "hunter2" not in text
    assert [
        line["event"]["sql"] for line in lines(trace) if line.get("event", {}).get("sql", "").startswith("SELECT '")
    ] == ["SELECT '***'"]


def test_what_is_no_event_is_traced_before_it_is_refused(run: Run, tmp_path: Path) -> None:
    numbers = "map(int, os.listdir('/proc/self/fd'))"
    write_everywhere = f"for fd in {numbers}:\n    try: os.write(fd, b'applause\\n')\n    except OSError: pass"
    forges = f"import os\n{write_everywhere}"
    write(tmp_path / "project", tree(BOOK, models=forges))
    run(tmp_path / "project", "--trace", tmp_path / "trace.jsonl")
    assert "applause" in [line.get("event") for line in lines(tmp_path / "trace.jsonl")]


def test_a_file_that_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "project", tree(BOOK))
    (tmp_path / "project" / "out").symlink_to(tmp_path)
    ran = run(tmp_path / "project", "--trace", "out/trace.jsonl")
    assert ran.code == 2
    assert "out/trace.jsonl: a part of the path is a symbolic link" in ran.stderr
    ran = run(tmp_path / "project", "--trace", tmp_path / "nowhere" / "trace.jsonl")
    assert "its folder does not exist" in ran.stderr
