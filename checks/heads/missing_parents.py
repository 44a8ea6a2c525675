"""Find revisions whose parent does not exist, and the existing ids that resemble it."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id, descendants, names, unresolved
from checks.graph.merged import MergedGraph
from checks.graph.restoring import restore, restored_path
from checks.graph.rewriting import with_id, with_parent
from checks.recording.revisions import Changes, Revision

_NEAR = 0.75
"""Least similarity of a misspelt id to the id that is meant (difflib's ratio, 0 to 1)."""


def missing_parents(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every name in ``down_revision`` or ``depends_on`` that no version file is known to have."""
    unread_labels = any(name.startswith("{") for name in names(merged.graph))  # any name may be one of them
    for revision, name, field in unresolved(merged.graph):
        by_label = field == "depends_on" and (unread_labels or name.startswith("{"))
        if not by_label and not _may_be_unreadable(merged, name):
            yield _missing(merged, revision, name, field)


def _may_be_unreadable(merged: MergedGraph, name: str) -> bool:
    unknown = [file for file in merged.graph.unreadable if file.unread or name in posixpath.basename(file.path)]
    return bool(name and unknown)


def _missing(merged: MergedGraph, revision: Revision, name: str, field: str) -> Finding:
    old = merged.changes is not None and _is_missing_on_base(merged.changes, revision, name)
    near = _near(merged, revision, name, field)
    return Finding(
        rule="missing-parent",
        severity=Severity.NOTICE if old else Severity.ERROR,
        message=f"{merged.named(revision.id)} names {name} as its {field}, but no version file has that revision.",
        why=f"Every Alembic command stops with KeyError: {name!r}. {_who_deleted(merged, name)}".strip(),
        remedy=_remedy(merged, revision, name, field, near),
        path=revision.path,
        line=revision.down_revision_line if field == "down_revision" else revision.line,
        revision=revision.id,
        object=name,
        fixes=tuple(_fixes(merged, revision, name, near if field == "down_revision" else [])),
    )


def _is_missing_on_base(changes: Changes, revision: Revision, name: str) -> bool:
    return any((other.id, missing) == (revision.id, name) for other, missing, _ in unresolved(changes.base_graph))


def _near(merged: MergedGraph, revision: Revision, name: str, field: str) -> list[str]:
    """Return the ids that ``name`` abbreviates, else those spelt alike; none of the revision's own descendants.

    A dependency may also be the label of ``label@head`` and its like, which Alembic does not take there.
    """
    barred = descendants(merged.graph, revision.id) | {revision.id}
    ids = [id_ for id_ in merged.revisions if id_ not in barred]
    label, at, _ = name.partition("@")
    if field == "depends_on" and at and names(merged.graph).get(label) in ids:
        return [label]
    abbreviated = [id_ for id_ in ids if name and id_.startswith(name)]
    return abbreviated or difflib.get_close_matches(name, ids, n=3, cutoff=_NEAR)


def _who_deleted(merged: MergedGraph, name: str) -> str:
    if merged.changes is None:
        return ""
    if name in merged.changes.removed:
        return f"This change {'replaces the id' if _under_another_id(merged, name) else 'deletes'} {name}."
    if name in names(merged.changes.fork_graph):
        return f"{merged.base} no longer has {name}."
    return ""


def _remedy(merged: MergedGraph, revision: Revision, name: str, field: str, near: list[str]) -> str:
    now = _under_another_id(merged, name)
    if now is not None:
        return f"Set the revision id of {now.path} to {name} again: a database may already be at {name}."
    if merged.changes is not None and name in merged.changes.removed:
        return f"Restore {_restored(merged, merged.changes, name)}: a database may already be at {name}."
    if near:
        meant = "the full id of a revision that exists" if field == "down_revision" else "a full id or a branch label"
        return f"Set {revision.id}'s `{field}` to {meant}, such as {' or '.join(near)}."
    return f"Add the version file of {name}, or set {revision.id}'s `{field}` to a revision that exists."


def _fixes(merged: MergedGraph, revision: Revision, name: str, near: list[str]) -> Iterator[Snippet]:
    now = _under_another_id(merged, name)
    if now is not None:
        title = f"Set the old revision id again (line {now.line})"
        yield Snippet(title=title, text=with_id(now, name), language="python", path=now.path)
    elif merged.changes is not None and name in merged.changes.removed:
        path = by_id(merged.changes.fork_graph)[name].path
        command = restore(merged.changes, path, _restored(merged, merged.changes, name))
        yield Snippet(title="Restore the file", text=command, language="shell")
    elif near:
        yield Snippet(
            title=f"Replace {name} with {near[0]} (line {revision.down_revision_line})",
            text=with_parent(revision, near[0], instead_of=name),
            language="python",
            path=revision.path,
        )


def _under_another_id(merged: MergedGraph, name: str) -> Revision | None:
    """Return the revision that has another id since this change; None for any other one."""
    ids = {pair.old: pair.new for pair in merged.changes.replaced} if merged.changes else {}
    return by_id(merged.recording.graph)[ids[name]] if name in ids else None


def _restored(merged: MergedGraph, changes: Changes, name: str) -> str:
    return restored_path(merged.recording, changes, by_id(changes.fork_graph)[name])
