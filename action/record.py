"""From settings to a recording: the project, the server, and a rehearsal of every tree."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from action.errors import PostgresError
from action.postgres import embedded, external
from action.postgres.databases import Databases
from action.postgres.interface import Server
from action.project.changes import read_changes
from action.project.discovery import find_trees, repository_root
from action.project.interpreter import find_interpreter
from action.project.revisions import read_tree_graph
from action.project.session import ProjectRun, Session
from action.project.tree import Tree
from action.rehearsal.rehearse import Plan, rehearse
from action.reports.progress import Progress
from action.settings import Settings
from checks.recording import Obstacle, ObstacleKind, Recording, TreeRecording


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known of a tree before anything runs."""

    plan: Plan
    recording: TreeRecording
    session: Session


def record(settings: Settings, progress: Progress) -> Recording:
    """Rehearse every tree of the project on one server, and return all that was seen."""
    root = repository_root(settings.path)
    with contextlib.ExitStack() as stack:
        with progress.phase("reading the revisions"):
            trees = find_trees(settings.path, settings.tree)
            # Started before anything else: the project's interpreter imports Alembic while we read and boot.
            sessions = [stack.enter_context(_session(tree, root, settings)) for tree in trees]
            read = [_static(session, settings) for session in sessions]
        try:
            with progress.phase("starting PostgreSQL"):
                server = stack.enter_context(_server(settings))
        except PostgresError as error:
            return _without_server(error, read, progress)
        databases = stack.enter_context(Databases(server, keep=settings.keep))
        recordings = tuple(_rehearse(item, databases, progress) for item in read)
        return Recording(
            trees=recordings,
            server_version=server.version,
            server_kind=server.kind,
            server_detail=server.detail + (f"; databases: {', '.join(databases.names)}" if settings.keep else ""),
            seconds=dict(progress.seconds),
        )


def _without_server(error: PostgresError, read: Sequence[_Read], progress: Progress) -> Recording:
    """Return what is known without a database: the revisions, which ``heads`` can judge."""
    obstacle = Obstacle(
        kind=ObstacleKind.NO_SERVER, message=error.what, why=error.why, remedy=error.remedy, details=error.details
    )
    trees = tuple(replace(item.recording, obstacle=obstacle) for item in read)
    return Recording(trees=trees, seconds=dict(progress.seconds))


def _session(tree: Tree, root: Path, settings: Settings) -> Session:
    python = find_interpreter(tree, root, settings.python)
    return Session(ProjectRun(python=python, env=settings.env, timeout=settings.timeout), tree, root)


def _static(session: Session, settings: Settings) -> _Read:
    tree, root = session.tree, session.root
    graph = read_tree_graph(tree, root)
    changes, missing = read_changes(tree, root, settings.base, graph)
    recording = TreeRecording(
        path=tree.path,
        version_locations=tuple(_relative(folder, root) for folder in tree.version_locations),
        graph=graph,
        changes=changes,
        changes_missing=missing,
    )
    plan = Plan(tree=tree, root=root, run=session.run, graph=graph, changes=changes, init=settings.init)
    return _Read(plan, recording, session)


def _rehearse(read: _Read, databases: Databases, progress: Progress) -> TreeRecording:
    with progress.phase(f"rehearsing {read.plan.tree.path}"):
        done = rehearse(read.plan, read.session, databases, read.recording, progress)
    databases.drop_new_roles()
    return done


@contextlib.contextmanager
def _server(settings: Settings) -> Iterator[Server]:
    if settings.database_url is not None:
        with external.use(settings.database_url.get_secret_value()) as server:
            yield server
    else:
        version = int(settings.postgres_version.split(".")[0]) if settings.postgres_version else None
        with embedded.boot(version=version, keep=settings.keep) as server:
            yield server


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
