"""The JSON document: it says all, its schema is published, and nothing else is read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from action.documents import report as document
from action.errors import SettingsError
from checks.findings import Report
from tests.unit.reports.hostile import filled, texts
from tests.unit.reports.scenarios import MISSING_MIGRATION, SCENARIOS

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"


@pytest.mark.parametrize("report", SCENARIOS.values(), ids=SCENARIOS)
def test_round_trip_and_schema(report: Report) -> None:
    text = document.dump(report)
    assert document.load(text) == report
    jsonschema.validate(json.loads(text), json.loads(PUBLISHED.read_text()))


def test_published_schema_is_current() -> None:
    # To renew it: python -m action.documents.report > docs/report.schema.json
    assert json.loads(PUBLISHED.read_text()) == document.schema()
    jsonschema.Draft202012Validator.check_schema(document.schema())


@settings(max_examples=20)
@given(texts.filter(lambda text: "\ud800" not in text))
def test_any_text_comes_back(text: str) -> None:
    assert document.load(document.dump(filled(text))) == filled(text)


def test_what_utf_8_cannot_hold_is_replaced() -> None:
    # Stray bytes of a file name reach us as lone surrogates, which no JSON reader accepts.
    text = document.dump(filled("a\udc80"))
    assert document.load(text).trees[0].checks[0].findings[0].message == "a?4x"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"extra": 1}, "extra: Unexpected keyword argument"),
        ({"verdict": "fine"}, "verdict: Input should be 'passed', 'failed', 'inconclusive' or 'skipped'"),
        ({"trees": [{"path": "a"}]}, "trees.0.checks: Field required"),
    ],
)
def test_a_changed_document_is_refused(change: dict[str, object], expected: str) -> None:
    text = json.dumps(json.loads(document.dump(MISSING_MIGRATION)) | change)
    with pytest.raises(SettingsError) as caught:
        document.load(text)
    assert caught.value.what == f"This report of alembic-checks is damaged: {expected}."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "This file is not a report of alembic-checks: "),
        ("[1]", "The schema_version is null, but this version of alembic-checks reads 1."),
        ('{"schema_version": 2}', "The schema_version is 2, but this version of alembic-checks reads 1."),
        ('{"schema_version": true}', "The schema_version is true, but this version of alembic-checks reads 1."),
        ("[" * 100_000, "This file is not a report of alembic-checks: "),
    ],
)
def test_other_documents_are_refused(text: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        document.load(text)
    assert caught.value.what.startswith(expected)
