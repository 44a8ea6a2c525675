"""JUnit XML: valid by Jenkins' schema, a suite for each tree and a case for each check."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import xmlschema
from hypothesis import given, settings

from action.reports import junit
from checks.findings import Report, Verdict
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.bookstore_schemas import MIGRATION, MISSING_PATH
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
        ("backend/alembic.ini", "history", ["failure"]),
        ("backend/alembic.ini", "upgrade", ["system-out"]),
        ("backend/alembic.ini", "downgrade", []),
        ("backend/alembic.ini", "drift", ["failure", "system-out"]),
        ("billing/alembic.ini:tenants", "heads", ["system-out"]),
        ("billing/alembic.ini:tenants", "history", []),
        ("billing/alembic.ini:tenants", "upgrade", ["failure"]),
        ("billing/alembic.ini:tenants", "downgrade", ["skipped"]),
        ("billing/alembic.ini:tenants", "drift", ["skipped"]),
        ("search/alembic.ini", "heads", []),
        ("search/alembic.ini", "history", []),
        ("search/alembic.ini", "upgrade", ["error"]),
        ("search/alembic.ini", "downgrade", ["error"]),
        ("search/alembic.ini", "drift", ["error"]),
    ]
    root = parsed(scenarios.TEN)
    assert root.attrib == {"name": "alembic-checks", "tests": "15", "failures": "4", "errors": "3", "time": "16.040"}
    assert root[2].attrib == {
        "name": "search/alembic.ini",
        "tests": "5",
        "failures": "0",
        "errors": "3",
        "skipped": "0",
        "time": "0.000",
    }


def test_a_failure_says_all_and_holds_the_fix() -> None:
    (failure,) = parsed(scenarios.MISSING_MIGRATION).iter("failure")
    column, unique = scenarios.ISBN
    (file,) = scenarios.result_of(scenarios.MISSING_MIGRATION, "drift").fixes
    assert failure.attrib == {"message": column.message, "type": "missing-migration"}
    assert failure.text == (
        f"error missing-migration bookstore/models.py:31\n{column.message}\n{column.why}\nFix: {column.remedy}\n\n"
        f"error missing-migration bookstore/models.py:24\n{unique.message}\n{unique.why}\nFix: {unique.remedy}\n\n"
        f"{file.title}: {MISSING_PATH}\n{MIGRATION}"
    )


def test_findings_that_share_a_fix_show_it_once() -> None:
    alike = handmade.missing("Column a.", 31, "a"), handmade.missing("Column b.", 33, "b")
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("drift", *alike)))
    (failure,) = parsed(report).iter("failure")
    assert failure.text == (
        "error missing-migration bookstore/models.py:31\nerror missing-migration bookstore/models.py:33\n"
        "Column a.\nColumn b.\nQueries fail.\nFix: Commit the migration."
    )


def test_what_could_not_be_judged_says_why() -> None:
    unjudged = [(part.tag, part.text) for part in parsed(scenarios.UNKNOWN).iter() if part.tag in ("error", "skipped")]
    expected = (("skipped", "history"), ("error", "upgrade"), ("error", "downgrade"), ("error", "drift"))
    assert unjudged == [(tag, scenarios.result_of(scenarios.UNKNOWN, check).reason) for tag, check in expected]


@settings(max_examples=20)
@given(texts)
@always
def test_any_text_is_valid_and_plain(text: str) -> None:
    root = parsed(filled(text))
    shown = [part for element in root.iter() for part in (*element.attrib.values(), element.text or "")]
    assert [part for part in shown if hidden(part) or "\uffff" in part or "\ufffe" in part] == []
    assert [element.tag for element in root.iter()] == [element.tag for element in parsed(filled("")).iter()]
