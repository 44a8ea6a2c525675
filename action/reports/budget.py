"""Assembles sections of Markdown within a budget; whole blocks are left out, the least important first."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from action.reports import words
from action.reports.escape import html
from checks.plural import plural

_NOTE_SIZE = 100
"""Bytes kept free for the sentence that counts what was left out, without the part that links to the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Text that is shown whole or not at all."""

    text: str
    rank: tuple[int, int]
    """The lowest is kept longest."""
    findings: int = 0
    """How many findings it shows."""
    rule: str = ""
    """The rule of these findings, where they are part of a folded list; neighbors with one rule share a fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Blocks below a heading, which is shown when any of them is."""

    heading: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)


def size(text: str) -> int:
    """Return the bytes of a paragraph and of the empty line after it."""
    return len(text.encode()) + 2


def assemble(head: str, sections: Sequence[Section], tail: str, *, limit: int, rest: str) -> str:
    """Return ``head``, what fits of the sections, and ``tail``, in at most ``limit`` bytes of UTF-8.

    ``rest`` is Markdown that links to the whole report.
    """
    free = limit - size(head) - size(tail) - size(rest) - _NOTE_SIZE
    ranked = sorted(
        ((block.rank, s, b) for s, section in enumerate(sections) for b, block in enumerate(section.blocks)),
    )
    kept: set[tuple[int, int]] = set()
    for _, s, b in ranked:
        opened = any(section == s for section, _ in kept)
        cost = _cost(sections[s].blocks[b]) + (0 if opened else size(sections[s].heading))
        if cost <= free:
            kept.add((s, b))
            free -= cost
    parts = [head]
    for s, section in enumerate(sections):
        shown = list(_shown(block for b, block in enumerate(section.blocks) if (s, b) in kept))
        parts += [section.heading, *shown] if shown else []
    dropped = [sections[s].blocks[b] for _, s, b in ranked if (s, b) not in kept]
    parts += [_left_out(dropped, rest)] if dropped else []
    return "\n\n".join(part for part in [*parts, tail] if part) + "\n"


def folded(summary: str, body: str) -> str:
    """Return Markdown that a click opens; ``summary`` is HTML."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _cost(block: Block) -> int:
    """Return the most bytes that a block takes: a fold of its own, where it may be folded with its neighbors."""
    return size(next(_shown([block])))


def _shown(blocks: Iterable[Block]) -> Iterator[str]:
    for rule, alike in itertools.groupby(blocks, key=lambda block: block.rule):
        if rule:
            parts = list(alike)
            count = sum(block.findings for block in parts)
            yield folded(html(words.more(count, rule)), "\n".join(block.text for block in parts))
        else:
            yield from (block.text for block in alike)


def _left_out(dropped: Sequence[Block], rest: str) -> str:
    findings = sum(block.findings for block in dropped)
    other = sum(1 for block in dropped if not block.findings)
    counted = [plural(findings, "finding")] if findings else []
    counted += [plural(other, "block") + " of code or evidence"] if other else []
    listed = " and ".join(counted)
    return f"**Left out here for length: {listed}.** {rest}"
