"""From settings to a recording: the project, the server, and a rehearsal of every tree."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from action.errors import PostgresError, ProjectCodeError, RunError
from action.postgres import embedded, external
from action.postgres.databases import Databases
from action.postgres.early import early
from action.postgres.interface import Server
from action.project.account import ProjectUser, project_user
from action.project.base import Api, Base, Located
from action.project.changes import read_changes
from action.project.discovery import find_trees, repository_root
from action.project.install import install
from action.project.interpreter import find_interpreter
from action.project.locate import locate
from action.project.revisions import read_tree_graph
from action.project.session import ProjectRun, Session
from action.project.tree import Tree
from action.pull_request.event import BaseWanted
from action.rehearsal.rehearse import Plan, rehearse
from action.reports.progress import Progress
from action.settings import Settings
from checks.recording import Obstacle, ObstacleKind, Recording, TreeRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What surrounds a run, other than the settings."""

    base: BaseWanted | None = None
    """What the event says the revisions are compared with."""
    no_base: str = ""
    """Why the event names none, in a sentence."""
    base_expected: bool = False
    """Whether something is left unjudged without a base."""
    client: Api | None = None
    server_url: str | None = None
    """Where the repository was cloned from; None where nothing may be fetched."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known of a tree before anything runs."""

    tree: Tree
    base: Base | None
    recording: TreeRecording


def record(settings: Settings, progress: Progress, world: World) -> Recording:
    """Rehearse every tree of the project on one server, and return all that was seen."""
    root = repository_root(settings.path)
    with contextlib.ExitStack() as stack:
        with progress.phase("finding the project"):
            user = stack.enter_context(project_user(root))
            trees = find_trees(settings.path, settings.tree)
        server_is_up = stack.enter_context(early(_server(settings)))
        try:
            # Started before anything else: the project's interpreter imports Alembic while we read and boot.
            sessions = _sessions(trees, root, settings, user, stack, progress)
        except ProjectCodeError as error:
            read = _read(trees, root, settings, world, stack, progress)
            return _not_rehearsed(error, ObstacleKind.LOAD_FAILED, read, progress)
        read = _read(trees, root, settings, world, stack, progress)
        try:
            with progress.phase("starting PostgreSQL"):
                server = server_is_up()
        except PostgresError as error:
            return _not_rehearsed(error, ObstacleKind.NO_SERVER, read, progress)
        databases = stack.enter_context(Databases(server, keep=settings.keep))
        together = zip(read, sessions, strict=True)
        recordings = tuple(_rehearse(item, session, settings, databases, progress) for item, session in together)
        return Recording(
            trees=recordings,
            server_version=server.version,
            server_kind=server.kind,
            server_detail=server.detail + (f"; databases: {', '.join(databases.names)}" if settings.keep else ""),
            seconds={**progress.seconds, "total": progress.elapsed},
        )


def _not_rehearsed(error: RunError, kind: ObstacleKind, read: Sequence[_Read], progress: Progress) -> Recording:
    """Return what is known when nothing could be run: the revisions, which are judged all the same."""
    obstacle = Obstacle(kind=kind, message=error.what, why=error.why, remedy=error.remedy, details=error.details)
    trees = tuple(replace(item.recording, obstacle=obstacle) for item in read)
    return Recording(trees=trees, seconds={**progress.seconds, "total": progress.elapsed})


def _sessions(
    trees: Sequence[Tree],
    root: Path,
    settings: Settings,
    user: ProjectUser,
    stack: contextlib.ExitStack,
    progress: Progress,
) -> list[Session]:
    installed = None
    if settings.install is not None:
        with progress.phase("installing the project's dependencies"):
            installed = install(
                settings.install, settings.path, stack, user=user, timeout=settings.timeout, env=settings.env
            )
    sessions = []
    for tree in trees:
        found = find_interpreter(tree, root, settings.python, stack, installed=installed, user=user)
        run = ProjectRun(python=found.python, env=settings.env, timeout=settings.timeout, user=user, note=found.note)
        sessions.append(stack.enter_context(Session(run, tree, root)))
    return sessions


def _read(
    trees: Sequence[Tree],
    root: Path,
    settings: Settings,
    world: World,
    stack: contextlib.ExitStack,
    progress: Progress,
) -> list[_Read]:
    with progress.phase("finding the base"):
        located = stack.enter_context(_located(root, settings, world))
    with progress.phase("reading the revisions"):
        expected = world.base_expected or settings.base is not None
        return [_static(tree, root, located, expected) for tree in trees]


@contextlib.contextmanager
def _located(root: Path, settings: Settings, world: World) -> Iterator[Located]:
    token = settings.github_token.get_secret_value() if settings.github_token else None
    looking = locate(
        root, world.base, name=settings.base, client=world.client, token=token, server_url=world.server_url
    )
    with looking as located:
        unnamed = world.base is None and settings.base is None and world.no_base
        yield replace(located, reason=world.no_base) if unnamed else located


def _static(tree: Tree, root: Path, located: Located, base_expected: bool) -> _Read:
    graph = read_tree_graph(tree, root)
    changes, missing = read_changes(tree, root, located, graph)
    recording = TreeRecording(
        path=tree.path,
        version_locations=tuple(_relative(folder, root) for folder in tree.version_locations),
        graph=graph,
        changes=changes,
        changes_missing=missing,
        base_expected=base_expected,
    )
    return _Read(tree, located.base if changes is not None else None, recording)


def _rehearse(
    read: _Read, session: Session, settings: Settings, databases: Databases, progress: Progress
) -> TreeRecording:
    plan = Plan(
        tree=read.tree,
        root=session.root,
        run=session.run,
        graph=read.recording.graph,
        changes=read.recording.changes,
        base=read.base,
        init=settings.init,
    )
    with progress.phase(f"rehearsing {plan.tree.path}"):
        done = rehearse(plan, session, databases, read.recording, progress)
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
