"""Whether the comparison with the base is whole: what is said of new and removed revisions fits the graphs."""

from __future__ import annotations

from checks.recording.revisions import Changes, Graph


def incomplete(changes: Changes, here: Graph) -> str | None:
    """Return that the comparison lacks revisions; None where it is whole, or where unreadable files explain it."""
    graphs = (here, changes.fork_graph, changes.base_graph, changes.merged_graph)
    if changes.uncompared or any(graph.unreadable for graph in graphs):
        return None
    ours, fork, base, merged = (frozenset(revision.id for revision in graph.revisions) for graph in graphs)
    new, removed = frozenset(changes.new), frozenset(changes.removed)
    lacking = (
        (ours - new) ^ (fork - removed)  # what is neither new nor removed is on both sides
        | (new - ours)
        | (removed - fork)
        | (new - merged)
        | (merged - base - new - frozenset(changes.edited))
        | (base & ours - merged)
    )
    if not lacking:
        return None
    named = ", ".join(sorted(lacking)[:3]) + (", ..." if len(lacking) > 3 else "")
    return f"The comparison with {changes.base} is incomplete: it does not account for {named}. Run the check again."
