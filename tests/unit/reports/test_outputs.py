"""Outputs and statuses: one line each, as declared."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from action.pull_request.status import description
from action.reports.files import Written
from action.reports.outputs import OUTPUTS, outputs
from checks import CHECKS
from checks.findings import Report
from tests.unit.reports import scenarios
from tests.unit.reports.hostile import always, filled, hidden, texts

TITLES = {check.id: check.title for check in CHECKS}
HEADS, HISTORY, UPGRADE, DRIFT = (TITLES[name] for name in ("heads", "history", "upgrade", "drift"))
NEW_ONES = (TITLES["downgrade"], TITLES["loss"], "The new revision runs in one transaction.")


def test_values() -> None:
    written = Written(
        report="r/report.json",
        summary="r/report.md",
        sarif="r/report.sarif",
        junit="r/report.junit.xml",
        missing_migrations=("r/missing-migration/a.py", "r/missing-migration/b.py"),
    )
    assert outputs(scenarios.TEN, written) == {
        "verdict": "failed",
        "errors": "4",
        "warnings": "1",
        "notices": "2",
        "report": "r/report.json",
        "summary": "r/report.md",
        "sarif": "r/report.sarif",
        "junit": "r/report.junit.xml",
        "missing-migration": "r/missing-migration/a.py",
    }


def test_what_was_not_written_is_empty() -> None:
    assert {name for name, value in outputs(scenarios.ALL_GREEN, Written()).items() if not value} == {
        *("report", "summary", "sarif", "junit", "missing-migration"),
    }


def test_every_output_is_declared_once() -> None:
    declared = [output.name for output in OUTPUTS]
    assert declared == [*outputs(scenarios.ALL_GREEN, Written()), "comment-url", "matrix"]
    assert [name for name in declared if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (scenarios.ALL_GREEN, [HEADS, HISTORY, UPGRADE, *NEW_ONES, DRIFT]),
        (
            scenarios.HEADS,
            ["1 error: multiple heads", "stale parent: see heads", UPGRADE, *NEW_ONES, DRIFT],
        ),
        (
            scenarios.FAILING_UPGRADE,
            [
                HEADS,
                HISTORY,
                "1 error: migration fails",
                *["see upgrade"] * 4,
            ],
        ),
    ],
)
def test_the_sentence_of_a_status(report: Report, expected: list[str]) -> None:
    assert [description(result) for _, result in report.results()] == expected


@settings(max_examples=20)
@given(texts)
@always
def test_any_text_stays_on_its_line(text: str) -> None:
    written = Written(report=text, missing_migrations=(text,))
    values = [
        *outputs(filled(text), written).values(),
        *(description(result) for _, result in filled(text * 9).results()),
    ]
    assert [value for value in values if hidden(value) or "\n" in value] == []
    assert max(len(description(result)) for _, result in filled(text * 9).results()) <= 140
