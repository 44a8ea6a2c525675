"""Check ``heads``: after the merge, every branch of the revision graph has one head, and the graph can be walked."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator

from checks.check import Check, Outcome
from checks.findings import Finding, Severity, Snippet, Status
from checks.graph.algorithms import descendants, heads, lineage, order
from checks.graph.drawing import draw
from checks.graph.merged import MergedGraph
from checks.graph.rewriting import with_parent
from checks.graph.splits import Split, splits
from checks.heads.broken import cycles, duplicates, unreadable_files
from checks.heads.missing_parents import missing_parents
from checks.heads.second_bases import second_bases
from checks.policy import Policy
from checks.recording.tree import TreeRecording


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge the revision graph; on the merge result where the base is known."""
    merged = MergedGraph(recording=recording)
    findings = (
        *duplicates(merged),
        *missing_parents(merged),
        *cycles(merged),
        *unreadable_files(merged),
        *second_bases(merged, policy),
        *(_finding(merged, split) for split in splits(merged, policy)),
    )
    reason = _unjudged(merged)
    return Outcome(findings=findings, unjudged=Status.SKIPPED if reason else None, reason=reason)


def _unjudged(merged: MergedGraph) -> str | None:
    """Say what could not be judged; files that only Alembic can read count as judged once it agrees on the heads."""
    files = merged.all.unreadable
    if not files:
        return None
    environment = merged.recording.environment
    if environment is not None and set(environment.heads) == set(heads(merged.recording.graph)):
        return None
    named = ", ".join(file.path for file in files[:3]) + (", ..." if len(files) > 3 else "")
    return f"The revisions of {len(files)} version file(s) could not be read: {named}."


def _finding(merged: MergedGraph, split: Split) -> Finding:
    revision = split.movable or merged.revisions[split.extra]
    return Finding(
        rule="multiple-heads",
        severity=Severity.NOTICE if split.old else Severity.ERROR,
        message=_message(merged, split),
        why=f"alembic upgrade head refuses to run with more than one head, so a deploy stops. {split.because}".rstrip(),
        remedy=_remedy(merged, split),
        path=revision.path,
        line=revision.down_revision_line if split.movable else revision.line,
        revision=revision.id,
        object=split.extra,
        evidence=_drawing(merged, split),
        fixes=tuple(_fixes(merged, split)),
    )


def _message(merged: MergedGraph, split: Split) -> str:
    where = f"split at {merged.named(split.start)}" if split.start else "on separate bases"
    first, extra = merged.named(split.first), merged.named(split.extra)
    if split.old:
        return f"There is more than one head, as on {merged.base} already: {first} and {extra}, {where}."
    graph = f"Merged into {merged.base}, the revision graph" if merged.changes else "The revision graph"
    if len(split.heads) == 2:
        return f"{graph} has two heads: {first} and {extra}, {where}."
    return f"{graph} has {len(split.heads)} heads: {extra} is one too many beside {first}, {where}."


def _remedy(merged: MergedGraph, split: Split) -> str:
    absent = [head for head in split.heads if not merged.is_checked_out(head)]
    update = f"Bring {merged.base} into this branch first ({', '.join(absent)} is not in it yet). " if absent else ""
    if split.movable is None:
        return f"{update}Join the heads by a merge revision."
    moved = split.movable.id
    what, rest = moved, ""
    if moved != split.extra:
        what, rest = f"{moved}, the first of its chain,", f"; {split.extra} stays on top of it"
    moving = f"Put {what} on top of {split.target} by its down_revision{rest}."
    return f"{update}{moving} Or join the heads by a merge revision."


def _fixes(merged: MergedGraph, split: Split) -> Iterator[Snippet]:
    if split.movable is not None:
        yield Snippet(
            title=f"Put {split.movable.id} on top of {split.target}, in line {split.movable.down_revision_line}",
            text=with_parent(split.movable, split.target),
            language="python",
            path=split.movable.path,
        )
    title = "Or join the heads by a merge revision" if split.movable else "Join the heads by a merge revision"
    yield Snippet(title=title, text=merge_command(merged.recording, split.heads), language="shell")


def merge_command(recording: TreeRecording, revisions: tuple[str, ...]) -> str:
    """Return the command, from the repository's root, that writes a merge revision of heads."""
    path, _, section = recording.path.partition(":")
    folder, name = posixpath.split(path)
    inside = folder and all(place.startswith(f"{folder}/") for place in recording.version_locations)
    enter = f"cd {shlex.quote(folder)} && " if inside else ""
    file = name if inside else path
    options = ["-c", file] if file not in ("alembic.ini", "pyproject.toml") else []
    options += ["-n", section] if section else []
    return enter + shlex.join(["alembic", *options, "merge"]) + ' -m "merge heads" ' + shlex.join(revisions)


def _drawing(merged: MergedGraph, split: Split) -> tuple[Snippet, Snippet]:
    first, extra = lineage(merged.graph, split.first), lineage(merged.graph, split.extra)
    above = descendants(merged.graph, split.start) if split.start else first | extra
    lines = [
        tuple(id_ for id_ in order(merged.graph) if id_ in (own - other) & above)
        for own, other in ((first, extra), (extra, first))
    ]

    def describe(id_: str) -> tuple[str, str]:
        origin = (f"on {merged.base}" if merged.on_base(id_) else "added here") if merged.changes else ""
        notes = ("head" if id_ in split.heads else "", origin)
        return merged.revisions[id_].message, ", ".join(note for note in notes if note)

    return draw(split.start, lines, describe)


CHECK = Check(
    id="heads",
    title="One head",
    rules=(
        "multiple-heads",
        "duplicate-revision-id",
        "missing-parent",
        "revision-cycle",
        "second-base",
        "unreadable-revision",
    ),
    run=run,
)
