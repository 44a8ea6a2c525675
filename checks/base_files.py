"""Which findings are about a file that only the base has, and the commit that has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checks.findings import Finding
from checks.recording.absent import Absent
from checks.recording.revisions import Graph
from checks.recording.tree import TreeRecording


def with_commits(findings: Iterable[Finding], recording: TreeRecording) -> tuple[Finding, ...]:
    """Return the findings, those about a version file that is not checked out with a commit of the base."""
    changes = recording.changes
    if isinstance(changes, Absent):
        return tuple(findings)
    here = _paths(recording.graph)
    commits = {
        **dict.fromkeys(_paths(changes.base_graph) - here, changes.base_sha),
        **dict.fromkeys(_paths(changes.fork_graph) - here, changes.merge_base_sha),
    }
    return tuple(
        replace(one, commit=commits[one.path]) if one.path is not None and one.path in commits else one
        for one in findings
    )


def _paths(graph: Graph) -> set[str]:
    return {revision.path for revision in graph.revisions} | {file.path for file in graph.unreadable}
