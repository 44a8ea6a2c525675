"""Finds revisions whose parent is not there, and what may be meant."""

from __future__ import annotations

import difflib
import posixpath
import shlex
from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id, descendants, names
from checks.graph.merged import MergedGraph
from checks.graph.rewriting import with_parent
from checks.recording.revisions import Revision

_NEAR = 0.75
"""Similarity from which an id may be another one misspelt (difflib's ratio)."""


def missing_parents(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every id in ``down_revision`` or ``depends_on`` that no file has."""
    known = names(merged.graph)
    blurred = any(name.startswith("{") for name in known)  # a label that could not be read may be the one
    for revision in merged.graph.revisions:
        for name in revision.down_revisions:
            if name not in merged.revisions and not _may_be_unreadable(merged, name):
                yield _missing(merged, revision, name, "down_revision")
        for name in revision.depends_on:
            if name not in known and not blurred and not _may_be_unreadable(merged, name):
                yield _missing(merged, revision, name, "depends_on")


def _may_be_unreadable(merged: MergedGraph, name: str) -> bool:
    return any(name in posixpath.basename(file.path) for file in merged.graph.unreadable) if name else False


def _missing(merged: MergedGraph, revision: Revision, name: str, field: str) -> Finding:
    old = merged.changes is not None and _is_missing_on_base(merged, revision, name)
    near = _near(merged, revision, name)
    return Finding(
        rule="missing-parent",
        severity=Severity.NOTICE if old else Severity.ERROR,
        message=f"{merged.named(revision.id)} names {name} as its {field}, but no file has that revision.",
        why=f"Alembic stops at every command with a bare KeyError: {name!r}. {_how_it_went(merged, name)}".strip(),
        remedy=_mend_missing(merged, revision, name, near),
        path=revision.path,
        line=revision.down_revision_line if field == "down_revision" else revision.line,
        revision=revision.id,
        object=name,
        fixes=tuple(_missing_fixes(merged, revision, name, near if field == "down_revision" else [])),
    )


def _is_missing_on_base(merged: MergedGraph, revision: Revision, name: str) -> bool:
    base = merged.changes.base_graph if merged.changes else merged.graph
    on_base = by_id(base).get(revision.id)
    return on_base is not None and name in (*on_base.down_revisions, *on_base.depends_on) and (
        name not in names(base)
    )  # fmt: skip


def _near(merged: MergedGraph, revision: Revision, name: str) -> list[str]:
    """Return the ids that may be meant: what it abbreviates, else what is spelt alike; none that comes after it."""
    barred = descendants(merged.graph, revision.id) | {revision.id}
    ids = [id_ for id_ in merged.revisions if id_ not in barred]
    abbreviated = [id_ for id_ in ids if name and id_.startswith(name)]
    return abbreviated or difflib.get_close_matches(name, ids, n=3, cutoff=_NEAR)


def _how_it_went(merged: MergedGraph, name: str) -> str:
    if merged.changes is None:
        return ""
    if name in merged.changes.removed:
        return "This change deletes it."
    if name in names(merged.changes.fork_graph):
        return f"{merged.base} no longer has it."
    return ""


def _mend_missing(merged: MergedGraph, revision: Revision, name: str, near: list[str]) -> str:
    if merged.changes is not None and name in merged.changes.removed:
        return f"Bring {_forked(merged, name).path} back: a database may be at {name} already."
    if near:
        return f"Name an id that exists, in full: {' or '.join(near)} may be meant."
    return f"Add the file of {name} to the tree, or name the revision that {revision.id} follows."


def _missing_fixes(merged: MergedGraph, revision: Revision, name: str, near: list[str]) -> Iterator[Snippet]:
    if merged.changes is not None and name in merged.changes.removed:
        path = _forked(merged, name).path
        command = f"git checkout {merged.changes.merge_base_sha} -- {shlex.quote(path)}"
        yield Snippet(title=f"Bring {path} back", text=command, language="shell")
    elif near:
        yield Snippet(
            title=f"Name the parent in full: {revision.path}, line {revision.down_revision_line}",
            text=with_parent(revision, near[0], instead_of=name),
            language="python",
            path=revision.path,
        )


def _forked(merged: MergedGraph, name: str) -> Revision:
    if merged.changes is None:
        raise KeyError(name)
    return by_id(merged.changes.fork_graph)[name]
