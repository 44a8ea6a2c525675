"""A small project, found and read as a run does, and what is needed to rehearse it by hand."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from action.base.interface import Base
from action.base.locate import locate
from action.postgres.databases import Databases
from action.project.alembic_tree import Tree
from action.project.discovery import find_trees, repository_root
from action.project.model_files import model_files
from action.rehearsal.plan import Plan
from action.rehearsal.rehearse import rehearse
from action.session.running import ProjectRun
from action.session.session import Session
from action.version_files.changes import read_changes
from action.version_files.reading import read_tree_graph
from checks.recording.absent import Absent
from checks.recording.tree import TreeRecording
from tests.projects import builder

RUN = ProjectRun(python=sys.executable, timeout=60)


@dataclass(slots=True)
class Heard:
    """A watcher that remembers."""

    phases: list[str] = field(default_factory=list)
    advances: list[tuple[int, int, str]] = field(default_factory=list)

    def phase(self, name: str) -> AbstractContextManager[None]:
        self.phases.append(name)
        return nullcontext()

    def advance(self, done: int, total: int, noun: str) -> None:
        self.advances.append((done, total, noun))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A tree of a project, before anything of it runs."""

    root: Path
    tree: Tree
    base: Base | None
    recording: TreeRecording

    def session(self, run: ProjectRun = RUN) -> Session:
        return Session(run, self.tree, self.root)

    def plan(self, *, init: str | None = None, run: ProjectRun = RUN, **wanted: Any) -> Plan:
        return Plan(
            tree=self.tree,
            root=self.root,
            run=run,
            graph=self.recording.graph,
            changes=self.recording.changes,
            base=self.base,
            init=init,
            model_files=lambda: model_files(self.root),
            **wanted,
        )


@contextlib.contextmanager
def prepared(root: Path, base: str | None = None) -> Iterator[Prepared]:
    """Find the one tree below ``root``, and compare it with a base where one is named."""
    root = repository_root(root)
    (tree,) = find_trees(root)
    with locate(root, None, name=base) as found:
        graph = read_tree_graph(tree, root)
        changes = read_changes(tree, root, found, graph)
        recording = TreeRecording(path=tree.path, graph=graph, changes=changes)
        yield Prepared(root=root, tree=tree, base=None if isinstance(found, Absent) else found, recording=recording)


@contextlib.contextmanager
def loaded(root: Path, databases: Databases, *files: Mapping[str, str], run: ProjectRun = RUN) -> Iterator[Session]:
    """Write a project, and yield a session that has imported it."""
    with prepared(builder.write(root, *files)) as project, project.session(run) as session:
        assert session.load(databases.address, databases.create("load")) is None
        yield session


def rehearsed(
    root: Path, databases: Databases, *, base: str | None = None, init: str | None = None, **wanted: Any
) -> tuple[TreeRecording, Heard]:
    """Rehearse the project below ``root`` and return the recording, and what a watcher heard."""
    watcher = Heard()
    with prepared(root, base) as project, project.session() as session:
        return rehearse(project.plan(init=init, **wanted), session, [databases], project.recording, watcher)[0], watcher
