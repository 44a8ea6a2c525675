"""A report in the order and the words that the terminal and Markdown share."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from action.reports.entries import elsewhere, entries, is_said, knock_on, of_result
from action.reports.turned_off import turned_off
from action.reports.words import counts, seconds, title
from checks import CHECKS
from checks.findings import Finding, Report, Result, Severity, Snippet, Status, TreeReport, Verdict
from checks.plural import listed, plural

TITLE = "Migrations"
VERSIONS = {"python": "Python", "alembic": "Alembic", "sqlalchemy": "SQLAlchemy", "driver": ""}
"""The entries of a tree's environment that are shown, with their names; that of a driver holds its name."""
_PROVES = {check.id: check.title for check in CHECKS}
_MOST_QUIET = 5
"""Trees that are named of those that the change does not touch."""
_SLOW = 1.0
"""Seconds from which the slowest revision is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Findings of one rule that share a why and a remedy."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """Return the first finding, whose why and remedy are those of all."""
        return self.findings[0]

    @property
    def fixes(self) -> tuple[Snippet, ...]:
        """Return the fixes; those for the same place in one text."""
        together: dict[tuple[str, str, str | None], dict[str, None]] = {}
        for snippet in (snippet for finding in self.findings for snippet in finding.fixes):
            together.setdefault((snippet.title, snippet.language, snippet.path), {})[snippet.text] = None
        return tuple(
            Snippet(title=title, language=language, path=path, text="\n".join(texts))
            for (title, language, path), texts in together.items()
        )


def evidence_of(findings: Sequence[Finding]) -> tuple[Snippet, ...]:
    """Return the evidence of findings; that of several in one text, each piece with its object."""
    if len(findings) == 1:
        return findings[0].evidence
    found = [snippet for finding in findings for snippet in finding.evidence]
    graphs = dict.fromkeys(snippet for snippet in found if snippet.language == "mermaid")
    lines = [line for finding in findings for line in _about(finding)]
    return (*graphs, *([Snippet(title="Evidence", text="\n".join(lines))] if lines else []))


def _about(finding: Finding) -> list[str]:
    plain = [snippet for snippet in finding.evidence if snippet.language != "mermaid"]
    texts = [textwrap.indent(f"{snippet.title}: {snippet.text}", "  ") for snippet in plain]
    return [finding.object or place(finding) or finding.message, *texts] if texts else []


_Owners = tuple[tuple[TreeReport, Result], ...]


def _by_owners(report: Report, severity: Severity) -> list[tuple[_Owners, list[Cluster]]]:
    """Return the clusters of each check by the trees that have them, in the order of the report."""
    having: dict[tuple[str, Cluster], list[tuple[TreeReport, Result]]] = {}
    for tree, result in report.results():
        for cluster in clusters(result, severity):
            having.setdefault((result.id, cluster), []).append((tree, result))
    together: dict[tuple[str, tuple[str, ...]], tuple[_Owners, list[Cluster]]] = {}
    for (check, cluster), owners in having.items():
        key = (check, tuple(tree.path for tree, _ in owners))
        together.setdefault(key, (tuple(owners), []))[1].append(cluster)
    return list(together.values())


def clusters(result: Result, severity: Severity) -> tuple[Cluster, ...]:
    """Return a check's findings of one severity, grouped by rule, why and remedy, without suppressed ones."""
    together: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in result.findings:
        if finding.suppressed is None and finding.severity is severity:
            key = (finding.rule, finding.why, finding.remedy)
            together.setdefault(key, []).append(finding)
    return tuple(Cluster(findings=tuple(findings)) for findings in together.values())


def notices(report: Report) -> list[tuple[Cluster, tuple[str, ...]]]:
    """Return the notices of all checks, grouped as findings are, each group with the trees that have it."""
    return [
        (cluster, tuple(tree.path for tree, _ in owners))
        for owners, alike in _by_owners(report, Severity.NOTICE)
        for cluster in alike
    ]


def notices_of(result: Result) -> list[Finding]:
    """Return the notices of one check."""
    return [f for f in result.findings if f.suppressed is None and f.severity is Severity.NOTICE]


def suppressed(report: Report) -> list[Finding]:
    """Return the findings that the project suppresses, with its reasons."""
    return [f for _, result in report.results() for f in result.findings if f.suppressed is not None]


def loose_fixes(report: Report) -> list[Snippet]:
    """Return the fixes of checks that found no error and no warning, or whose findings follow from others."""
    shown = {snippet for entry in entries(report) for snippet in entry.shared}
    return [snippet for _, result in report.results() for snippet in result.fixes if snippet not in shown]


def unjudged(report: Report, *, knock_ons: bool = False) -> list[tuple[TreeReport, Result]]:
    """Return the required checks that could not run for a reason of their own; ``knock_ons``: and all others."""
    return [
        (tree, r)
        for tree, r in report.results()
        if r.required and r.status in (Status.SKIPPED, Status.ERROR) and (knock_ons or knock_on(r) is None)
    ]


def quiet(report: Report) -> list[TreeReport]:
    """Return the trees that the change does not touch and of which there is nothing to say; none of a single tree.

    All of them where a label skips the whole run.
    """
    if report.verdict is Verdict.SKIPPED:
        return list(report.trees)
    trees = report.trees if len(report.trees) > 1 else ()
    return [
        tree
        for tree in trees
        if tree.untouched
        and all(not_asked(one) or (one.status is Status.PASSED and not one.findings) for one in tree.checks)
    ]


def quiet_note(report: Report) -> str:
    """Return a sentence about ``quiet`` trees, which no table has; empty without one. Unescaped."""
    if report.verdict is Verdict.SKIPPED:
        return next((first_line(result) for _, result in report.results()), "")
    paths = [tree.path for tree in quiet(report)]
    if not paths:
        return ""
    return f"Not touched by this change, so only their files were checked: {listed(paths, _MOST_QUIET)}."


def not_asked(result: Result) -> bool:
    """Return whether a check was skipped and is not required, such as a comparison without a base."""
    return result.status is Status.SKIPPED and not result.required


def counted(report: Report) -> str:
    """Return how many problems there are: ``2 errors, 1 warning``; empty for none."""
    return counts(entry.severity for entry in entries(report))


def verdict(report: Report, title: str = TITLE) -> str:
    """Return the answer to "may I merge?" in one line that holds no text of the project's."""
    found = counted(report)
    if report.verdict is Verdict.FAILED:
        return f"{title}: do not merge yet ({found or 'a check failed'})"
    if report.verdict is Verdict.INCONCLUSIVE:
        missing, total = len(unjudged(report)), len(list(report.results()))
        stopped = f"{missing} of {plural(total, 'check')} could not run" if missing else ""
        return f"{title} inconclusive: {', '.join(part for part in (stopped, found) if part) or 'nothing was checked'}"
    if report.verdict is Verdict.SKIPPED:
        return f"{title}: skipped, nothing was checked"
    return f"{title}: no errors found ({found})" if found else f"{title}: no problems found"


def details(result: Result) -> str:
    """Return the details of a check for a table, beside its status. Unescaped."""
    severities = [*(entry.severity for entry in of_result(result)), *(one.severity for one in notices_of(result))]
    return _listed(_reason(result), counts(severities), _elsewhere(result)) or result.note or ""


def outcome(result: Result) -> str:
    """Return the rules of a check's problems, or the check's title where it found nothing. Unescaped."""
    own, notices = of_result(result), counts(finding.severity for finding in notices_of(result))
    if not own:
        said = _listed(_reason(result), _elsewhere(result), notices)
        return said or (result.note or _PROVES.get(result.id, "") if result.status is Status.PASSED else "")
    rules = dict.fromkeys(title(rule).lower() for entry in own for rule in entry.rules)
    found = f"{counts(entry.severity for entry in own)}: {', '.join(rules)}"
    return _listed(_reason(result), found, _elsewhere(result), notices)


def _reason(result: Result) -> str:
    """Return why a check could not run, or which other check says so; empty where its findings do."""
    said_by = knock_on(result)
    if said_by is not None:
        return f"see {said_by}"
    return "" if is_said(result) else first_line(result)


def _elsewhere(result: Result) -> str:
    """Return the findings that another check has the remedy of: ``two ways differ: see history``."""
    found = elsewhere(result).items()
    return "; ".join(f"{', '.join(title(rule).lower() for rule in rules)}: see {check}" for check, rules in found)


def _listed(*parts: str) -> str:
    """Return the parts that say something, in one line; a full stop stands only at its end."""
    said = [part for part in parts if part]
    return "; ".join((*(part.removesuffix(".") for part in said[:-1]), *said[-1:]))


def first_line(result: Result) -> str:
    """Return the first sentence of why a check could not run or ran in another way; empty without a reason."""
    return (result.reason or "").split("\n", 1)[0]


def explained(report: Report) -> list[tuple[Result, str, tuple[str, ...]]]:
    """Return the checks whose reason has more than one line: the lines after the first, and all trees with that reason.

    A reason has in its lines why a check could not run, and the fix.
    """
    found: dict[tuple[str, Status, str], tuple[Result, list[str]]] = {}
    for tree, result in report.results():
        if (result.reason or "").partition("\n")[2] and not is_said(result) and knock_on(result) is None:
            key = (result.id, result.status, str(result.reason))
            found.setdefault(key, (result, []))[1].append(tree.path)
    return [(result, str(result.reason).partition("\n")[2], tuple(paths)) for result, paths in found.values()]


def skipped(report: Report) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Return the reasons of one line why checks did not run: the checks, the reason, and the trees but quiet ones."""
    alone = quiet(report)
    having: dict[tuple[str, str], list[str]] = {}
    for tree, result in report.results():
        reason = result.reason or ""
        ran = result.status in (Status.PASSED, Status.FAILED) or tree in alone
        if reason and "\n" not in reason and not ran and knock_on(result) is None and not is_said(result):
            having.setdefault((result.id, reason), []).append(tree.path)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (check, reason), paths in having.items():
        together.setdefault((reason, tuple(paths)), []).append(check)
    return [(tuple(checks), reason, paths) for (reason, paths), checks in together.items()]


def place(finding: Finding) -> str:
    """Return ``path:line`` as far as known, unescaped; empty for none."""
    if finding.path is None:
        return ""
    return finding.path if finding.line is None else f"{finding.path}:{finding.line}"


def compared(tree: TreeReport, *, timed: bool = False) -> str:
    """Return how many revisions a tree has, and how many are new; ``timed``: and a slow one. Unescaped."""
    parts = [plural(tree.revisions, "revision")]
    new = len(tree.new_revisions) or "none"
    parts += [f"{new} new since {tree.base}" if tree.base else "no base to compare with"]
    slowest = max(tree.revision_seconds.items(), key=lambda item: item[1], default=("", 0.0))
    parts += [f"slowest {slowest[0]} ({seconds(slowest[1])})"] if timed and slowest[1] >= _SLOW else []
    return ", ".join(parts)


def notes_of(tree: TreeReport) -> list[str]:
    """Return the notes on a tree's packages, base, folder and variables: how its base was created, say. Unescaped."""
    notes = (tree.dependencies_note, tree.base_note, tree.base_created, tree.folder_note, tree.settings_note)
    return [note for note in notes if note]


def base_notes(report: Report) -> list[str]:
    """Return the notes on servers and on all bases, each once. Unescaped."""
    of_trees = (note for tree in report.trees for note in notes_of(tree))
    return list(dict.fromkeys((*report.server_notes, *of_trees, *turned_off(report))))


def ran_on(report: Report, *, timed: bool = False) -> list[str]:
    """Return the versions of what ran, unescaped, each once; ``timed``: and how long all of it took."""
    servers = [one for one in (report.server, *report.further_servers) if one]
    names = [f"PostgreSQL {one.version}" for one in servers]
    if len(set(names)) < len(names):  # images of one version: the detail begins with what sets them apart
        names = [re.split(r"; |\. ", one.detail)[0] for one in servers]
    used = [
        f"{name} {tree.environment[key]}".strip()
        for tree in report.trees
        for key, name in VERSIONS.items()
        if tree.environment.get(key)
    ]
    total = [seconds(report.seconds["total"])] if timed and "total" in report.seconds else []
    return [*names, *dict.fromkeys(used), *total]


def explanation(*findings: Finding) -> str:
    """Return the messages, the why and the fix of findings that share a why and a fix, a paragraph each."""
    first = findings[0]
    sentences = [*dict.fromkeys(finding.message for finding in findings), first.why]
    return "\n".join(part for part in (*sentences, f"Fix: {first.remedy}" if first.remedy else "") if part)
