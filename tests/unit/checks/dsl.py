"""Revision graphs in a line of text: ``graph("a; b<-a; c<-a")``.

A revision is an id, then ``:label``, ``<-parent,parent``, ``+dependency``, ``@2026-01-31`` (its create date),
``/file`` (for a path other than its id's) in any order, and ``"a message"`` at the end.
"""

from __future__ import annotations

import re
from dataclasses import replace

from checks.graph.algorithms import order
from checks.recording.revisions import Changes, Graph, Revision
from checks.recording.tree import TreeRecording

LINE, DOWN_LINE = 14, 15
_PART = re.compile(r"<-|[:+@/]")


def graph(text: str) -> Graph:
    """Return the graph that a text describes."""
    return Graph(revisions=tuple(_revision(part.strip()) for part in text.split(";") if part.strip()))


def _revision(text: str) -> Revision:
    words, _, message = text.partition('"')
    words = words.strip()
    marks = [*_PART.finditer(words)]
    ends = [mark.start() for mark in marks] + [len(words)]
    parts: dict[str, str] = {}
    for mark, end in zip(marks, ends[1:], strict=True):
        parts[mark.group()] = words[mark.end() : end].strip()
    id_ = words[: ends[0]].strip()
    parents = tuple(filter(None, parts.get("<-", "").split(",")))
    date = parts.get("@")
    return Revision(
        id=id_,
        path=f"migrations/versions/{parts.get('/', id_)}.py",
        line=LINE,
        down_revision_line=DOWN_LINE,
        down_revisions=parents,
        depends_on=tuple(filter(None, parts.get("+", "").split(","))),
        branch_labels=tuple(filter(None, parts.get(":", "").split(","))),
        message=message.rstrip('"'),
        created=f"{date} 12:00:00.000000" if date else None,
        down_revision_text=f"down_revision = {down_revision(parents)}",
    )


def down_revision(parents: tuple[str, ...]) -> str:
    """Return the value as Alembic's template writes it."""
    quoted = [f'"{parent}"' for parent in parents]
    return f"({', '.join(quoted)})" if len(quoted) > 1 else "".join(quoted) or "None"


def tree(work: str, *, base: str | None = None, fork: str | None = None, merged: str | None = None) -> TreeRecording:
    """Return the recording of a tree; with ``base``, what of it is new follows.

    ``fork`` is the base unless given; ``merged`` is the base with what the working tree adds unless given.
    """
    here = graph(work)
    recording = TreeRecording(path="alembic.ini", version_locations=("migrations/versions",), graph=here)
    if base is None:
        return recording
    return replace(recording, changes=changes(here, graph(base), graph(base if fork is None else fork), merged))


def changes(here: Graph, base: Graph, fork: Graph, merged: str | None = None) -> Changes:
    """Return how the working tree's graph differs from the base's, which went on from ``fork``."""
    before, now = {r.id for r in fork.revisions}, {r.id for r in here.revisions}
    kept = tuple(r for r in base.revisions if r not in fork.revisions or r in here.revisions)
    added = tuple(r for r in here.revisions if r not in fork.revisions and r not in kept)
    return Changes(
        base="origin/main",
        base_sha="b" * 40,
        merge_base_sha="f" * 40,
        base_graph=base,
        fork_graph=fork,
        merged_graph=Graph(revisions=(*kept, *added)) if merged is None else graph(merged),
        new=tuple(id_ for id_ in order(here) if id_ not in before),
        removed=tuple(id_ for id_ in order(fork) if id_ not in now),
    )
