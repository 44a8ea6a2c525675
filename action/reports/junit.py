"""The report as JUnit XML, as Jenkins and GitLab read it: a suite for each Alembic config, a case for each check."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as Xml

from action.reports import digest, escape, words
from action.reports.digest import Cluster
from checks.findings import Report, Result, Severity, Snippet, Status, TreeReport

_MESSAGE = 500
"""Characters of a failure's headline."""


def render(report: Report) -> str:
    """Return the document; its elements and attributes are those of Jenkins' schema (tests/unit/reports/junit.xsd)."""
    results = [result for _, result in report.results()]
    root = Xml.Element("testsuites", {"name": "alembic-checks", **_counts(results, skipped=False)})
    for tree in report.trees:
        root.append(_suite(tree))
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _suite(tree: TreeReport) -> Xml.Element:
    name = escape.line(tree.path)
    suite = Xml.Element("testsuite", {"name": name, **_counts(tree.checks, skipped=True)})
    if tree.base_created:
        properties = Xml.SubElement(suite, "properties")
        Xml.SubElement(properties, "property", {"name": "base database", "value": escape.line(tree.base_created)})
    for result in tree.checks:
        case = Xml.SubElement(suite, "testcase", {"classname": name, "name": escape.line(result.id)})
        if result.seconds is not None:
            case.set("time", _seconds(result.seconds))
        _outcome(case, result)
    return suite


def _outcome(case: Xml.Element, result: Result) -> None:
    reason = result.reason or ""
    if result.status is Status.SKIPPED:
        _text(case, "skipped", reason)
    elif result.status is Status.ERROR:
        _text(case, "error", reason).set("message", _headline(digest.first_line(result)))
    elif result.status is Status.FAILED:
        failing = [*digest.clusters(result, Severity.ERROR), *digest.clusters(result, Severity.WARNING)]
        parts = [*map(_cluster, failing), *map(_fix, result.fixes), reason]
        failure = _text(case, "failure", "\n\n".join(part for part in parts if part))
        failure.set("message", _headline(failing[0].first.message if failing else digest.details(result)))
        failure.set("type", escape.line(failing[0].first.rule if failing else result.id))
    mild = [Severity.NOTICE] if result.status is Status.FAILED else list(Severity)
    if rest := [_cluster(cluster) for severity in mild for cluster in digest.clusters(result, severity)]:
        _text(case, "system-out", "\n\n".join(rest))


def _cluster(cluster: Cluster) -> str:
    heads = [f"{f.severity.value} {f.rule} {digest.place(f)}".rstrip() for f in cluster.findings]
    return "\n".join([*heads, digest.explanation(*cluster.findings), *map(_fix, cluster.fixes)])


def _fix(snippet: Snippet) -> str:
    return f"{snippet.title}: {snippet.path}\n{snippet.text}" if snippet.path else f"{snippet.title}:\n{snippet.text}"


def _headline(text: str) -> str:
    return escape.line(words.cut(text, _MESSAGE))


def _text(parent: Xml.Element, tag: str, text: str) -> Xml.Element:
    element = Xml.SubElement(parent, tag)
    element.text = escape.lines(text)
    return element


def _counts(results: Iterable[Result], *, skipped: bool) -> dict[str, str]:
    results = list(results)
    found = {
        "tests": str(len(results)),
        "failures": str(sum(result.status is Status.FAILED for result in results)),
        "errors": str(sum(result.status is Status.ERROR for result in results)),
        "time": _seconds(sum(result.seconds or 0.0 for result in results)),
    }
    # On the outermost element the schema has no such count.
    return found | ({"skipped": str(sum(result.status is Status.SKIPPED for result in results))} if skipped else {})


def _seconds(value: float) -> str:
    return f"{value:.3f}"
