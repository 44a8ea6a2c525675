"""The report as Markdown for GitHub: the verdict, a table of checks, then findings with their fixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from action.reports import digest, mermaid
from action.reports.budget import Block, Section, assemble, size
from action.reports.digest import Cluster, Group
from action.reports.escape import code, fence, html, markdown
from checks.findings import Finding, Report, Severity, Snippet, Status, TreeReport, Verdict

_LISTED = 10
"""Findings of one kind shown before the rest is folded."""
_FOLDED = 150
_PIECES = 5
"""Pieces of evidence in one fold."""
_LONG_FIX = 60
"""Lines from which a fix is folded; it is never cut."""
_VERDICTS = {
    Verdict.PASSED: "\N{WHITE HEAVY CHECK MARK}",
    Verdict.FAILED: "\N{CROSS MARK}",
    Verdict.INCONCLUSIVE: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
}
_STATUSES = {
    Status.PASSED: "\N{WHITE HEAVY CHECK MARK} passed",
    Status.FAILED: "\N{CROSS MARK} failed",
    Status.SKIPPED: "\N{WHITE QUESTION MARK ORNAMENT} not judged",
    Status.ERROR: "\N{WHITE QUESTION MARK ORNAMENT} broke off",
}
_SEVERITIES = {
    Severity.ERROR: "\N{CROSS MARK}",
    Severity.WARNING: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Severity.NOTICE: "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16}",
}
# What GitHub colours. It draws other languages, such as math, geojson and stl, from whatever they hold.
_LANGUAGES = {"sql", "python", "shell", "diff", "ini", "toml", "json", "yaml"}
_DROP_LAST, _DROP_SECOND, _DROP_FIRST = 0, 1, 2


def render(report: Report, *, budget: int = 65_000) -> str:
    """Return the text of a comment, at most ``budget`` bytes of UTF-8 (so no more characters either).

    Below 1,000 the verdict alone may be more than fits.
    """
    several = len(report.trees) > 1
    heading = f"## {_VERDICTS[report.verdict]} {digest.verdict(report)}"
    table = _table(report, several, budget // 4)
    subject = "" if several else "".join(map(_subject, report.trees))
    head = "\n\n".join(part for part in (heading, subject, table) if part)
    sections = [Section(heading="", blocks=tuple(_explained(report)))]
    sections += [_section(group, several) for group in digest.groups(report)]
    sections += [Section(heading="", blocks=tuple(_asides(report)))]
    ran = _within([markdown(_cut(text, 80)) for text in digest.ran_on(report)[:8]], " · ", budget // 8)
    return assemble(head, sections, f"<sub>{ran}</sub>" if ran else "", budget)


def _table(report: Report, several: bool, limit: int) -> str:
    titles = [*(["Tree"] if several else []), "Check", "Result", "Details", "Time"]
    lines = [_row(titles), _row([*("---" for _ in titles[1:]), "--:"])]
    results = list(report.results())
    last = None
    for index, (tree, result) in enumerate(results):
        cells = [_tree(tree) if tree is not last else ""] if several else []
        cells += [code(_cut(result.id, 60), cell=True), _STATUSES[result.status].replace(" ", "&nbsp;")]
        cells += [markdown(_cut(digest.details(result), 300)), digest.took(result).replace(" ", "&nbsp;")]
        if size("\n".join([*lines, _row(cells)])) > limit:
            return "\n".join(lines) + f"\n\n{digest.plural(len(results) - index, 'more check')} not listed."
        lines.append(_row(cells))
        last = tree
    return "\n".join(lines) if results else ""


def _explained(report: Report) -> Iterator[Block]:
    for _, result, rest in digest.explained(report):
        told = f"**{code(result.id)} could not be judged.** {markdown(digest.first_line(result))}"
        yield Block(text=f"{told}\n\n{fence(rest, 'text')}", rank=(0, 0))


def _subject(tree: TreeReport) -> str:
    return f"{code(_cut(tree.path, 100))}: {markdown(_cut(digest.compared(tree), 100))}"


def _tree(tree: TreeReport) -> str:
    return f"{code(_cut(tree.path, 100), cell=True)}<br>{markdown(_cut(digest.compared(tree), 200))}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _section(group: Group, several: bool) -> Section:
    where = f" in {code(_cut(group.tree.path, 100))}" if several else ""
    heading = f"### {code(_cut(group.result.id, 60))}{where}: {digest.counts(group.findings)}"
    clusters = [block for cluster in group.clusters for block in _cluster(cluster)]
    shared = [_fix(snippet, (_DROP_LAST, group.severity.rank)) for snippet in group.fixes]
    return Section(heading=heading, blocks=(*clusters, *shared))


def _cluster(cluster: Cluster) -> Iterator[Block]:
    first, rank = cluster.first, cluster.first.severity.rank
    shown, rest = cluster.findings[:_LISTED], cluster.findings[_LISTED:]
    yield Block(text=_told(shown, first), rank=(_DROP_LAST, rank), findings=len(shown))
    graphs = [graph for graph in map(_graph, cluster.evidence) if graph]
    yield from (Block(text=text, rank=(_DROP_LAST, rank)) for text in graphs)
    yield from (_fix(snippet, (_DROP_LAST, rank)) for snippet in cluster.fixes)
    for start in range(0, len(rest), _FOLDED):
        chunk = rest[start : start + _FOLDED]
        listed = "\n".join(_item(finding) for finding in chunk)
        text = _folded(f"{len(chunk)} more of {html(first.rule)}", listed)
        yield Block(text=text, rank=(_DROP_SECOND, rank), findings=len(chunk))
    plain = [snippet for snippet in cluster.evidence if not _graph(snippet)]
    for start in range(0, len(plain), _PIECES):
        yield Block(text=_evidence(plain[start : start + _PIECES]), rank=(_DROP_SECOND, rank))


def _told(shown: Sequence[Finding], first: Finding) -> str:
    icon = _SEVERITIES[first.severity]
    if len(shown) == 1:
        what = f"{icon} **{markdown(_cut(first.message, 800))}**<br>{_place(first)}"
    else:
        what = f"{icon} {code(first.rule)}\n\n" + "\n".join(_item(finding) for finding in shown)
    why = markdown(_cut(first.why, 1500))
    remedy = markdown(_cut(first.remedy, 1500))
    return "\n\n".join(part for part in (what, why, f"**Fix:** {remedy}" if remedy else "") if part)


def _item(finding: Finding) -> str:
    place = digest.place(finding)
    return f"- {markdown(_cut(finding.message, 800))}" + (f" · {code(_cut(place, 250))}" if place else "")


def _place(finding: Finding) -> str:
    place, revision = digest.place(finding), finding.revision
    told = [code(_cut(place, 250))] if place else []
    told += [f"revision {code(_cut(revision, 60))}"] if revision else []
    return " · ".join([*told, code(finding.rule)])


def _fix(snippet: Snippet, rank: tuple[int, int], *, folded: bool = False) -> Block:
    block = fence(snippet.text, _language(snippet))
    count = snippet.text.count("\n") + 1
    if folded or count > _LONG_FIX:
        where = f": <code>{html(snippet.path)}</code>" if snippet.path else ""
        return Block(text=_folded(f"{html(snippet.title)}{where} ({digest.plural(count, 'line')})", block), rank=rank)
    where = f": {code(snippet.path)}" if snippet.path else ""
    return Block(text=f"**{markdown(snippet.title)}**{where}\n\n{block}", rank=rank)


def _graph(snippet: Snippet) -> str:
    graph = mermaid.inert(snippet.text) if snippet.language == "mermaid" else None
    return f"**{markdown(_cut(snippet.title, 200))}**\n\n{fence(graph, 'mermaid')}" if graph else ""


def _evidence(snippets: Sequence[Snippet]) -> str:
    titles = " · ".join(dict.fromkeys(html(_cut(snippet.title, 200)) for snippet in snippets))
    if len(snippets) == 1:
        return _folded(titles, _block(snippets[0]))
    return _folded(titles, "\n\n".join(_pieces(snippets)))


def _pieces(snippets: Sequence[Snippet]) -> list[str]:
    return [f"{markdown(_cut(snippet.title, 200))}:\n\n{_block(snippet)}" for snippet in snippets]


def _block(snippet: Snippet) -> str:
    return fence(digest.shortened(snippet.text, lines=60, characters=4000), _language(snippet))


def _language(snippet: Snippet) -> str:
    return snippet.language if snippet.language in _LANGUAGES else "text"


def _asides(report: Report) -> Iterator[Block]:
    rank = (_DROP_FIRST, Severity.NOTICE.rank)
    notices, suppressed = digest.notices(report), digest.suppressed(report)
    icon = _SEVERITIES[Severity.NOTICE]
    for title, findings, item in (
        ("notice", notices, _notice),
        ("suppressed finding", suppressed, _silenced),
    ):
        for start in range(0, len(findings), _FOLDED):
            chunk = findings[start : start + _FOLDED]
            parts = ["\n".join(item(finding) for finding in chunk)]
            parts += [part for finding in chunk for part in _pieces(finding.evidence)]
            text = _folded(f"{icon} {digest.plural(len(chunk), title)}", "\n\n".join(parts))
            yield Block(text=text, rank=rank, findings=len(chunk))
    yield from (_fix(snippet, rank, folded=True) for snippet in digest.loose_fixes(report))


def _notice(finding: Finding) -> str:
    parts = (finding.why, finding.remedy)
    return " ".join([_item(finding), *(markdown(_cut(part, 800)) for part in parts if part)])


def _silenced(finding: Finding) -> str:
    return f"{_item(finding)} {code(finding.rule)}: {markdown(_cut(finding.suppressed or '', 400))}"


def _folded(summary: str, body: str) -> str:
    """Fold what is long; ``summary`` is HTML."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _within(parts: Sequence[str], separator: str, limit: int) -> str:
    """Join as many parts as fit."""
    while parts and size(separator.join(parts)) > limit:
        parts = parts[:-1]
    return separator.join(parts)


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1]}…"
