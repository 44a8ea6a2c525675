"""Projects with several labelled branches, of which one needs another: what is on main, and what a change adds.

Of two branches that depend on each other, ``alembic upgrade heads`` leaves one row in the version table, not two.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.projects.builder import CREATE_BOOK, Revision, tree, versions

READ_BOOK = 'op.execute("SELECT title FROM book")'
"""Works only where the other branch ran first."""
A1 = Revision(id="a1", labels=("alpha",), upgrade=CREATE_BOOK)
B1 = Revision(id="b1", labels=("beta",), depends_on=("alpha",), upgrade=READ_BOOK)
B1_BY_ID = Revision(id="b1", labels=("beta",), depends_on=("a1",), upgrade=READ_BOOK)
APART = Revision(id="c1", labels=("gamma",))
B2 = Revision(id="b2", down="b1", upgrade=READ_BOOK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The revisions on main, and those that a change adds."""

    main: tuple[Revision, ...]
    new: tuple[Revision, ...]

    @property
    def base(self) -> dict[str, str]:
        """Return the project as it is on main."""
        return tree(*self.main)

    @property
    def change(self) -> dict[str, str]:
        """Return the files that the change adds."""
        return versions(*self.new)


WORKS = {
    "a revision on the branch that needs another": Scenario(main=(A1, B1), new=(B2,)),
    "the same, named by its id": Scenario(main=(A1, B1_BY_ID), new=(B2,)),
    "a revision on the branch that is needed": Scenario(main=(A1, B1), new=(Revision(id="a2", down="a1"),)),
    "revisions on both": Scenario(main=(A1, B1), new=(Revision(id="a2", down="a1"), B2)),
    "a merge of both": Scenario(main=(A1, B1), new=(Revision(id="m1", down=("a1", "b1")),)),
    "a need of what was apart": Scenario(
        main=(A1, APART), new=(Revision(id="c2", down="c1", depends_on=("alpha",), upgrade=READ_BOOK),)
    ),
    "a third branch that needs both": Scenario(
        main=(A1, B1, APART), new=(Revision(id="d1", labels=("delta",), depends_on=("beta", "c1"), upgrade=READ_BOOK),)
    ),
    "a need of an ancestor, of a revision that it follows": Scenario(
        main=(A1, Revision(id="a2", down="a1")), new=(Revision(id="a3", down="a2", depends_on=("a1",)),)
    ),
}
"""Changes that ``alembic upgrade heads`` deploys."""
NEEDS = {
    "a head of a label": Revision(id="b2", down="b1", depends_on=("alpha@head",)),
    "an abbreviated id": Revision(id="b2", down="b1", depends_on=("a",)),
}
"""Dependencies that Alembic does not find."""
