"""One report of a run on several servers: what is equal on all is there once, and the rest names its servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from checks.findings import Finding, NewSql, Result, Status, TreeReport
from checks.suppression_notices import UNUSED

_WORST_FIRST = (Status.FAILED, Status.ERROR, Status.SKIPPED, Status.PASSED)
_NOT_RUN = "The check did not run."


def in_one(servers: Sequence[str], reports: Sequence[Sequence[TreeReport]]) -> tuple[TreeReport, ...]:
    """Return the Alembic environments of the first server with the results of all; ``servers`` are their names.

    The results of a server without a report are that its checks did not run.
    """
    known = [*servers, *(f"server {number + 1}" for number in range(len(servers), len(reports)))]
    by_server = dict(zip(known, [*reports, *([()] * (len(known) - len(reports)))], strict=True))
    return tuple(_tree(tree, by_server) for tree in reports[0])


def _tree(first: TreeReport, by_server: Mapping[str, Sequence[TreeReport]]) -> TreeReport:
    same = {name: next((tree for tree in trees if tree.path == first.path), None) for name, trees in by_server.items()}
    checks = []
    for check in first.checks:
        results = {
            name: next((one for one in tree.checks if one.id == check.id), None) if tree else None
            for name, tree in same.items()
        }
        checks.append(_result(check, {name: one or _missing(check) for name, one in results.items()}))
    return replace(first, checks=tuple(checks), new_sql=_new_sql(first, same))


def _new_sql(first: TreeReport, same: Mapping[str, TreeReport | None]) -> NewSql | None:
    """Return the SQL of the first server, and which servers received other statements."""
    if first.new_sql is None:
        return None
    ran = {name: tree.new_sql for name, tree in same.items() if tree is not None and tree.new_sql is not None}
    others = [name for name, other in ran.items() if other.text != first.new_sql.text]
    note = f"{_on(others)}, other statements or values were sent." if others else None
    return replace(first.new_sql, note=note)


def _missing(check: Result) -> Result:
    return Result(id=check.id, status=Status.SKIPPED, reason=_NOT_RUN)


def _result(first: Result, results: Mapping[str, Result]) -> Result:
    seconds = [result.seconds for result in results.values() if result.seconds is not None]
    return replace(
        first,
        status=min((result.status for result in results.values()), key=_WORST_FIRST.index),
        reason=_reason(results),
        note=first.note if all(result.note == first.note for result in results.values()) else None,
        seconds=round(sum(seconds), 3) if seconds else None,
        findings=_findings(results),
        # The same fix for two servers would be in the way of itself.
        fixes=next((result.fixes for result in results.values() if result.fixes), ()),
        required=any(result.required for result in results.values()),
        turned_off=_turned_off(results),
        follows=_follows(results),
    )


def _turned_off(results: Mapping[str, Result]) -> dict[str, int]:
    """Return the most findings of a rule that are turned off on one server: most of them are the same on all."""
    most: dict[str, int] = {}
    for result in results.values():
        most |= {rule: max(count, most.get(rule, 0)) for rule, count in result.turned_off.items()}
    return most


def _follows(results: Mapping[str, Result]) -> str | None:
    """Return the check that gives the reason on all servers that have one."""
    named = {result.follows for result in results.values() if result.reason is not None}
    return named.pop() if len(named) == 1 else None


def _reason(results: Mapping[str, Result]) -> str | None:
    reasons: dict[str, list[str]] = {}
    for name, result in results.items():
        if result.reason is not None:
            reasons.setdefault(result.reason, []).append(name)
    if not reasons:
        return None
    return "\n".join(reason if len(on) == len(results) else f"{_on(on)}: {reason}" for reason, on in reasons.items())


def _findings(results: Mapping[str, Result]) -> tuple[Finding, ...]:
    """Return the findings of all servers, each once; one that another server has not names those that have it.

    A server on which the check did not run has none: the reason says so already.
    """
    found: dict[tuple[object, ...], tuple[Finding, set[str]]] = {}
    for name, result in results.items():
        for finding in result.findings:
            found.setdefault(_identity(finding), (finding, set()))[1].add(name)
    places = Counter(_place(finding) for finding, _ in found.values())
    judged = {name for name, result in results.items() if result.status in (Status.PASSED, Status.FAILED)}
    return tuple(
        finding
        if judged <= on
        else replace(
            finding,
            message=f"{_on([n for n in results if n in on])}: {finding.message}",
            problem=finding.problem or (str(_place(finding)) if places[_place(finding)] > 1 else ""),
        )
        for finding, on in found.values()
        if judged <= on or finding.rule != UNUSED
    )


def _place(finding: Finding) -> tuple[object, ...]:
    """Return what the findings of several servers have in common where one problem shows differently on each."""
    return (*finding.fingerprint, finding.severity, finding.path, finding.line)


def _identity(finding: Finding) -> tuple[object, ...]:
    return (*finding.fingerprint, finding.severity, finding.message, finding.path, finding.line, finding.suppressed)


def _on(names: Sequence[str]) -> str:
    *others, last = names
    return f"On {', '.join(others)} and {last}" if others else f"On {last}"
