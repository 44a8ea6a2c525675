"""Revision graphs that are not one line, one for each rule of the check ``heads``."""

from __future__ import annotations

from tests.projects.builder import BOOK, Revision, tree

B2, C3 = Revision(id="b2", down="a1"), Revision(id="c3", down="a1")


def two_heads() -> dict[str, str]:
    return tree(BOOK, B2, C3)


def duplicate_id() -> dict[str, str]:
    return {**tree(BOOK, B2), "migrations/versions/copy_.py": B2.text}


def missing_parent() -> dict[str, str]:
    return tree(BOOK, Revision(id="b2", down="z9"))


def cycle() -> dict[str, str]:
    return tree(BOOK, Revision(id="b2", down="c3"), Revision(id="c3", down="b2"))


def second_base() -> dict[str, str]:
    return tree(BOOK, Revision(id="b2"))


def labelled_branches() -> dict[str, str]:
    """Two histories that are meant to be apart, the second on top of what the first makes."""
    loan = Revision(
        id="b2",
        labels=("desk",),
        depends_on=("a1",),
        upgrade='op.execute("SELECT count(*) FROM book")',
    )
    return tree(Revision(id="a1", labels=("shelf",), upgrade=BOOK.upgrade), loan)
