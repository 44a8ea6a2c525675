"""Revisions with a downgrade, many in one project: each has tables of its own, and the next one follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.projects.builder import BOOK, Revision, tree, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One new revision, and what is to be said of its downgrade."""

    name: str
    """Its id."""
    base: str = ""
    """What the base's revision runs before it."""
    upgrade: str
    downgrade: str | None
    """None for a file without the function."""
    top: str = ""
    rule: str = ""
    """Of the only finding that is no notice; empty where none is."""
    object: str | None = None
    says: str = ""
    """Its message, after the name of the revision."""
    lines: str = ""
    """The lines that it offers; empty where they are not compared."""
    again: str | None = None
    """The message of ``upgrade-again-fails`` beside it, after the name of the revision; None without one."""
    notice: bool = False

    def following(self, parent: str) -> Revision:
        """Return the revision as a version file."""
        return Revision(
            id=self.name, down=parent, upgrade=self.upgrade, downgrade=self.downgrade or "pass", top=self.top
        )


def base(rows: Sequence[Row]) -> dict[str, str]:
    """Return the files of the base: one revision that makes what all rows need."""
    made = "\n".join([BOOK.upgrade.strip(), *(row.base.strip() for row in rows if row.base)])
    return tree(Revision(id="a1", upgrade=made))


def new(rows: Sequence[Row]) -> dict[str, str]:
    """Return the version files of the new revisions, each after the one before it."""
    files: dict[str, str] = {}
    parent = "a1"
    for row in rows:
        revision = row.following(parent)
        ((path, text),) = versions(revision).items()
        files[path] = text if row.downgrade is not None else text.partition("\n\ndef downgrade")[0] + "\n"
        parent = row.name
    return files


def table(name: str, *columns: str) -> str:
    """Return the line that makes a table with an id and these columns."""
    return sql(f"CREATE TABLE {name} (id serial PRIMARY KEY{''.join(f', {column}' for column in columns)})")


def sql(text: str) -> str:
    """Return the line that executes SQL."""
    return f"op.execute({text!r})"


def does(name: str, rest: str) -> str:
    """Return a message that begins with the function and the revision."""
    return f"downgrade() of revision {name} {rest}"
