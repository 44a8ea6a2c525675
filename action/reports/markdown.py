"""The report as Markdown for GitHub: the verdict and what to do, a table of checks, then one entry a problem."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from action.reports import digest
from action.reports.budget import Block, Section, assemble, folded, size
from action.reports.check_table import passed_beside, table
from action.reports.entries import entries
from action.reports.entry_markdown import DROP_FIRST, SEVERITIES, Surroundings, block, blocks_of, fix, item, where_of
from action.reports.escape import code, fence, markdown, sentence
from action.reports.links import Links, rule_link
from action.reports.run_page import run_url
from action.reports.sql_fold import sql_blocks
from action.reports.todo import todo
from action.reports.words import cut
from checks.findings import Finding, Report, Severity, Snippet, Status, TreeReport, Verdict
from checks.plural import plural

BUDGET = 60_000
"""Bytes of a comment. GitHub takes 65,536 characters; the rest is for its marker."""
_FOLDED = 150
"""Notices in one fold."""
_LONG = 25
"""Lines of a reason up to which it is shown."""
_VERDICTS = {
    Verdict.PASSED: "\N{WHITE HEAVY CHECK MARK}",
    Verdict.FAILED: "\N{CROSS MARK}",
    Verdict.INCONCLUSIVE: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Verdict.SKIPPED: "\N{HEAVY MINUS SIGN}",
}


def render(
    report: Report,
    *,
    budget: int = BUDGET,
    extra: Sequence[Section] = (),
    rest: str = "",
    title: str = digest.TITLE,
) -> str:
    """Return the text of a comment, at most ``budget`` bytes of UTF-8 (so no more characters either).

    A ``budget`` below 1,000 may be too small for the verdict. ``extra`` comes last; ``rest`` is Markdown that says
    where the whole report is; ``title`` is plain text.
    """
    several, links = len(report.trees) > 1, Links(report)
    heading = f"## {_VERDICTS[report.verdict]} {digest.verdict(report, markdown(title))}"
    note = markdown(digest.quiet_note(report))
    parts = (heading, _todo(report, budget // 8), table(report, budget // 4), note)
    head = "\n\n".join(part for part in parts if part)
    stopped = (*_explained(report, several), *(_skipped(report) if several else ()))
    sections = [Section(heading="", blocks=stopped)]
    found = entries(report)
    around = Surroundings(links=links, several_trees=several, several_entries=len(found) > 1)
    sections += [Section(heading="", blocks=tuple(blocks_of(entry, around))) for entry in found]
    asides = (*_base_notes(report), *_asides(report, links, several))
    sql = tuple(sql_blocks(report, budget // 3))
    sections += [Section(heading="", blocks=asides), Section(heading="", blocks=sql), *extra]
    foot = _within(_foot(report, several), " · ", budget // 6)
    return assemble(head, sections, f"<sub>{foot}</sub>" if foot else "", limit=budget, rest=rest or _rest(report))


def _todo(report: Report, limit: int) -> str:
    """Return what to do, in one line; empty where nothing has to be done."""
    steps = [sentence(step) for step in todo(report)]
    line = _within(steps, " · ", limit)
    if not line:
        return ""
    found = any(True for _ in entries(report))
    return f"**{'To do' if found else 'First'}:** {line}"


def _foot(report: Report, several: bool) -> list[str]:
    subject, url = report.subject, run_url(report)
    parts = [] if several else [part for tree in report.trees for part in (*_passed(tree), _subject(tree))]
    if subject is not None:
        parts += [f"commit {code(subject.head_sha[:10])}"] if subject.head_sha else []
        name = markdown(cut(subject.key, 80)) or "the run"
        parts += [f"[{name}]({url})" if url else name]
    return parts + [markdown(cut(text, 80)) for text in digest.ran_on(report)[:8]]


def _passed(tree: TreeReport) -> Iterator[str]:
    """Yield the checks that the table leaves out because they passed."""
    ids = [code(cut(result.id, 60)) for result in passed_beside(tree)]
    if ids:
        yield f"passed: {', '.join(ids)}"


def _rest(report: Report) -> str:
    url = run_url(report)
    return f"[The summary of the run]({url}) has more." if url else "The terminal and the JSON report have everything."


def _subject(tree: TreeReport) -> str:
    return f"{code(cut(tree.path, 100))}: {markdown(cut(digest.compared(tree), 200))}"


def _explained(report: Report, several: bool) -> Iterator[Block]:
    for result, rest, paths in digest.explained(report):
        what = "could not run" if result.status is Status.ERROR else "was skipped"
        where = where_of(paths) if several else ""
        said = f"**{code(result.id)} {what}{where}.** {sentence(digest.first_line(result))}"
        count, reason = rest.count("\n") + 1, fence(rest, "text")
        shown = folded(f"Why, and what to do ({plural(count, 'line')})", reason) if count > _LONG else reason
        yield Block(text=f"{said}\n\n{shown}", rank=(0, 0))


def _skipped(report: Report) -> Iterator[Block]:
    """Yield why checks did not run in a row of several Alembic configs, which has no room for a reason."""
    for checks, reason, paths in digest.skipped(report):
        named = ", ".join(code(check) for check in checks)
        yield Block(text=f"**{named} skipped{where_of(paths)}.** {sentence(cut(reason, 800))}", rank=(0, 0))


def _base_notes(report: Report) -> Iterator[Block]:
    """Yield what is to be known about this run; several notes in one fold."""
    icon = SEVERITIES[Severity.NOTICE]
    notes = [sentence(cut(note, 800)) for note in digest.base_notes(report)]
    if len(notes) == 1:
        yield Block(text=f"{icon} {notes[0]}", rank=(0, 0))
    elif notes:
        listed = "\n".join(f"- {note}" for note in notes)
        yield Block(text=folded(f"{icon} {plural(len(notes), 'note')} on this run", listed), rank=(0, 0))


def _asides(report: Report, links: Links, several: bool) -> Iterator[Block]:
    notices = [
        (finding, where_of(paths) if several else "")
        for cluster, paths in digest.notices(report)
        for finding in cluster.findings
    ]
    suppressed = [(finding, "") for finding in digest.suppressed(report)]
    icon = SEVERITIES[Severity.NOTICE]
    for title, findings, shown in (("notice", notices, _notice), ("suppressed finding", suppressed, _silenced)):
        for start in range(0, len(findings), _FOLDED):
            chunk = findings[start : start + _FOLDED]
            listed = "\n".join(shown(finding, where, links) + _indented(finding.evidence) for finding, where in chunk)
            text = folded(f"{icon} {plural(len(chunk), title)}", listed)
            yield Block(text=text, rank=DROP_FIRST, findings=len(chunk))
    yield from (fix(snippet, DROP_FIRST, fold=True) for snippet in digest.loose_fixes(report))


def _indented(evidence: Sequence[Snippet]) -> str:
    """Return evidence as a part of the list item before it."""
    pieces = (f"{markdown(cut(snippet.title, 200))}:\n\n{block(snippet)}" for snippet in evidence)
    return "".join(f"\n\n{textwrap.indent(piece, '  ')}" for piece in pieces)


def _notice(finding: Finding, where: str, links: Links) -> str:
    """Return what was found, why it matters, and the fix, a line each."""
    why, remedy = sentence(cut(finding.why, 800)), sentence(cut(finding.remedy, 800))
    what = f"{item(finding, links)} · {rule_link(finding.rule)}{f' ·{where}' if where else ''}"
    return "<br>".join(part for part in (what, why, f"**Fix:** {remedy}" if remedy else "") if part)


def _silenced(finding: Finding, where: str, links: Links) -> str:
    return f"{item(finding, links)} {rule_link(finding.rule)}: {markdown(cut(finding.suppressed or '', 400))}"


def _within(parts: Sequence[str], separator: str, limit: int) -> str:
    """Join as many parts as fit."""
    while parts and size(separator.join(parts)) > limit:
        parts = parts[:-1]
    return separator.join(parts)
