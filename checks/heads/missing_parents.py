"""Find revisions whose parent does not exist, and the existing ids that resemble it."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Iterator

from checks.common_causes import REMOVED, replaced
from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import Unresolved, by_id, descendants, names, unresolved
from checks.graph.merged import MergedGraph
from checks.graph.restoring import restore
from checks.graph.rewriting import with_id, with_parent
from checks.recording.revisions import Revision

_NEAR = 0.75
"""Least similarity of a misspelt id to the id that is meant (difflib's ratio, 0 to 1)."""
_MOST_NEAR = 3
"""Most ids that are offered in place of a missing one."""
_MOST_NAMES, _MOST_COMPARED = 20, 100_000
"""Most missing names that are compared with all ids, and most ids that are compared; that takes about a second."""


def missing_parents(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every name in ``down_revision`` or ``depends_on`` that no version file is known to have."""
    unread_labels = any(name.startswith("{") for name in names(merged.graph))  # any name may be one of them
    unread = any(file.unread for file in merged.graph.unreadable)
    unread_files = "\0".join(posixpath.basename(file.path) for file in merged.graph.unreadable)
    on_base = unresolved(merged.changes.base_graph) if merged.changes else ()
    old = {(revision.id, name) for revision, name, _ in on_base}
    compared = min(_MOST_NAMES, _MOST_COMPARED // max(1, len(merged.revisions)))
    for revision, name, field in unresolved(merged.graph):
        by_label = field == "depends_on" and (unread_labels or name.startswith("{"))
        if by_label or (name and (unread or name in unread_files)):
            continue
        near = _near(merged, revision, name, field) if compared > 0 else []
        compared -= 1
        yield _missing(merged, Unresolved(revision, name, field), near, (revision.id, name) in old)


def _missing(merged: MergedGraph, missing: Unresolved, near: list[str], old: bool) -> Finding:
    revision, name, field = missing
    return Finding(
        rule="missing-parent",
        severity=Severity.NOTICE if old else Severity.ERROR,
        old=old,
        message=f"{merged.named(revision.id)} names {name} as its {field}, but no version file has that revision.",
        why=f"Every Alembic command stops with KeyError: {name!r}. {_who_deleted(merged, name)}".strip(),
        remedy=_remedy(merged, revision, name, field, near),
        path=revision.path,
        line=revision.down_revision_line if field == "down_revision" else revision.line,
        revision=revision.id,
        object=name,
        problem=_problem(merged, name),
        follows="history" if merged.changes is not None and name in merged.removed else None,
        fixes=tuple(_fixes(merged, revision, name, near if field == "down_revision" else [])),
    )


def _problem(merged: MergedGraph, name: str) -> str:
    """Return the problem of a missing parent, which all share that name it; that of its removal, by this change."""
    if merged.changes is None or name not in merged.removed:
        return f"missing {name}"
    return replaced(name) if name in merged.replaced else REMOVED


def _near(merged: MergedGraph, revision: Revision, name: str, field: str) -> list[str]:
    """Return the ids that ``name`` abbreviates, else those spelt alike; none of the revision's own descendants.

    A dependency may also be the label of ``label@head`` and its like, which Alembic does not take there.
    """
    barred = descendants(merged.graph, revision.id) | {revision.id}
    ids = [id_ for id_ in merged.revisions if id_ not in barred]
    label, at, _ = name.partition("@")
    labelled = names(merged.graph).get(label)
    if field == "depends_on" and at and labelled is not None and labelled not in barred:
        return [label]
    abbreviated = [id_ for id_ in ids if name and id_.startswith(name)]
    return abbreviated[:_MOST_NEAR] or difflib.get_close_matches(name, ids, n=_MOST_NEAR, cutoff=_NEAR)


def _who_deleted(merged: MergedGraph, name: str) -> str:
    if merged.changes is None:
        return ""
    if name in merged.removed:
        return f"This change {'replaces the id' if _under_another_id(merged, name) else 'deletes'} {name}."
    if name in names(merged.changes.fork_graph):
        return f"{merged.base} no longer has {name}."
    return ""


def _remedy(merged: MergedGraph, revision: Revision, name: str, field: str, near: list[str]) -> str:
    now = _under_another_id(merged, name)
    if now is not None:
        return f"Set the revision id of {now.path} to {name} again: a database may already be at {name}."
    if merged.changes is not None and name in merged.removed:
        path = merged.folders.restored_path(by_id(merged.changes.fork_graph)[name])
        return f"Restore {path}: a database may already be at {name}."
    if near:
        meant = "the full id of a revision that exists" if field == "down_revision" else "a full id or a branch label"
        return f"Set {revision.id}'s `{field}` to {meant}, such as {' or '.join(near)}."
    return f"Add the version file of {name}, or set {revision.id}'s `{field}` to a revision that exists."


def _fixes(merged: MergedGraph, revision: Revision, name: str, near: list[str]) -> Iterator[Snippet]:
    now = _under_another_id(merged, name)
    if now is not None:
        title = f"Set the old revision id again (line {now.line})"
        yield Snippet(title=title, text=with_id(now, name), language="python", path=now.path)
    elif merged.changes is not None and name in merged.removed:
        old = by_id(merged.changes.fork_graph)[name]
        command = restore(merged.changes, old.path, merged.folders.restored_path(old))
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
    return by_id(merged.recording.graph)[merged.replaced[name]] if name in merged.replaced else None
