"""Check ``heads``: after the merge, each branch has one head, and Alembic can walk the graph from base to head."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Check, Outcome
from checks.findings import Finding, Severity, Snippet, Status
from checks.graph.algorithms import effective_heads
from checks.graph.drawing import draw
from checks.graph.merged import MergedGraph
from checks.graph.no_revisions import no_revisions
from checks.graph.rewriting import parent_title, with_parent
from checks.graph.split_causes import cause_of, problem_of
from checks.graph.splits import Crowd, Split, conflicts, lines
from checks.heads.broken import cycles, duplicates
from checks.heads.crowds import crowd_finding
from checks.heads.joining import absent_heads, join
from checks.heads.long_ids import long_ids
from checks.heads.missing_parents import missing_parents
from checks.heads.second_bases import second_bases
from checks.heads.unreadable import unreadable_files
from checks.plural import listed, plural
from checks.policy import Policy
from checks.recording.revisions import UnreadKind
from checks.recording.tree import TreeRecording
from checks.rules import rules_of


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge the revision graph as it will be after the merge; as checked out where no base is known."""
    merged = MergedGraph(recording=recording)
    findings = (
        *duplicates(merged),
        *missing_parents(merged),
        *cycles(merged),
        *unreadable_files(merged),
        *second_bases(merged, policy),
        *long_ids(merged),
        *(_conflict(merged, found) for found in conflicts(merged, policy)),
    )
    reason = _unjudged(merged)
    named = CHECK.id if any(finding.rule == "unreadable-revision" for finding in findings) else None
    return Outcome(findings=findings, unjudged=Status.SKIPPED if reason else None, reason=reason, follows=named)


def _unjudged(merged: MergedGraph) -> str | None:
    """Return why the check is skipped; None without unreadable files, or where Alembic itself finds the same heads."""
    nothing = no_revisions(merged.recording)
    if nothing is not None:
        return nothing
    files = merged.all.unreadable
    if not files and not merged.all.revisions:
        return f"The revision graph after the merge into {merged.base} is empty."
    if not files:
        return None
    environment = merged.recording.environment
    folders = [file.path for file in files if file.unread is UnreadKind.FOLDER]
    if folders:
        return f"{plural(len(folders), 'folder')} of version files cannot be read: {listed(folders)}."
    if environment is not None and set(environment.heads) == set(effective_heads(merged.recording.graph)):
        return None
    named = ", ".join(file.path for file in files[:3]) + (", ..." if len(files) > 3 else "")
    return f"{plural(len(files), 'version file')} cannot be read: {named}."


def _conflict(merged: MergedGraph, found: Split | Crowd) -> Finding:
    return _finding(merged, found) if isinstance(found, Split) else crowd_finding(merged, found)


def _finding(merged: MergedGraph, split: Split) -> Finding:
    revision = split.movable or merged.revisions[split.extra]
    return Finding(
        rule="multiple-heads",
        severity=Severity.NOTICE if split.old else Severity.ERROR,
        old=split.old,
        message=_message(merged, split),
        why=f"A deploy stops: alembic upgrade head refuses to run with more than one head. {split.because}".rstrip(),
        remedy=_remedy(merged, split),
        path=revision.path,
        line=revision.down_revision_line if split.movable else revision.line,
        revision=revision.id,
        object=split.extra,
        problem=problem_of(merged, split),
        follows="history" if cause_of(merged, split) is not None else None,
        evidence=_drawing(merged, split),
        fixes=tuple(_fixes(merged, split)),
    )


def _message(merged: MergedGraph, split: Split) -> str:
    where = f"split at {merged.named(split.start)}" if split.start else "on separate bases"
    both = f"{merged.named(split.first)} and {merged.named(split.extra)}, {where}"
    if split.old:
        return f"The revision graph has more than one head: {both}. This split is already on {merged.base}."
    graph = f"After the merge into {merged.base}, the revision graph" if merged.changes else "The revision graph"
    if len(split.heads) == 2:
        return f"{graph} has two heads: {both}."
    return f"{graph} has {len(split.heads)} heads, among them {both}."


def _remedy(merged: MergedGraph, split: Split) -> str:
    update = absent_heads(merged, split.heads)
    if split.movable is None:
        return f"{update}Add a merge revision that joins the heads."
    first = split.movable.id
    chain = f", since {first} starts the chain that ends in {split.extra}" if first != split.extra else ""
    return (
        f"{update}Set {first}'s `down_revision` to {split.target}{chain}. Or add a merge revision that joins the heads."
    )


def _fixes(merged: MergedGraph, split: Split) -> Iterator[Snippet]:
    if split.movable is not None:
        yield Snippet(
            title=parent_title(split.movable, split.target),
            text=with_parent(split.movable, split.target),
            language="python",
            path=split.movable.path,
        )
    yield Snippet(
        title="Or add a merge revision" if split.movable else "Add a merge revision",
        text=join(merged, split.heads),
        language="shell",
    )


def _drawing(merged: MergedGraph, split: Split) -> tuple[Snippet, Snippet]:
    def describe(id_: str) -> tuple[str, str]:
        origin = (f"on {merged.base}" if merged.on_base(id_) else "added here") if merged.changes else ""
        notes = ("head" if id_ in split.heads else "", origin)
        return merged.revisions[id_].message, ", ".join(note for note in notes if note)

    return draw(split.start, lines(merged, split), describe)


CHECK = Check(
    id="heads",
    title="One head",
    rules=rules_of("heads"),
    run=run,
)
