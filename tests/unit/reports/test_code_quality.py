"""GitLab's Code Quality artifact: an entry for each finding, at a place, with a fingerprint of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from action.commands.plain import run
from action.documents import report as document
from action.reports import code_quality
from checks.findings import Severity, Verdict
from tests.unit.reports import handmade, scenarios

NO_PLACE = handmade.found(Severity.WARNING)
SILENCED = replace(NO_PLACE, suppressed="agreed")


def test_each_finding_is_an_entry_at_its_line_or_at_its_config() -> None:
    placed = handmade.missing("Column public.book.isbn is in the models, but no migration creates it.", 12, "isbn")
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("drift", placed, NO_PLACE, SILENCED)))
    first, second = json.loads(code_quality.render(report))
    assert first == {
        "description": "Column public.book.isbn is in the models, but no migration creates it. Queries fail. Fix: "
        "Commit the migration.",
        "check_name": "missing-migration",
        "fingerprint": first["fingerprint"],
        "severity": "critical",
        "location": {"path": "bookstore/models.py", "lines": {"begin": 12}},
    }
    assert (second["severity"], second["location"]) == ("major", {"path": "alembic.ini", "lines": {"begin": 1}})


def test_no_two_entries_have_the_same_fingerprint() -> None:
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("heads", *[NO_PLACE] * 3)))
    marks = [entry["fingerprint"] for entry in json.loads(code_quality.render(report))]
    assert len(set(marks)) == 3
    assert marks == [entry["fingerprint"] for entry in json.loads(code_quality.render(report))]


def test_the_command_reads_a_stored_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.json"
    file.write_text(document.dump(scenarios.HEADS))
    run(["code-quality", str(file)])
    assert capsys.readouterr().out == code_quality.render(scenarios.HEADS)
