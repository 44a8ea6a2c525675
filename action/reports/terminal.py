"""The report for a terminal: the verdict, a table of checks, then findings with their fixes."""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from action.probe.protocol.caps import capped
from action.reports import digest, escape, words
from action.reports.digest import Cluster
from action.reports.entries import Entry, entries, knock_on
from action.reports.ten_each import MOST, TenEach
from checks.findings import Finding, Report, Result, Severity, Snippet, Status, Verdict
from checks.plural import plural

_LONGEST_FIX, _WIDEST_FIX = 150, 20_000
"""Lines and characters from which a fix is named, and not shown: a migration for a whole schema, say."""
_SAID = 2000
"""Characters of a sentence that are shown."""
_IN_A_FILE = "add --json FILE or --report-dir DIR to write the whole report"
_LONG_OUTPUT = 40
"""Lines from which the verdict is repeated at the end, which is what a terminal shows."""
_VERDICTS = {
    Verdict.PASSED: "bold green",
    Verdict.FAILED: "bold red",
    Verdict.INCONCLUSIVE: "bold yellow",
    Verdict.SKIPPED: "bold yellow",
}
_STATUSES = {
    Status.PASSED: ("passed", "green"),
    Status.FAILED: ("failed", "red"),
    Status.SKIPPED: ("skipped", "yellow"),
    Status.ERROR: ("could not run", "yellow"),
}
_NOT_ASKED = ("skipped", "dim")
_SEVERITIES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTICE: "cyan"}


def wants_color(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Return whether to use color: on a terminal and in the log of GitHub Actions, which shows it.

    Never with NO_COLOR (https://no-color.org), always with FORCE_COLOR (https://force-color.org), not with TERM=dumb.
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR") or environ.get("GITHUB_ACTIONS") == "true":
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"


def render(report: Report, *, color: bool, width: int, file: str = "", repeats: bool = True) -> str:
    """Return the report in lines of at most ``width`` columns, except for code that is to be copied.

    ``file`` is where the whole report is: the terminal has the first findings of each rule only. ``repeats`` writes
    the verdict again below a long report.
    """
    page = _Page(color=color, width=width, rest=f"{escape.line(file)} has all of them" if file else _IN_A_FILE)
    verdict = Text.assemble(
        (report.verdict.value.upper(), _VERDICTS[report.verdict]), "  ", (digest.verdict(report), "bold")
    )
    page.line(verdict)
    _trees(page, report)
    several = len(report.trees) > 1
    shown = TenEach()
    for _, alike in itertools.groupby(entries(report), key=lambda entry: (entry.severity, entry.check)):
        for entry in alike:
            part = shown.of_entry(entry)
            if part is not None:
                _entry(page, part, several=several)
        _left(page, shown)
    _asides(page, report, shown, several=several)
    page.line()
    if ran := digest.ran_on(report, timed=True):
        page.line(Text(escape.line(", ".join(ran)), "dim"))
    if repeats and page.count() > _LONG_OUTPUT:
        page.line(verdict)
    return page.text()


class _Page:
    """Lines as they will be printed; takes only text that is escaped."""

    def __init__(self, *, color: bool, width: int, rest: str) -> None:
        self.rest = rest
        """Where the whole report is, in a clause."""
        self._file = io.StringIO()
        self._width = width
        self._console = Console(
            file=self._file,
            width=width,
            force_terminal=color,
            color_system="standard" if color else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            _environ={},
        )

    def line(self, text: Text | str = "", *, indent: int = 0) -> None:
        """Add a paragraph, wrapped at words."""
        text = Text(text) if isinstance(text, str) else text
        self._console.print(Padding(text, (0, 0, 0, indent)))

    def table(self, table: Table) -> None:
        """Add a table."""
        self._console.print(Padding(table, (0, 0, 0, 2)))

    def code(self, text: str, *, indent: int, style: str = "") -> None:
        """Add lines that are never wrapped, so that they can be copied."""
        for line in text.split("\n"):
            self._console.print(Text(" " * indent + line, style), soft_wrap=True)

    def prose(self, text: str, *, indent: int) -> None:
        """Add lines of sentences, wrapped at words, and between them lines that begin with a blank, which are code."""
        for line in text.split("\n"):
            if line.startswith(" "):
                self.code(line, indent=indent)
            else:
                self.line(line, indent=indent)

    def rule(self, title: str) -> None:
        """Add a line across, around something to copy."""
        width = min(self._width, 100)
        self._console.print(Text(f"──── {title} ".ljust(width, "─") if title else "─" * width, "dim"), soft_wrap=True)

    def count(self) -> int:
        """Return the number of lines so far."""
        return self._file.getvalue().count("\n")

    def text(self) -> str:
        """Return all lines, without blanks at their ends."""
        return "\n".join(line.rstrip() for line in self._file.getvalue().split("\n"))


def _trees(page: _Page, report: Report) -> None:
    quiet = digest.quiet(report)
    for tree in (tree for tree in report.trees if tree not in quiet):
        page.line()
        page.line(Text.assemble((escape.line(tree.path), "bold"), ": ", escape.line(digest.compared(tree, timed=True))))
        table = Table.grid(padding=(0, 2))
        for justify in ("left", "left", "right", "left"):
            table.add_column(justify=justify)
        for result in tree.checks:
            word, style = _word(result)
            details = Text(escape.line(capped(digest.details(result), _SAID)))
            table.add_row(Text(escape.line(result.id)), Text(word, style), words.took(result), details)
        page.table(table)
    for note in filter(None, (digest.quiet_note(report), *digest.base_notes(report))):
        page.line()
        page.line(Text(_said(note)))
    for result, rest, paths in digest.explained(report):
        where = f" in {escape.line(', '.join(paths))}" if len(report.trees) > 1 else ""
        page.line()
        page.line(Text(f"{escape.line(result.id)}{where}: {_said(digest.first_line(result))}", "bold"))
        page.prose(escape.lines(capped(rest, 2 * _SAID)), indent=2)


def _word(result: Result) -> tuple[str, str]:
    """Return the word and the style of a result; a check that another one stopped has no alarm of its own."""
    if digest.not_asked(result):
        return _NOT_ASKED
    return ("not run", "dim") if knock_on(result) is not None else _STATUSES[result.status]


def _entry(page: _Page, entry: Entry, *, several: bool) -> None:
    first = entry.first
    page.line()
    alone = len(entry.findings) == 1
    beside = escape.line(", ".join(tree.path for tree in entry.trees)) if several else _place(first) if alone else ""
    title = [(entry.severity.value, _SEVERITIES[entry.severity]), (f"  {escape.line(', '.join(entry.rules))}", "bold")]
    page.line(Text.assemble(*title, (f"  {beside}" if beside else "", "cyan")))
    if alone:
        if several and _place(first):
            page.line(Text(_place(first), "cyan"), indent=2)
        page.line(_said(first.message), indent=2)
    else:
        for finding in entry.findings:
            page.line(Text.assemble((_place(finding), "cyan"), "  ", _said(finding.message)), indent=2)
            if entry.why[1:] and finding.why:
                page.line(_said(finding.why), indent=4)
    for check, finding in entry.also:
        page.line(Text.assemble((f"Also {escape.line(check)}: ", "bold"), _said(finding.message)), indent=2)
    for label, text in (("Why", "" if entry.why[1:] else "".join(entry.why)), ("Fix", entry.remedy)):
        if text:
            page.line(Text.assemble((f"{label}: ", "bold"), _said(text)), indent=2)
    _evidence(page, digest.evidence_of(entry.findings))
    for snippet in entry.fixes:
        _fix(page, snippet)


def _place(finding: Finding) -> str:
    return escape.line(digest.place(finding) or finding.revision or finding.object or "")


def _evidence(page: _Page, snippets: tuple[Snippet, ...]) -> None:
    # A graph in words is only for where it is drawn, unless there is nothing else.
    drawn = [snippet for snippet in snippets if snippet.language != "mermaid"] or list(snippets)
    for snippet in drawn:
        page.line(f"{escape.line(snippet.title)}:", indent=2)
        text = words.shortened(snippet.text, lines=25, characters=3000)
        page.code(escape.lines(text).strip("\n"), indent=4, style="dim")


def _left(page: _Page, shown: TenEach) -> None:
    """Count the findings that are not shown."""
    for rule, count in shown.left():
        page.line()
        page.line(f"{escape.line(words.more(count, rule))}: {page.rest}.")


def _fix(page: _Page, snippet: Snippet) -> None:
    page.line()
    count = snippet.text.count("\n") + 1
    if snippet.folded or count > _LONGEST_FIX or len(snippet.text) > _WIDEST_FIX:
        page.line(f"{escape.line(snippet.title)}: {plural(count, 'line')} ({page.rest}).", indent=2)
        return
    if snippet.path is None and count < 5:
        page.line(f"{escape.line(snippet.title)}:", indent=2)
        page.code(escape.lines(snippet.text).strip("\n"), indent=4)
        return
    page.line(f"{escape.line(snippet.title)}:", indent=2)
    page.rule(escape.line(snippet.path or ""))
    page.code(escape.lines(snippet.text).strip("\n"), indent=0)
    page.rule("")


def _asides(page: _Page, report: Report, shown: TenEach, *, several: bool) -> None:
    notices, suppressed = digest.notices(report), digest.suppressed(report)
    _heading(page, "notice", sum(len(cluster.findings) for cluster, _ in notices))
    for cluster, paths in notices:
        part = shown.of(cluster)
        if part is not None:
            _notice(page, part, escape.line(", ".join(paths)) if several else "")
    _left(page, shown)
    for snippet in digest.loose_fixes(report):
        _fix(page, snippet)
    _heading(page, "suppressed finding", len(suppressed))
    for finding in suppressed[:MOST]:
        page.line(_what(finding), indent=2)
        page.line(_said(f"Reason: {finding.suppressed}"), indent=4)
    if suppressed[MOST:]:
        page.line(f"{len(suppressed[MOST:])} more: {page.rest}.", indent=2)


def _heading(page: _Page, noun: str, count: int) -> None:
    if count:
        page.line()
        page.line(Text(plural(count, noun), "bold"))


def _notice(page: _Page, cluster: Cluster, where: str) -> None:
    """Add what was found, then why it matters and the fix, a line each."""
    for finding in cluster.findings:
        page.line(_what(finding), indent=2)
    lines = (where and f"In {where}", cluster.first.why, cluster.first.remedy and f"Fix: {cluster.first.remedy}")
    for text in lines:
        if text:
            page.line(_said(text), indent=4)


def _what(finding: Finding) -> str:
    parts = (digest.place(finding), f"{finding.rule}:", finding.message)
    return _said(" ".join(part for part in parts if part))


def _said(text: str) -> str:
    return escape.line(capped(text, _SAID))
