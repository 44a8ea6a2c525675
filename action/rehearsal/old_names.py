"""Which objects that differ are named in the base's version files: an old migration can have made those.

A base database that was created from the models does not show what the old migrations made.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from action.rehearsal.database_state import version_table
from action.repository.inside import read_inside
from action.session.session import Session
from checks.comparison.change import Change
from checks.comparison.compare import compare
from checks.comparison.definitions import type_of
from checks.recording.absent import Absent
from checks.recording.models import Drift, Models
from checks.recording.schema import SchemaObject

READ = {".py", ".sql", ".txt", ".json", ".yaml", ".yml", ".toml", ".csv"}
LARGEST = 5_000_000
"""Bytes of a file that is read."""
# A name that is put together: f"ix_{table}_{column}", "ix_%s_%s", "ix_{}_{}".
_TEMPLATE = re.compile(
    r"(?:\w|\{[^{}\s]*\}|%s|%\(\w+\)s)*(?:\{[^{}\s]*\}|%s|%\(\w+\)s)(?:\w|\{[^{}\s]*\}|%s|%\(\w+\)s)*"
)
_HOLE = re.compile(r"\{[^{}\s]*\}|%s|%\(\w+\)s")
_UNNAMED = {
    "index": r"\bindex\s*=\s*True",
    "unique": r"\bunique\s*=\s*True|UniqueConstraint|unique_constraint|\bUNIQUE\b|\bunique\s*\(",
    "primary key": r"primary_key|PrimaryKey|(?i:\bPRIMARY\s+KEY)",
    "foreign key": r"ForeignKey|foreign_key|(?i:\bREFERENCES\b)",
    "check": r"CheckConstraint|check_constraint|(?i:\bCHECK\s*\()|\bEnum\(|\bBoolean\(",
    "exclusion": r"ExcludeConstraint|(?i:\bEXCLUDE\b)",
}
"""What makes a relation without naming it, by the relation's type."""


@dataclass(frozen=True)
class OldFile:
    """A version file of the base."""

    path: str
    """Relative to the repository's root."""
    text: str
    """With that of the files beside it that no revision is in, such as SQL that it reads."""

    @cached_property
    def templates(self) -> tuple[re.Pattern[str], ...]:
        """Return patterns of the names that the file puts together, if they say anything."""
        found = {match.group() for match in _TEMPLATE.finditer(self.text)}
        telling = (text for text in found if len(re.findall(r"[^\W_]", _HOLE.sub("", text))) > 1)
        return tuple(re.compile(r"\w+".join(map(re.escape, _HOLE.split(text))), re.IGNORECASE) for text in telling)

    def has(self, *words: str) -> bool:
        """Return whether each of these words stands in the file, in upper or lower case."""
        return all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", self.text, re.IGNORECASE) for word in words)

    def names(self, change: Change) -> bool:
        """Return whether the file names the object that differs, or can make it without a name."""
        if change.part is not None:
            return self.has(change.key.name, change.part)
        return any(self._names(item) for item in (change.before, change.after) if item is not None)

    def _names(self, item: SchemaObject) -> bool:
        if item.kind not in ("constraint", "index"):
            return self.has(*(name for name in (item.table, item.name) if name))
        if self.has(item.name) or any(template.fullmatch(item.name) for template in self.templates):
            return True
        columns = item.attributes.get("columns")
        parts = (str(item.table), *(columns if isinstance(columns, tuple) else ()))
        return self.has(*parts) and re.search(_UNNAMED[type_of(item)], self.text) is not None


def with_old_names(drift: Drift, base: Session | Absent) -> Drift:
    """Add which objects that differ the version files of the base name; ``base`` is the session on its code."""
    if isinstance(base, Absent) or not isinstance(drift.base, Models):
        return drift
    files = tuple(old_files(base))
    changes = compare(drift.head, version_table(base))
    named = {".".join(change.path): file.path for change in changes for file in reversed(files) if file.names(change)}
    return replace(drift, named_by_old=named)


def old_files(session: Session) -> Iterator[OldFile]:
    """Yield the version files of a session's code, in order."""
    tree = session.tree
    folders = tree.version_locations
    texts = {path: text for folder in (tree.script_location, *folders) for path, text in _texts(folder, session.root)}
    texts.pop(tree.env_py, None)
    versions = {path for path in texts if path.suffix == ".py" and any(path.is_relative_to(f) for f in folders)}
    beside = "\n".join(texts[path] for path in sorted(texts.keys() - versions))
    for path in sorted(versions):
        yield OldFile(path.relative_to(session.root).as_posix(), f"{texts[path]}\n{beside}")


def _texts(folder: Path, root: Path) -> Iterator[tuple[Path, str]]:
    for path in folder.rglob("*"):
        if path.suffix in READ:
            with contextlib.suppress(OSError):  # a link out of the repository, say: no file of the base
                yield path, read_inside(path, root, most=LARGEST).decode("utf-8", "replace")
