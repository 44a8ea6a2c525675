"""SARIF: valid by its schema, every result with a place, and marks that outlive a move of lines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from action.about import REPOSITORY, page_url, program_version
from action.reports import sarif
from checks import CHECKS
from checks.findings import Finding, Report, Verdict
from checks.rules import rule_of_id
from checks.suppression import RULES
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.hostile import always, filled, hidden, texts

PAGE = page_url("multiple-heads")
SENTENCE = "After the merge there is more than one head, and alembic upgrade head refuses to run."
SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text(encoding="utf-8"))


def run_of(report: Report) -> dict[str, Any]:
    document = json.loads(sarif.render(report))
    jsonschema.validate(document, SCHEMA)
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def of(*findings: Finding) -> Report:
    return handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("drift", *findings), path="a b/alembic.ini:x"))


@pytest.mark.parametrize("report", scenarios.SCENARIOS.values(), ids=scenarios.SCENARIOS)
def test_scenarios_are_valid(report: Report) -> None:
    run = run_of(report)
    found = [finding for _, result in report.results() for finding in result.findings]
    assert len(run["results"]) == sum(finding.suppressed is None for finding in found)
    assert run.get("automationDetails") == ({"id": "alembic-checks/CI / migrations/"} if report.subject else None)


def test_one_result() -> None:
    result, _ = run_of(scenarios.HEADS)["results"]
    finding = scenarios.finding_of(scenarios.HEADS, "multiple-heads")
    rules = run_of(scenarios.HEADS)["tool"]["driver"]["rules"]
    mark = result.pop("partialFingerprints")["primaryLocationLineHash"]
    assert result == {
        "ruleId": "multiple-heads",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": f"{finding.message}\n{finding.why}\nFix: {finding.remedy}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "migrations/versions/3f2b8a1c9d07_add_review_table.py"},
                    "region": {"startLine": 16},
                }
            }
        ],
        "properties": {"check": "heads", "revision": "3f2b8a1c9d07"},
    }
    assert len(mark) == 18
    assert rules[0] == {
        "id": "multiple-heads",
        "shortDescription": {"text": "Multiple heads"},
        "fullDescription": {"text": SENTENCE},
        "helpUri": PAGE,
        "help": {"text": f"{SENTENCE} {PAGE} explains the rule, how to fix what it finds, and how to suppress it."},
        "properties": {"tags": ["alembic", "postgresql", "migrations"]},
    }


def test_every_rule_has_one_sentence_and_its_page_at_the_version() -> None:
    driver = run_of(scenarios.ALL_GREEN)["tool"]["driver"]
    assert (driver["informationUri"], driver["version"]) == (REPOSITORY, program_version())
    assert [(rule["helpUri"], rule["fullDescription"]["text"]) for rule in driver["rules"]] == [
        (page_url(rule["id"]), known.sentence) for rule in driver["rules"] if (known := rule_of_id(rule["id"]))
    ]


def test_every_rule_is_named_found_or_not() -> None:
    known = [rule for check in CHECKS for rule in check.rules] + list(RULES)
    assert [rule["id"] for rule in run_of(scenarios.ALL_GREEN)["tool"]["driver"]["rules"]] == known


def test_a_mark_outlives_a_move_and_no_two_are_alike() -> None:
    here, moved = handmade.missing("m", 1, "a"), handmade.missing("m", 99, "a")
    other = handmade.missing("m", 1, "b")
    marks = [
        [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(report)["results"]]
        for report in (of(here, other, here), of(moved, other, moved))
    ]
    assert marks[0] == marks[1]
    assert len(set(marks[0])) == 3


@pytest.mark.parametrize("path", [None, "/usr/lib/python3/alembic/op.py"])
def test_what_has_no_place_in_the_repository_is_at_the_configuration(path: str | None) -> None:
    (result,) = run_of(of(replace(handmade.missing("m", 5, "a"), path=path)))["results"]
    assert result["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "a%20b/alembic.ini"}, "region": {"startLine": 1}}}
    ]


def test_a_check_that_could_not_run_is_a_notification_of_the_run() -> None:
    unjudged = (("warning", "history"), ("error", "upgrade"), ("error", "loss"), ("error", "drift"))
    reasons = {check: scenarios.result_of(scenarios.UNKNOWN, check).reason for _, check in unjudged}
    assert run_of(scenarios.UNKNOWN)["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [
                {"level": level, "message": {"text": f"alembic.ini: {check}: {reasons[check]}"}}
                for level, check in unjudged
            ],
        }
    ]
    assert run_of(scenarios.NO_BASE)["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_not_more_results_than_github_takes_and_the_worst_of_them() -> None:
    many = [handmade.missing("m", number, str(number)) for number in range(25_000)]
    results = json.loads(sarif.render(of(scenarios.finding_of(scenarios.MISSING_MIGRATION, "schema-differs"), *many)))[
        "runs"
    ][0]["results"]
    assert len(results) == 25_000
    assert {result["level"] for result in results} == {"error"}


@settings(max_examples=20)
@given(texts)
@always
def test_any_text_is_plain(text: str) -> None:
    run = run_of(filled(text))
    shown = [result["message"]["text"] for result in run["results"]]
    shown += [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert [part for part in shown if "](" in part or hidden(part)] == []
    assert hidden(json.dumps(run, ensure_ascii=False)) == []
