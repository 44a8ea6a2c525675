"""Write corrected lines of a version file, in the style of that file."""

from __future__ import annotations

import re

from checks.recording.revisions import Revision

_ASSIGNED = re.compile(r"^\s*down_revision(?P<annotation>\s*:[^=]+?)?\s*=\s*(?P<value>.*)$", re.DOTALL)


def with_parent(revision: Revision, parent: str, instead_of: str | None = None) -> str:
    """Return the ``down_revision`` line with another parent; keep annotation, quotes, tuple and comment.

    ``instead_of`` is the parent to replace; by default the first one, or None where there is none.
    """
    old = instead_of or next(iter(revision.down_revisions), None)
    if old is None:
        pattern, new = r"(?<=[=(\[\s])None\b(?![^#\n]*=)", f"{quote(revision)}{parent}{quote(revision)}"
    else:
        pattern, new = rf"(?<=['\"]){re.escape(old)}(?=['\"])", parent
    text, count = re.subn(pattern, lambda _: new, revision.down_revision_text, count=1)
    return text if count else _assignment("down_revision", parent, revision)


def parent_title(revision: Revision, parent: str) -> str:
    """Return the title of the line that ``with_parent`` writes."""
    return f"Set {revision.id}'s down_revision to {parent} (line {revision.down_revision_line})"


def with_id(revision: Revision, new: str) -> str:
    """Return the ``revision`` line with another id, in the style of the file's ``down_revision``."""
    return _assignment("revision", new, revision)


def quote(revision: Revision) -> str:
    """Return the quotation mark that a version file uses."""
    return "'" if "'" in revision.down_revision_text and '"' not in revision.down_revision_text else '"'


def _assignment(name: str, value: str, revision: Revision) -> str:
    match = _ASSIGNED.match(revision.down_revision_text)
    annotation = (match.group("annotation") or "") if match else ""
    if annotation and name == "revision":
        annotation = ": str"
    mark = quote(revision)
    return f"{name}{annotation} = {mark}{value}{mark}"
