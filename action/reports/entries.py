"""The entries of a report: one for each problem, with all findings that are about it, over all Alembic configs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from action.reports.shared_commands import in_one_command
from checks.findings import Finding, Report, Result, Severity, Snippet, Status, TreeReport

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")
OTHERWISE = "Or "
"""How a sentence or a fix begins that is an alternative to the one before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One problem: its findings, those that follow from them, and every fix once."""

    check: str
    """The check of the first finding."""
    trees: tuple[TreeReport, ...]
    """The Alembic environments that have it."""
    severity: Severity
    findings: tuple[Finding, ...]
    """What is wrong; their remedies are the ones to follow."""
    also: tuple[tuple[str, Finding], ...] = ()
    """Findings that go away with these, each with its check."""
    shared: tuple[Snippet, ...] = ()
    """Fixes of the check for all of them, such as the missing migration."""

    @property
    def first(self) -> Finding:
        """Return the worst finding."""
        return self.findings[0]

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the rules of the findings, without those that follow."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))

    @property
    def why(self) -> tuple[str, ...]:
        """Return why it matters, each reason once."""
        return tuple(dict.fromkeys(finding.why for finding in self.findings if finding.why))

    @property
    def remedy(self) -> str:
        """Return what to do about all of it: each sentence once, alternatives last; empty for nothing."""
        said = list(dict.fromkeys(s for finding in self.findings for s in sentences(finding.remedy)))
        return " ".join(sorted(said, key=lambda sentence: sentence.startswith(OTHERWISE)))

    @property
    def fixes(self) -> tuple[Snippet, ...]:
        """Return every fix once, those for one place in one text, alternatives last."""
        own: dict[tuple[str, str, str | None, bool], dict[str, None]] = {}
        for snippet in (snippet for finding in self.findings for snippet in finding.fixes):
            key = (snippet.title, snippet.language, snippet.path, snippet.folded)
            own.setdefault(key, {})[snippet.text] = None
        merged = [
            Snippet(title=title, text=in_one_command(tuple(texts), language), language=language, path=path, folded=fold)
            for (title, language, path, fold), texts in own.items()
        ]
        return tuple(sorted((*merged, *self.shared), key=lambda one: one.title.startswith(OTHERWISE) or one.folded))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text of ours."""
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


def entries(report: Report) -> list[Entry]:
    """Return the problems that the errors and warnings are about, the worst first; each once for all trees."""
    found: dict[tuple[object, ...], Entry] = {}
    for tree in report.trees:
        for entry in of_tree(tree):
            mark = _mark(entry)
            known = found.get(mark)
            found[mark] = entry if known is None else _with_tree(known, entry)
    return sorted(found.values(), key=lambda entry: entry.severity.rank)


def of_tree(tree: TreeReport) -> list[Entry]:
    """Return the problems of one Alembic environment, in the order of its checks."""
    return _of_results(tree, tree.checks)


def of_result(result: Result) -> list[Entry]:
    """Return the problems that one check reports, without findings that follow from those of other checks."""
    own = tuple(finding for finding in result.findings if finding.follows in (None, result.id))
    return _of_results(TreeReport(path="", checks=()), [replace(result, findings=own)])


def elsewhere(result: Result) -> dict[str, list[str]]:
    """Return the rules of the findings that follow from those of other checks, by that check."""
    found: dict[str, dict[str, None]] = {}
    for finding in result.findings:
        if finding.suppressed is None and finding.follows not in (None, result.id):
            found.setdefault(str(finding.follows), {})[finding.rule] = None
    return {check: list(rules) for check, rules in found.items()}


def _of_results(tree: TreeReport, results: Sequence[Result]) -> list[Entry]:
    groups: dict[tuple[object, ...], list[tuple[Result, Finding]]] = {}
    for result in results:
        for finding in result.findings:
            if finding.suppressed is None and finding.severity is not Severity.NOTICE:
                groups.setdefault(_key(result, finding), []).append((result, finding))
    return _with_fixes(tree, [_entry(tree, group) for group in groups.values()])


def _key(result: Result, finding: Finding) -> tuple[object, ...]:
    if finding.problem:
        return (finding.problem,)
    return (result.id, finding.rule, finding.severity, finding.why, finding.remedy)


def _entry(tree: TreeReport, group: Sequence[tuple[Result, Finding]]) -> Entry:
    worst = min((finding.severity for _, finding in group), key=lambda severity: severity.rank)
    causes = [(result, f) for result, f in group if f.follows is None] or group[:1]
    ranked = sorted(causes, key=lambda item: item[1].severity.rank)
    return Entry(
        check=ranked[0][0].id,
        trees=(tree,),
        severity=worst,
        findings=tuple(finding for _, finding in ranked),
        also=tuple((result.id, f) for result, f in group if not any(f is cause for _, cause in causes)),
    )


def _with_fixes(tree: TreeReport, made: Sequence[Entry]) -> list[Entry]:
    """Return the entries, of each check the likeliest one with the fixes that the check has for all its findings."""
    fixes = {result.id: result.fixes for result in tree.checks if result.fixes}
    likeliest: dict[str, Entry] = {}
    for entry in made:
        if entry.check in fixes:
            likeliest[entry.check] = min(likeliest.get(entry.check, entry), entry, key=_likely)
    return [
        replace(entry, shared=fixes[entry.check]) if likeliest.get(entry.check) is entry else entry for entry in made
    ]


def _likely(entry: Entry) -> tuple[bool, int]:
    """Rank the entries of a check: fixes of the check are for findings that have none of their own."""
    return (any(finding.fixes for finding in entry.findings), entry.severity.rank)


def _mark(entry: Entry) -> tuple[object, ...]:
    every = ((entry.check, finding) for finding in entry.findings)
    return tuple(
        (check, *f.fingerprint, f.severity, f.message, f.path, f.line, f.why, f.remedy)
        for check, f in (*every, *entry.also)
    )


def _with_tree(known: Entry, other: Entry) -> Entry:
    return replace(
        known,
        trees=(*known.trees, *other.trees),
        shared=tuple(dict.fromkeys((*known.shared, *other.shared))),
    )


def knock_on(result: Result) -> str | None:
    """Return the check that says why this one could not run; None where it has a reason of its own, or ran."""
    stopped = result.status in (Status.SKIPPED, Status.ERROR)
    return result.follows if stopped and result.follows != result.id else None


def is_said(result: Result) -> bool:
    """Return whether a result's own findings say why the check could not run."""
    return result.follows == result.id and any(f.suppressed is None for f in result.findings)
