"""JUnit XML: valid by Jenkins' schema, a suite for each tree and a case for each check."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import xmlschema
from hypothesis import given, settings

from action.reports import junit
from checks.findings import Report
from tests.unit.reports import scenarios
from tests.unit.reports.hostile import always, filled, hidden, texts

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "junit.xsd")


def parsed(report: Report) -> Xml.Element:
    text = junit.render(report)
    SCHEMA.validate(text)
    return Xml.fromstring(text)


def outcomes(report: Report) -> list[tuple[str | None, str | None, list[str]]]:
    cases = parsed(report).iter("testcase")
    return [(case.get("classname"), case.get("name"), [part.tag for part in case]) for case in cases]


@pytest.mark.parametrize("report", scenarios.SCENARIOS.values(), ids=scenarios.SCENARIOS)
def test_scenarios_are_valid(report: Report) -> None:
    assert len(outcomes(report)) == len(list(report.results()))


def test_cases_and_counts() -> None:
    assert outcomes(scenarios.TEN) == [
        ("backend/alembic.ini", "heads", ["failure"]),
        ("backend/alembic.ini", "upgrade", ["failure"]),
        ("backend/alembic.ini", "drift", ["failure", "system-out"]),
        ("billing/alembic.ini:tenants", "heads", []),
        ("billing/alembic.ini:tenants", "upgrade", []),
        ("billing/alembic.ini:tenants", "drift", ["failure"]),
        ("search/alembic.ini", "heads", []),
        ("search/alembic.ini", "upgrade", ["error"]),
        ("search/alembic.ini", "drift", ["skipped"]),
    ]
    root = parsed(scenarios.TEN)
    assert root.attrib == {"name": "alembic-checks", "tests": "9", "failures": "4", "errors": "1", "time": "8.760"}
    assert root[2].attrib == {
        "name": "search/alembic.ini",
        "tests": "3",
        "failures": "0",
        "errors": "1",
        "skipped": "1",
        "time": "0.010",
    }


def test_a_failure_says_all_and_holds_the_fix() -> None:
    (failure,) = parsed(scenarios.MISSING_MIGRATION).iter("failure")
    assert failure.attrib == {"message": scenarios.ISBN[0].message, "type": "missing-migration"}
    assert failure.text == (
        "error missing-migration bookstore/models.py:31\n"
        "error missing-migration bookstore/models.py:31\n"
        "Column public.book.isbn is in the models, but no migration adds it.\n"
        "Unique constraint uq_book_isbn on public.book is in the models, but no migration adds it.\n"
        f"{scenarios.DRIFT_WHY}\nFix: {scenarios.DRIFT_REMEDY}\n\n"
        "The missing migration: migrations/versions/7c1e0d9b4a55_add_isbn_to_book.py\n"
        f"{scenarios.MIGRATION}"
    )


def test_what_could_not_be_judged_says_why() -> None:
    told = {part.tag: part.text for part in parsed(scenarios.UNKNOWN).iter() if part.tag in ("error", "skipped")}
    assert told == {"error": "env.py ended the process by sys.exit(0).", "skipped": "The upgrade could not be judged."}


@settings(deadline=None, max_examples=20)
@given(texts)
@always
def test_any_text_is_valid_and_plain(text: str) -> None:
    root = parsed(filled(text))
    shown = [part for element in root.iter() for part in (*element.attrib.values(), element.text or "")]
    assert [part for part in shown if hidden(part) or "\uffff" in part or "\ufffe" in part] == []
    assert [element.tag for element in root.iter()] == [element.tag for element in parsed(filled("")).iter()]
