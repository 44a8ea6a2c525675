"""Alembic's own revision map and version table, as the oracle of our algorithms: random graphs and real steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from random import Random
from types import SimpleNamespace
from typing import cast

from alembic.runtime.migration import HeadMaintainer
from alembic.script.base import ScriptDirectory
from alembic.script.revision import Revision as AlembicRevision
from alembic.script.revision import RevisionMap
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table

from checks.recording.revisions import Graph, Revision

thoroughly = settings(max_examples=1000)
_CONTEXT = SimpleNamespace(
    impl=SimpleNamespace(_exec=lambda statement: None),
    as_sql=True,
    _version=Table("alembic_version", MetaData(), Column("version_num", String)),
)
"""What Alembic's steps need of a MigrationContext, without a database."""


def graphs(*, broken: bool = False) -> st.SearchStrategy[Graph]:
    """Make graphs without cycles: merges, several bases, labels, dependencies by id and by label.

    With ``broken``, the names are sometimes such as Alembic may not know: of later revisions, abbreviated, or with
    ``@head``. A graph comes of one number: thousands drawn part by part would take a minute.
    """
    return st.integers(0, 2**32).map(lambda seed: _graph(Random(seed), broken))


def _graph(random: Random, broken: bool) -> Graph:
    revisions: list[Revision] = []
    for number in range(random.randint(1, 9)):
        ids = [revision.id for revision in revisions]
        labels = [label for revision in revisions for label in revision.branch_labels]
        odd = [name for label in labels for name in (f"{label}@head", label[:-2])] if broken else []
        odd += ["head", "heads", "base", "revision0@head", "revision", f"revision{number + 1}"] if broken else []
        revisions.append(
            Revision(
                id=f"revision{number}",
                path=f"revision{number}.py",
                line=1,
                down_revision_line=2,
                down_revisions=_some(random, [*ids * 3, *odd, *(labels if broken else [])], (0, 1, 1, 1, 2, 3)),
                depends_on=_some(random, [*ids, *labels, *odd], (0, 0, 0, 1, 2)),
                branch_labels=(f"label{number}",) if random.random() < 0.3 else (),
            )
        )
    return Graph(revisions=tuple(random.sample(revisions, len(revisions))))


def _some(random: Random, names: list[str], counts: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(random.sample(names, min(len(names), random.choice(counts)))))


def alembic_map(graph: Graph) -> RevisionMap:
    """Return Alembic's map of the same revisions."""
    return RevisionMap(lambda: [_Script(revision) for revision in graph.revisions])


class _Script(AlembicRevision):
    """A revision with the functions that a step asks for."""

    doc = ""
    module = SimpleNamespace(upgrade=None, downgrade=None)

    def __init__(self, revision: Revision) -> None:
        super().__init__(
            revision.id,
            revision.down_revisions or None,
            revision.depends_on or None,
            revision.branch_labels or None,
        )


class Database:
    """The version table of one database, moved by Alembic's real steps."""

    def __init__(self, map_: RevisionMap) -> None:
        self._script = ScriptDirectory.__new__(ScriptDirectory)
        self._script.revision_map = map_
        self.rows: frozenset[str] = frozenset()

    def upgrade(self, targets: Collection[str] | str) -> None:
        """Move the table as ``alembic upgrade`` does."""
        self._take(self._script._upgrade_revs(cast(str, _given(targets)), cast(str, tuple(self.rows))))

    def downgrade(self, target: str) -> None:
        """Move the table as ``alembic downgrade`` does."""
        self._take(self._script._downgrade_revs(target, cast(str, tuple(self.rows))))

    def stamp(self, targets: Collection[str] | str) -> None:
        """Move the table as ``alembic stamp`` does."""
        self._take(self._script._stamp_revs(_given(targets), tuple(self.rows)))

    def _take(self, steps: Collection[object]) -> None:
        maintainer = HeadMaintainer(_CONTEXT, self.rows)  # type: ignore[arg-type]
        for step in steps:
            maintainer.update_to_step(step)  # type: ignore[arg-type]
        self.rows = frozenset(maintainer.heads)


def _given(targets: Collection[str] | str) -> str | tuple[str, ...]:
    return targets if isinstance(targets, str) else tuple(targets)


def script_ids(revisions: Iterable[AlembicRevision]) -> set[str]:
    """Return the ids of what Alembic gives."""
    return {revision.revision for revision in revisions}


def of_alembic(map_: RevisionMap, id_: str) -> AlembicRevision:
    """Return the revision with an id."""
    revision = map_.get_revision(id_)
    assert revision is not None
    return revision
