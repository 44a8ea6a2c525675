"""The report as Markdown for GitHub: the verdict, a table of checks, then findings with their fixes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from action.reports import digest, mermaid, words
from action.reports.budget import Block, Section, assemble, folded, size
from action.reports.digest import Cluster, Group
from action.reports.escape import code, fence, html, markdown, sentence
from action.reports.run_page import run_url
from action.reports.words import cut
from checks.findings import Finding, Report, Severity, Snippet, Status, TreeReport, Verdict
from checks.plural import plural

BUDGET = 60_000
"""Bytes of a comment. GitHub takes 65,536 characters; the rest is for its marker."""
_LISTED = 10
"""Findings of one kind shown before the rest is folded."""
_PART = 25
"""Findings of a folded list that are shown, or left out for length, together."""
_FOLDED = 150
"""Notices in one fold."""
_PIECES = 5
"""Pieces of evidence in one fold."""
_NAMED = 5
"""Alembic configs that are named."""
_LONG_FIX = 60
"""Lines from which a fix is folded; it is never cut."""
_VERDICTS = {
    Verdict.PASSED: "\N{WHITE HEAVY CHECK MARK}",
    Verdict.FAILED: "\N{CROSS MARK}",
    Verdict.INCONCLUSIVE: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Verdict.SKIPPED: "\N{HEAVY MINUS SIGN}",
}
_STATUSES = {
    Status.PASSED: "\N{WHITE HEAVY CHECK MARK} passed",
    Status.FAILED: "\N{CROSS MARK} failed",
    Status.SKIPPED: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16} skipped",
    Status.ERROR: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16} could not run",
}
_NOT_ASKED = "\N{HEAVY MINUS SIGN} skipped"
_SEVERITIES = {
    Severity.ERROR: "\N{CROSS MARK}",
    Severity.WARNING: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Severity.NOTICE: "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16}",
}
# What GitHub colours. It draws other languages, such as math, geojson and stl, from whatever they hold.
_LANGUAGES = {"sql", "python", "shell", "diff", "ini", "toml", "json", "yaml"}
_DROP_LAST, _DROP_SECOND = 0, 1
DROP_FIRST = (2, Severity.NOTICE.rank)
"""The rank of what is left out first."""


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
    several = len(report.trees) > 1
    heading = f"## {_VERDICTS[report.verdict]} {digest.verdict(report, markdown(title))}"
    table = _table(report, several, budget // 4)
    subject = "" if several or digest.quiet(report) else "".join(map(_subject, report.trees))
    head = "\n\n".join(part for part in (heading, subject, table, markdown(digest.quiet_note(report))) if part)
    sections = [Section(heading="", blocks=(*_base_notes(report), *_explained(report, several)))]
    sections += [_section(group, several) for group in digest.groups(report)]
    sections += [Section(heading="", blocks=tuple(_asides(report, several))), *extra]
    foot = _within(_foot(report), " · ", budget // 6)
    return assemble(head, sections, f"<sub>{foot}</sub>" if foot else "", limit=budget, rest=rest or _rest(report))


def _foot(report: Report) -> list[str]:
    subject, url = report.subject, run_url(report)
    parts = []
    if subject is not None:
        parts += [f"commit {code(subject.head_sha[:10])}"] if subject.head_sha else []
        name = markdown(cut(subject.key, 80)) or "the run"
        parts += [f"[{name}]({url})" if url else name]
    return parts + [markdown(cut(text, 80)) for text in digest.ran_on(report)[:8]]


def _rest(report: Report) -> str:
    url = run_url(report)
    return f"[The summary of the run]({url}) has more." if url else "The terminal and the JSON report have everything."


def _table(report: Report, several: bool, limit: int) -> str:
    titles = [*(["Alembic config"] if several else []), "Check", "Result", "Details", "Time"]
    lines = [_row(titles), _row([*("---" for _ in titles[1:]), "--:"])]
    quiet = digest.quiet(report)
    results = [(tree, result) for tree, result in report.results() if tree not in quiet]
    last = None
    for index, (tree, result) in enumerate(results):
        cells = [_tree(tree) if tree is not last else ""] if several else []
        word = _NOT_ASKED if digest.not_asked(result) else _STATUSES[result.status]
        cells += [code(cut(result.id, 60), cell=True), word.replace(" ", "&nbsp;")]
        cells += [markdown(cut(digest.outcome(result), 300)), words.took(result).replace(" ", "&nbsp;")]
        if size("\n".join([*lines, _row(cells)])) > limit:
            return "\n".join(lines) + f"\n\n{plural(len(results) - index, 'more check')} not listed."
        lines.append(_row(cells))
        last = tree
    return "\n".join(lines) if results else ""


def _explained(report: Report, several: bool) -> Iterator[Block]:
    for result, rest, paths in digest.explained(report):
        what = "could not run" if result.status is Status.ERROR else "was skipped"
        where = _where(paths) if several else ""
        said = f"**{code(result.id)} {what}{where}.** {sentence(digest.first_line(result))}"
        yield Block(text=f"{said}\n\n{fence(rest, 'text')}", rank=(0, 0))


def _base_notes(report: Report) -> Iterator[Block]:
    for note in digest.base_notes(report):
        yield Block(text=f"{_SEVERITIES[Severity.NOTICE]} {sentence(cut(note, 800))}", rank=(0, 0))


def _subject(tree: TreeReport) -> str:
    return f"{code(cut(tree.path, 100))}: {markdown(cut(digest.compared(tree), 100))}"


def _tree(tree: TreeReport) -> str:
    return f"{code(cut(tree.path, 100), cell=True)}<br>{markdown(cut(digest.compared(tree), 200))}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _section(group: Group, several: bool) -> Section:
    where = _where([tree.path for tree in group.trees]) if several else ""
    heading = f"### {code(cut(group.check, 60))}{where}: {words.counts(group.findings)}"
    shared = [
        _fix(snippet, DROP_FIRST if snippet.folded else (_DROP_LAST, group.severity.rank)) for snippet in group.fixes
    ]
    parts = [group.clusters] if group.one_remedy else [(cluster,) for cluster in group.clusters]
    if len(parts) == 1:  # the fix comes before what is folded
        return Section(heading=heading, blocks=(*_shown(parts[0]), *shared, *_more(parts[0])))
    blocks = [block for clusters in parts for block in (*_shown(clusters), *_more(clusters))]
    return Section(heading=heading, blocks=(*blocks, *shared))


def _where(paths: Sequence[str]) -> str:
    """Return the Alembic configs that have the same in common."""
    named = [code(cut(path, 100)) for path in paths[:_NAMED]]
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return f" in {', '.join(named)}{more}"


def _shown(clusters: Sequence[Cluster]) -> Iterator[Block]:
    """Yield the unfolded blocks of clusters that share a remedy: the what and why of each, then the fix."""
    all_of, rank = digest.together(clusters), (_DROP_LAST, clusters[0].first.severity.rank)
    for cluster in clusters:
        shown = cluster.findings[:_LISTED]
        yield Block(text=_what_and_why(shown), rank=rank, findings=len(shown))
    if remedy := all_of.first.remedy:
        yield Block(text=f"**Fix:** {sentence(cut(remedy, 1500))}", rank=rank)
    yield from (_fix(snippet, rank) for snippet in all_of.fixes)
    graphs = [graph for graph in map(_graph, all_of.evidence) if graph]
    yield from (Block(text=text, rank=rank) for text in graphs)


def _more(clusters: Sequence[Cluster]) -> Iterator[Block]:
    rank = (_DROP_SECOND, clusters[0].first.severity.rank)
    for cluster in clusters:
        rest = cluster.findings[_LISTED:]
        for start in range(0, len(rest), _PART):
            part = rest[start : start + _PART]
            listed = "\n".join(_item(finding) for finding in part)
            yield Block(text=listed, rank=rank, findings=len(part), rule=cluster.first.rule)
    evidence = digest.together(clusters).evidence
    drawn = {snippet.title for snippet in evidence if _graph(snippet)}
    plain = [
        replace(snippet, title=f"{snippet.title}, as text") if snippet.title in drawn else snippet
        for snippet in evidence
        if not _graph(snippet)
    ]
    for start in range(0, len(plain), _PIECES):
        yield Block(text=_evidence(plain[start : start + _PIECES]), rank=rank)


def _what_and_why(shown: Sequence[Finding]) -> str:
    first = shown[0]
    icon = _SEVERITIES[first.severity]
    if len(shown) == 1:
        what = f"{icon} **{sentence(cut(first.message, 800))}**<br>{_place(first)}"
    else:
        what = f"{icon} **{markdown(words.title(first.rule))}** · {code(first.rule)}\n\n"
        what += "\n".join(_item(finding) for finding in shown)
    why = sentence(cut(first.why, 1500))
    return "\n\n".join(part for part in (what, why) if part)


def _item(finding: Finding) -> str:
    place = digest.place(finding)
    return f"- {sentence(cut(finding.message, 800))}" + (f" · {code(cut(place, 250))}" if place else "")


def _place(finding: Finding) -> str:
    place, revision = digest.place(finding), finding.revision
    parts = [code(cut(place, 250))] if place else []
    parts += [f"revision {code(cut(revision, 60))}"] if revision else []
    return " · ".join([*parts, code(finding.rule)])


def _fix(snippet: Snippet, rank: tuple[int, int], *, fold: bool = False) -> Block:
    block = fence(snippet.text, _language(snippet))
    count = snippet.text.count("\n") + 1
    if fold or snippet.folded or count > _LONG_FIX:
        where = f": <code>{html(snippet.path)}</code>" if snippet.path else ""
        return Block(text=folded(f"{html(snippet.title)}{where} ({plural(count, 'line')})", block), rank=rank)
    where = f": {code(snippet.path)}" if snippet.path else ""
    return Block(text=f"**{markdown(snippet.title)}**{where}\n\n{block}", rank=rank)


def _graph(snippet: Snippet) -> str:
    graph = mermaid.inert(snippet.text) if snippet.language == "mermaid" else None
    return f"**{markdown(cut(snippet.title, 200))}**\n\n{fence(graph, 'mermaid')}" if graph else ""


def _evidence(snippets: Sequence[Snippet]) -> str:
    titles = " · ".join(dict.fromkeys(html(cut(snippet.title, 200)) for snippet in snippets))
    if len(snippets) == 1:
        return folded(titles, _block(snippets[0]))
    return folded(titles, "\n\n".join(_pieces(snippets)))


def _pieces(snippets: Sequence[Snippet]) -> list[str]:
    return [f"{markdown(cut(snippet.title, 200))}:\n\n{_block(snippet)}" for snippet in snippets]


def _block(snippet: Snippet) -> str:
    return fence(words.shortened(snippet.text, lines=60, characters=4000), _language(snippet))


def _language(snippet: Snippet) -> str:
    return snippet.language if snippet.language in _LANGUAGES else "text"


def _asides(report: Report, several: bool) -> Iterator[Block]:
    notices = [
        (finding, _where(paths) if several else "")
        for cluster, paths in digest.notices(report)
        for finding in cluster.findings
    ]
    suppressed = [(finding, "") for finding in digest.suppressed(report)]
    icon = _SEVERITIES[Severity.NOTICE]
    for title, findings, item in (("notice", notices, _notice), ("suppressed finding", suppressed, _silenced)):
        for start in range(0, len(findings), _FOLDED):
            chunk = findings[start : start + _FOLDED]
            listed = "\n".join(item(finding, where) + _indented(finding.evidence) for finding, where in chunk)
            text = folded(f"{icon} {plural(len(chunk), title)}", listed)
            yield Block(text=text, rank=DROP_FIRST, findings=len(chunk))
    yield from (_fix(snippet, DROP_FIRST, fold=True) for snippet in digest.loose_fixes(report))


def _indented(evidence: Sequence[Snippet]) -> str:
    """Return evidence as a part of the list item before it."""
    return "".join(f"\n\n{textwrap.indent(piece, '  ')}" for piece in _pieces(evidence))


def _notice(finding: Finding, where: str) -> str:
    """Return what was found, why it matters, and the fix, a line each."""
    why, remedy = sentence(cut(finding.why, 800)), sentence(cut(finding.remedy, 800))
    parts = (f"{_item(finding)}{f' ·{where}' if where else ''}", why, f"**Fix:** {remedy}" if remedy else "")
    return "<br>".join(part for part in parts if part)


def _silenced(finding: Finding, where: str) -> str:
    return f"{_item(finding)} {code(finding.rule)}: {markdown(cut(finding.suppressed or '', 400))}"


def _within(parts: Sequence[str], separator: str, limit: int) -> str:
    """Join as many parts as fit."""
    while parts and size(separator.join(parts)) > limit:
        parts = parts[:-1]
    return separator.join(parts)
