"""The report as SARIF 2.1.0, within what GitHub's code scanning takes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from action.about import REPOSITORY, page_url, program_version
from action.documents.versioned import encode
from action.reports import digest, escape, words
from checks import CHECKS
from checks.findings import Finding, Report, Severity, Status, TreeReport
from checks.rules import rule_of_id
from checks.suppression_notices import OF_COMMENTS

_RESULTS = 25_000
"""Results in a run: GitHub refuses a file with more, and shows the first 5,000 by severity."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_Reported = tuple[TreeReport, str, Finding]
"""A finding with its tree and the id of its check."""


def render(report: Report) -> str:
    """Return the document: one run, since GitHub takes one of a tool and category.

    Suppressed findings are left out: code scanning ignores SARIF's ``suppressions`` and would open an alert.
    """
    reported = sorted(_reported(report), key=lambda item: item[2].severity.rank)[:_RESULTS]
    rules = _rules(reported)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "alembic-checks",
                "version": program_version(),
                "informationUri": REPOSITORY,
                "rules": rules,
            }
        },
        "invocations": [_invocation(report)],
        "results": [_result(item, index, seen) for item in reported],
    }
    if report.subject is not None:
        # The category: reports of other matrix legs do not replace this one.
        run["automationDetails"] = {"id": f"alembic-checks/{escape.line(report.subject.key)}/"}
    return encode({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _reported(report: Report) -> Iterator[_Reported]:
    for tree, result in report.results():
        yield from ((tree, result.id, finding) for finding in result.findings if finding.suppressed is None)


def _rules(reported: list[_Reported]) -> list[dict[str, Any]]:
    """Return every rule of every check, found or not, and any other rule that the report names."""
    rules = {rule: _rule(rule, check.title) for check in CHECKS for rule in check.rules}
    rules |= {rule: _rule(rule, "Suppressions have a reason and a use") for rule in OF_COMMENTS}
    for rule in (escape.line(finding.rule) for _, _, finding in reported):
        rules.setdefault(rule, _rule(rule, ""))
    return list(rules.values())


def _rule(rule: str, title: str) -> dict[str, Any]:
    name, known, page = words.title(rule), rule_of_id(rule), page_url(rule)
    sentence = known.sentence if known else f"{name}. {title}".strip()
    found: dict[str, Any] = {
        "id": rule,
        "shortDescription": {"text": name},
        "fullDescription": {"text": sentence},
        "help": {"text": sentence},
        "properties": {"tags": ["alembic", "postgresql", "migrations"]},
    }
    if page is not None:
        found["helpUri"] = page
        found["help"] = {
            "text": f"{sentence} {page} explains the rule, how to fix what it finds, and how to suppress it."
        }
    return found


def _result(item: _Reported, index: dict[str, int], seen: Counter[str]) -> dict[str, Any]:
    tree, check, finding = item
    rule = escape.line(finding.rule)
    mark = _fingerprint(tree, finding)
    seen[mark] += 1
    return {
        "ruleId": rule,
        "ruleIndex": index[rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": _plain(digest.explanation(finding))},
        "locations": [_location(tree, finding)],
        # GitHub matches alerts by this one; as ours does not hold the line, an alert survives lines that move.
        "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{seen[mark]}"},
        "properties": {"check": escape.line(check), "revision": escape.line(finding.revision or "")},
    }


def _plain(text: str) -> str:
    # ``[text](target)`` is a link even in plain text (SARIF 2.1.0, 3.11.6).
    return escape.lines(text).replace("](", "] (")


def _location(tree: TreeReport, finding: Finding) -> dict[str, Any]:
    """Return the finding's place, or the Alembic config where it has none in the repository: GitHub needs a place."""
    path, line = finding.path, finding.line
    if not path or path.startswith("/"):
        path, line = tree.path.rpartition(":")[0] or tree.path, None
    artifact = {"uri": quote(path, errors="replace")}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": max(line or 1, 1)}}}


def _fingerprint(tree: TreeReport, finding: Finding) -> str:
    text = "\0".join([tree.path, *(part or "" for part in finding.fingerprint)])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _invocation(report: Report) -> dict[str, Any]:
    """Return how the run went: a check that could not run is a notification of the tool, not a result."""
    notes = [
        {
            "level": "error" if result.status is Status.ERROR else "warning",
            "message": {"text": _plain(f"{tree.path}: {result.id}: {result.reason or 'could not run'}")},
        }
        for tree, result in digest.unjudged(report, knock_ons=True)
    ]
    created = [
        {"level": "note", "message": {"text": _plain(f"{tree.path}: {tree.base_created}")}}
        for tree in report.trees
        if tree.base_created
    ]
    return {"executionSuccessful": not notes, "toolExecutionNotifications": [*notes, *created]}
