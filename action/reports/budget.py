"""Sections of Markdown put together within a budget: whole blocks are left out, the least important first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from action.reports.words import plural

_NOTE_SIZE = 100
"""Bytes kept free for the sentence that tells what was left out, besides where the rest is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Text that is shown whole or not at all."""

    text: str
    rank: tuple[int, int]
    """The lowest is kept longest."""
    findings: int = 0
    """How many findings nobody sees when it is left out."""


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

    ``rest`` is Markdown: where to find what was left out.
    """
    free = limit - size(head) - size(tail) - size(rest) - _NOTE_SIZE
    ranked = sorted(
        ((block.rank, s, b) for s, section in enumerate(sections) for b, block in enumerate(section.blocks)),
    )
    kept: set[tuple[int, int]] = set()
    for _, s, b in ranked:
        opened = any(section == s for section, _ in kept)
        cost = size(sections[s].blocks[b].text) + (0 if opened else size(sections[s].heading))
        if cost <= free:
            kept.add((s, b))
            free -= cost
    parts = [head]
    for s, section in enumerate(sections):
        shown = [block.text for b, block in enumerate(section.blocks) if (s, b) in kept]
        parts += [section.heading, *shown] if shown else []
    dropped = [sections[s].blocks[b] for _, s, b in ranked if (s, b) not in kept]
    parts += [_left_out(dropped, rest)] if dropped else []
    return "\n\n".join(part for part in [*parts, tail] if part) + "\n"


def _left_out(dropped: Sequence[Block], rest: str) -> str:
    findings = sum(block.findings for block in dropped)
    other = sum(1 for block in dropped if not block.findings)
    counted = [plural(findings, "finding")] if findings else []
    counted += [plural(other, "block") + " of code or evidence"] if other else []
    listed = " and ".join(counted)
    return f"**Left out here for length: {listed}.** {rest}"
