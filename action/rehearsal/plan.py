"""What is to be rehearsed of one tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from action.base.interface import Base
from action.project.alembic_tree import Tree
from action.rehearsal.first_load import SchemaFile
from action.rehearsal.goals import UpgradedTo
from action.session.running import ProjectRun
from checks.graph.algorithms import effective_heads, order
from checks.judged import judged_revisions
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be rehearsed of one tree."""

    tree: Tree
    root: Path
    run: ProjectRun
    graph: Graph
    changes: Changes | Absent
    base: Base | None = None
    """Where the files of the merge base are; None where there are no changes either."""
    init: str | None = None
    schema: SchemaFile | None = None
    start_after: tuple[str, ...] = ()
    """Revisions that are not judged one by one, with all that runs before them."""
    all_revisions: bool = False
    """Whether the base's revisions are judged one by one as well."""
    undoes: bool = False
    """Whether each of them is undone and applied again."""
    seeks_losses: bool = False
    """Whether the database before each of them is compared with the one after it, for what is gone."""
    replays: bool = False
    """Whether the deploy is stopped half-way, where it commits in parts, and run again."""
    compares_models: bool = True
    """Whether the models are compared with the migrated database."""
    model_files: Callable[[], Sequence[str]]
    """Return the files that may declare tables, relative to ``root``."""

    @property
    def old_files(self) -> tuple[str, ...]:
        """Return the version files, as they are now, of the revisions that the base has."""
        changes = self.changes
        if isinstance(changes, Absent):
            return ()
        old = {revision.id for revision in changes.fork_graph.revisions}
        return tuple(revision.path for revision in self.graph.revisions if revision.id in old)

    @property
    def own_configuration(self) -> tuple[Path, ...]:
        """Return the configuration file where it is Alembic's alone; a pyproject.toml changes for many reasons."""
        return (self.tree.config_file,) if self.tree.kind == "ini" else ()

    @property
    def old_heads(self) -> tuple[str, ...]:
        """Return the effective heads that a deployed database is at; empty where no base is known."""
        changes = self.changes
        return () if isinstance(changes, Absent) else effective_heads(changes.fork_graph)

    @property
    def at_base(self) -> UpgradedTo:
        """Return the goal of a database that is deployed."""
        graph = self.graph if isinstance(self.changes, Absent) else self.changes.fork_graph
        return UpgradedTo(graph=graph, targets=self.old_heads)

    @property
    def at_heads(self) -> UpgradedTo:
        """Return the goal of a database that all revisions of the working tree are applied to."""
        return UpgradedTo(graph=self.graph)

    @property
    def new(self) -> tuple[str, ...]:
        """Return the revisions that the working tree adds; none where no base is known."""
        return () if isinstance(self.changes, Absent) else self.changes.new

    @property
    def judged(self) -> tuple[str, ...]:
        """Return the revisions that are judged one by one, parents first."""
        return judged_revisions(
            self.graph, self.changes, start_after=self.start_after, all_revisions=self.all_revisions
        )

    @property
    def history_changed(self) -> bool:
        """Tell whether revisions that are deployed are no longer what they were."""
        return not isinstance(self.changes, Absent) and bool(self.changes.reworked or self.changes.removed)

    @property
    def heads_in_order(self) -> tuple[str, ...]:
        """Return the effective heads of the working tree, the newest last: a new revision is based on that one."""
        last = set(effective_heads(self.graph))
        return tuple(revision for revision in order(self.graph) if revision in last)
