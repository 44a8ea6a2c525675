"""An entry of a report as Markdown: what is wrong and where, why, the fix, and a fold with the rest."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from action.reports import digest, mermaid, words
from action.reports.budget import Block, folded
from action.reports.entries import OTHERWISE, Entry
from action.reports.escape import code, fence, html, markdown, sentence
from action.reports.links import Links, linked, rule_link
from action.reports.words import cut
from checks.findings import Finding, Severity, Snippet
from checks.plural import plural

_LISTED = 10
"""Findings of one entry shown before the rest is folded."""
_PART = 25
"""Findings of a folded list that are shown, or left out for length, together."""
_PIECES = 8
"""Pieces of evidence in one fold."""
_NAMED = 5
"""Alembic configs that are named."""
_LONG = 25
"""Lines of code up to which it is shown; more are folded, and a fix is never cut."""
SEVERITIES = {
    Severity.ERROR: "\N{CROSS MARK}",
    Severity.WARNING: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Severity.NOTICE: "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16}",
}
# What GitHub colours. It draws other languages, such as math, geojson and stl, from whatever they hold.
_LANGUAGES = {"sql", "python", "shell", "diff", "ini", "toml", "json", "yaml"}
_DROP_LAST, _DROP_SECOND = 0, 1
DROP_FIRST = (2, Severity.NOTICE.rank)
"""The rank of what is left out first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What decides how an entry is shown."""

    links: Links
    several_trees: bool
    """Whether an entry names its Alembic environments."""
    several_entries: bool
    """Whether an entry shows only what is wrong and what to do, so that all of them fit on one screen."""


def blocks_of(entry: Entry, around: Surroundings) -> Iterator[Block]:
    """Yield the parts of an entry, the fix before what is folded."""
    rank = (_DROP_LAST, entry.severity.rank)
    shown = entry.findings[:_LISTED]
    remedy = f"**Fix:** {sentence(cut(entry.remedy, 1500))}" if entry.remedy else ""
    head, listed = _what(entry, around), "\n".join(item(finding, around.links) for finding in shown)
    what = [head, listed] if len(entry.findings) > 1 else [head]
    if around.several_entries and remedy:
        what[0] = f"{head}<br>{remedy}"
    yield Block(text="\n\n".join(what), rank=rank, findings=len(shown) + len(entry.also))
    if _shows_why(entry, around):
        yield Block(text=sentence(cut(entry.why[0], 1500)), rank=rank)
    if remedy and not around.several_entries:
        yield Block(text=remedy, rank=rank)
    offers = [snippet for snippet in entry.fixes if _is_offer(snippet, entry, around)]
    for snippet in (one for one in entry.fixes if one not in offers):
        yield fix(snippet, DROP_FIRST if snippet.folded else rank, beside=entry.first)
    yield from _folds(entry, offers, around)


def _shows_why(entry: Entry, around: Surroundings) -> bool:
    return len(entry.why) == 1 and not around.several_entries


def _is_offer(snippet: Snippet, entry: Entry, around: Surroundings) -> bool:
    """Return whether a fix is folded with the evidence: another way, or a line that the remedy says already."""
    if _is_long(snippet) or snippet.folded:
        return False
    said = around.several_entries and snippet.language == "python" and _is_said(snippet, entry.first)
    return said or snippet.title.startswith(OTHERWISE)


def _what(entry: Entry, around: Surroundings) -> str:
    """Return what is wrong, its place and its rules."""
    first, icon = entry.first, SEVERITIES[entry.severity]
    where = where_of([tree.path for tree in entry.trees]) if around.several_trees else ""
    rules = " · ".join(rule_link(rule) for rule in entry.rules[:_NAMED])
    if len(entry.findings) == 1:
        named = first.revision is None or first.revision in first.message
        revision = "" if named else f"revision {code(cut(first.revision or '', 60))}"
        beside = " · ".join(part for part in (_place(first, around.links), revision, rules) if part)
        return f"{icon} **{sentence(cut(first.message, 800))}**{where}<br>{beside}"
    return f"{icon} **{markdown(headline(entry))}**{where} · {rules}"


_HEADLINES = {
    "missing-migration": "model changes have no migration",
    "schema-differs": "model changes have no migration",
    "edited-revision": "merged revisions are edited",
    "removed-revision": "merged revisions are removed",
    "unseen-models": "files with models are not imported by env.py",
}


def headline(entry: Entry) -> str:
    """Return what an entry of several findings is about: ``3 model changes have no migration``."""
    count, rule = len(entry.findings), entry.first.rule
    said = _HEADLINES.get(rule)
    return f"{count} {said}" if said else f"{words.title(rule)} ({count})"


def item(finding: Finding, links: Links | None) -> str:
    """Return a finding as an item of a list; without links it is shorter, for the rest of a long one."""
    url, place = links.file(finding) if links is not None else None, digest.place(finding)
    shown = linked(cut(posixpath.basename(place) if url else place, 250), url) if place else ""
    return f"- {sentence(cut(finding.message, 800))}" + (f" · {shown}" if shown else "")


def _place(finding: Finding, links: Links) -> str:
    place = digest.place(finding)
    return linked(cut(place, 250), links.file(finding)) if place else ""


def where_of(paths: Sequence[str]) -> str:
    """Return the Alembic configs that have the same in common."""
    named = [code(cut(path, 100)) for path in paths[:_NAMED]]
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return f" in {', '.join(named)}{more}"


def fix(snippet: Snippet, rank: tuple[int, int], *, fold: bool = False, beside: Finding | None = None) -> Block:
    """Return a fix; its title is left out where the place and the remedy of a finding just above say the same."""
    block = fence(snippet.text, language(snippet))
    if fold or snippet.folded or _is_long(snippet):
        title, count = html(snippet.title), plural(snippet.text.count("\n") + 1, "line")
        if snippet.path:
            title = f"{html(snippet.title.partition(' (')[0])}: <code>{html(posixpath.basename(snippet.path))}</code>"
            block = f"{markdown(snippet.title)}: {code(snippet.path)}\n\n{block}"
        return Block(text=folded(f"{title} ({count})", block), rank=rank)
    if beside is not None and _is_said(snippet, beside):
        return Block(text=block, rank=rank)
    where = f": {code(snippet.path)}" if snippet.path else ""
    return Block(text=f"**{markdown(snippet.title)}**{where}\n\n{block}", rank=rank)


def _is_said(snippet: Snippet, finding: Finding) -> bool:
    """Return whether the remedy of a finding has the title of a fix, but for the line: then nobody needs the title."""
    title = snippet.title.partition(" (line ")[0].replace("down_revision", "`down_revision`")
    return bool(title) and title in finding.remedy and snippet.path in (None, finding.path)


def _is_long(snippet: Snippet) -> bool:
    return snippet.text.count("\n") + 1 > _LONG


def _folds(entry: Entry, offers: Sequence[Snippet], around: Surroundings) -> Iterator[Block]:
    """Yield the folds: findings beyond the first ones, other ways to fix, why each matters, and the evidence."""
    rank = (_DROP_SECOND, entry.severity.rank)
    rest = entry.findings[_LISTED:]
    for start in range(0, len(rest), _PART):
        part = rest[start : start + _PART]
        listed = "\n".join(item(finding, None) for finding in part)
        yield Block(text=listed, rank=rank, findings=len(part), rule=part[0].rule)
    pieces = [
        (html(cut(one.title, 200)), f"{_titled(one)}:\n\n{fence(one.text, language(one))}")
        for one in sorted(offers, key=lambda one: not one.title.startswith(OTHERWISE))
    ]
    pieces += _consequences(entry, around)
    pieces += list(_evidence(digest.evidence_of(entry.findings)))
    for start in range(0, len(pieces), _PIECES):
        chunk = pieces[start : start + _PIECES]
        titles = list(dict.fromkeys(title for title, _ in chunk))
        if around.several_entries:
            other = [title for title in titles if title.startswith(OTHERWISE)]
            titles = [*other, *([] if len(other) == len(titles) else ["Details"])]
        yield Block(text=folded(" · ".join(titles), "\n\n".join(text for _, text in chunk)), rank=rank)


def _titled(snippet: Snippet) -> str:
    where = f" ({code(snippet.path)})" if snippet.path else ""
    return f"{markdown(cut(snippet.title, 200))}{where}"


def _consequences(entry: Entry, around: Surroundings) -> list[tuple[str, str]]:
    """Return why it matters where that is not shown, and the findings that go away with these."""
    parts = []
    if len(entry.why) > 1:
        whys = [
            (finding.object or finding.revision or digest.place(finding), finding.why) for finding in entry.findings
        ]
        lines = [f"- {code(cut(name, 200))}: {sentence(cut(why, 800))}" for name, why in whys[:_LISTED] if why]
        parts.append(("Why it matters", "Why it matters:\n\n" + "\n".join(lines)))
    elif entry.why and not _shows_why(entry, around):
        parts.append(("Why it matters", f"Why it matters: {sentence(cut(entry.why[0], 1500))}"))
    if entry.also:
        lines = [
            f"- {sentence(cut(f'{f.message} {f.why}', 1600))} · {code(cut(check, 60))} · {rule_link(f.rule)}"
            for check, f in entry.also[:_LISTED]
        ]
        parts.append(("What follows from it", "What follows from it:\n\n" + "\n".join(lines)))
    return parts


def _evidence(evidence: Sequence[Snippet]) -> Iterator[tuple[str, str]]:
    """Yield the evidence with its titles; a graph is drawn, and stands before the same as text."""
    for snippet in evidence:
        title = cut(snippet.title, 200)
        graph = mermaid.inert(snippet.text) if snippet.language == "mermaid" else None
        yield html(title), f"{markdown(title)}:\n\n{fence(graph, 'mermaid') if graph else block(snippet)}"


def block(snippet: Snippet) -> str:
    """Return evidence as code, which is cut when it is long."""
    return fence(words.shortened(snippet.text, lines=60, characters=4000), language(snippet))


def language(snippet: Snippet) -> str:
    """Return the language of a fence, where GitHub only colours it."""
    return snippet.language if snippet.language in _LANGUAGES else "text"
