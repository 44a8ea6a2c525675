"""The finding of many heads: it names some of them, says how many more there are, and draws none."""

from __future__ import annotations

from checks.findings import Finding, Severity, Snippet
from checks.graph.merged import MergedGraph
from checks.graph.splits import MOST, Crowd
from checks.heads.joining import absent_heads, join
from checks.plural import listed

_LISTED = 100
"""Most heads that the evidence lists, each with its file."""


def crowd_finding(merged: MergedGraph, crowd: Crowd) -> Finding:
    """Return the one finding of all heads of a crowd, placed at the oldest of those that are too many."""
    revision = merged.revisions[crowd.extras[0]]
    return Finding(
        rule="multiple-heads",
        severity=Severity.NOTICE if crowd.old else Severity.ERROR,
        old=crowd.old,
        message=_message(merged, crowd),
        why="A deploy stops: alembic upgrade head refuses to run with more than one head.",
        remedy=f"{absent_heads(merged, crowd.heads)}Add a merge revision that joins the heads.",
        path=revision.path,
        line=revision.line,
        revision=revision.id,
        object=revision.id,
        evidence=(Snippet(title="Heads", text=_list(merged, crowd)),),
        fixes=(
            Snippet(
                title="Add a merge revision",
                text=join(merged, crowd.heads),
                language="shell",
            ),
        ),
    )


def _message(merged: MergedGraph, crowd: Crowd) -> str:
    named = listed([merged.named(head) for head in (crowd.first, *crowd.extras)], MOST)
    if crowd.old:
        return f"The revision graph has more than one head: {named}. These heads are already on {merged.base}."
    graph = f"After the merge into {merged.base}, the revision graph" if merged.changes else "The revision graph"
    return f"{graph} has {len(crowd.heads)} heads, among them {named}."


def _list(merged: MergedGraph, crowd: Crowd) -> str:
    heads = (crowd.first, *crowd.extras)
    rows = [f"{merged.revisions[head].path}: {merged.named(head)}" for head in heads[:_LISTED]]
    more = [f"... {len(heads) - _LISTED} more"] if len(heads) > _LISTED else []
    return "\n".join(rows + more)
