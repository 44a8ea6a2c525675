"""Finds revisions whose parent is not there, and what may be meant."""

from __future__ import annotations

import difflib
import posixpath
import shlex
from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id, descendants, names
from checks.graph.merged import Ground
from checks.graph.rewriting import with_parent
from checks.recording.revisions import Revision

_NEAR = 0.75
"""Similarity from which an id may be another one misspelt (difflib's ratio)."""


def missing_parents(ground: Ground) -> Iterator[Finding]:
    """Yield a finding for every id in ``down_revision`` or ``depends_on`` that no file has."""
    known = names(ground.graph)
    blurred = any(name.startswith("{") for name in known)  # a label that could not be read may be the one
    for revision in ground.graph.revisions:
        for name in revision.down_revisions:
            if name not in ground.revisions and not _may_be_unreadable(ground, name):
                yield _missing(ground, revision, name, "down_revision")
        for name in revision.depends_on:
            if name not in known and not blurred and not _may_be_unreadable(ground, name):
                yield _missing(ground, revision, name, "depends_on")


def _may_be_unreadable(ground: Ground, name: str) -> bool:
    return any(name in posixpath.basename(file.path) for file in ground.graph.unreadable) if name else False


def _missing(ground: Ground, revision: Revision, name: str, field: str) -> Finding:
    old = ground.changes is not None and _is_missing_on_base(ground, revision, name)
    near = _near(ground, revision, name)
    return Finding(
        rule="missing-parent",
        severity=Severity.NOTICE if old else Severity.ERROR,
        message=f"{ground.named(revision.id)} names {name} as its {field}, but no file has that revision.",
        why=f"Alembic stops at every command with a bare KeyError: {name!r}. {_how_it_went(ground, name)}".strip(),
        remedy=_mend_missing(ground, revision, name, near),
        path=revision.path,
        line=revision.down_revision_line if field == "down_revision" else revision.line,
        revision=revision.id,
        object=name,
        fixes=tuple(_missing_fixes(ground, revision, name, near if field == "down_revision" else [])),
    )


def _is_missing_on_base(ground: Ground, revision: Revision, name: str) -> bool:
    base = ground.changes.base_graph if ground.changes else ground.graph
    on_base = by_id(base).get(revision.id)
    return on_base is not None and name in (*on_base.down_revisions, *on_base.depends_on) and (
        name not in names(base)
    )  # fmt: skip


def _near(ground: Ground, revision: Revision, name: str) -> list[str]:
    """Return the ids that may be meant: what it abbreviates, else what is spelt alike; none that comes after it."""
    barred = descendants(ground.graph, revision.id) | {revision.id}
    ids = [id_ for id_ in ground.revisions if id_ not in barred]
    abbreviated = [id_ for id_ in ids if name and id_.startswith(name)]
    return abbreviated or difflib.get_close_matches(name, ids, n=3, cutoff=_NEAR)


def _how_it_went(ground: Ground, name: str) -> str:
    if ground.changes is None:
        return ""
    if name in ground.changes.removed:
        return "This change deletes it."
    if name in names(ground.changes.fork_graph):
        return f"{ground.base} no longer has it."
    return ""


def _mend_missing(ground: Ground, revision: Revision, name: str, near: list[str]) -> str:
    if ground.changes is not None and name in ground.changes.removed:
        return f"Bring {_forked(ground, name).path} back: a database may be at {name} already."
    if near:
        return f"Name an id that exists, in full: {' or '.join(near)} may be meant."
    return f"Add the file of {name} to the tree, or name the revision that {revision.id} follows."


def _missing_fixes(ground: Ground, revision: Revision, name: str, near: list[str]) -> Iterator[Snippet]:
    if ground.changes is not None and name in ground.changes.removed:
        path = _forked(ground, name).path
        command = f"git checkout {ground.changes.merge_base_sha} -- {shlex.quote(path)}"
        yield Snippet(title=f"Bring {path} back", text=command, language="shell")
    elif near:
        yield Snippet(
            title=f"Name the parent in full: {revision.path}, line {revision.down_revision_line}",
            text=with_parent(revision, near[0], instead_of=name),
            language="python",
            path=revision.path,
        )


def _forked(ground: Ground, name: str) -> Revision:
    if ground.changes is None:
        raise KeyError(name)
    return by_id(ground.changes.fork_graph)[name]
