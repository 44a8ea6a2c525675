"""The scenarios are what the program makes: its checks, its rules, its fields, and what each is there to show."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from action.documents import recording as document
from action.reports import digest, markdown
from checks import CHECKS
from checks.findings import Report, Severity
from checks.recording.tree import Recording
from checks.suppression_notices import OF_COMMENTS
from tests.unit.reports import bookstore_recordings as recordings
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.bookstore_downgrades import downgrades
from tests.unit.reports.bookstore_losses import losses
from tests.unit.reports.scenarios import SCENARIOS

KNOWN = {check.id: {*check.rules, *OF_COMMENTS} for check in CHECKS}
RECORDINGS = {name: {**vars(recordings), "downgrades": downgrades, "losses": losses}[name]() for name in SCENARIOS}


@pytest.mark.parametrize("report", SCENARIOS.values(), ids=SCENARIOS)
def test_every_check_is_there_and_has_findings_of_its_own_rules_only(report: Report) -> None:
    assert [[result.id for result in tree.checks] for tree in report.trees] == [list(KNOWN)] * len(report.trees)
    unknown = [(r.id, f.rule) for _, r in report.results() for f in r.findings if f.rule not in KNOWN[r.id]]
    assert unknown == []


def test_surfaces_show_the_whole_environment_besides_the_interpreter() -> None:
    keys = {frozenset(tree.environment) for report in SCENARIOS.values() for tree in report.trees}
    nothing_ran = frozenset[str]()
    assert keys == {frozenset({*digest.VERSIONS, "interpreter"}), nothing_ran}


@pytest.mark.parametrize("recording", RECORDINGS.values(), ids=RECORDINGS)
def test_every_recording_can_be_saved_and_judged_again(recording: Recording, tmp_path: Path) -> None:
    document.save(recording, tmp_path, tmp_path / "recording.json")
    assert document.load(tmp_path / "recording.json") == recording


def test_every_check_has_a_finding_in_some_scenario() -> None:
    found = {result.id for report in SCENARIOS.values() for _, result in report.results() if result.findings}
    assert found == set(KNOWN)


def test_what_is_made_by_hand_has_rules_of_the_program_too() -> None:
    assert handmade.found(Severity.ERROR).rule in KNOWN["heads"]
    assert handmade.missing("", 1, "").rule in KNOWN["drift"]


def test_ten_findings_are_ten_of_every_severity_and_check_and_one_is_suppressed() -> None:
    findings = [finding for _, result in scenarios.TEN.results() for finding in result.findings]
    assert Counter((f.severity.value, f.suppressed is not None) for f in findings) == {
        ("error", False): 6,
        ("warning", False): 2,
        ("warning", True): 1,
        ("notice", False): 2,
    }


def test_three_hundred_findings_are_more_than_a_comment_holds() -> None:
    assert len(list(scenarios.THREE_HUNDRED.findings())) == 301
    assert "**Left out here for length: " in markdown.render(scenarios.THREE_HUNDRED)
