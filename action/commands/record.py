"""Makes the recording of a run: finds the project, starts the server, and rehearses every tree."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg2

from action.allowance import Allowance, seconds_for
from action.base.interface import Api, Base
from action.base.locate import locate
from action.base.wanted import BaseWanted
from action.commands.progress import Progress
from action.commands.redaction import redactor
from action.commands.sealing import sealed_off
from action.commands.switching import refuse_unless_possible
from action.errors import PostgresError, ProjectCodeError, RunError, SettingsError
from action.interpreter.by_command import InstallCommand, install
from action.interpreter.host import Host
from action.interpreter.which import find_interpreter
from action.postgres.databases import Databases
from action.postgres.servers.choose import chosen_server
from action.postgres.servers.early import early
from action.project.alembic_tree import Tree
from action.project.discovery import find_project, repository_root
from action.project.folders import relative
from action.project.model_files import looked_for
from action.rehearsal.first_load import SchemaFile
from action.rehearsal.plan import Plan
from action.rehearsal.rehearse import rehearse
from action.rehearsal.unimported_models import without_those_of_others
from action.rehearsal.unreadable_code import unreadable_code
from action.repository.writing import opened_text, refusal
from action.sandbox.project_user import ProjectUser, find_user
from action.session.in_turn import in_turn
from action.session.pipe import Heard
from action.session.running import OwnWay, ProjectRun
from action.session.session import Session
from action.session.trace import Trace
from action.settings import Settings
from action.supervisor.run_folder import remove_scratch
from action.supervisor.signals import CleanUp
from action.version_files.changes import read_changes
from action.version_files.reading import read_tree_graph
from checks.recording.absent import Absent
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.server import ServerUsed
from checks.recording.tree import Recording, TreeRecording

_NEED_A_SERVER = ("upgrade", "drift")
"""Checks of what the project's code does; the others judge its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a run needs besides the settings."""

    base: BaseWanted | None = None
    """The base that the event names."""
    no_base: str = ""
    """Why the event names no base, in a sentence."""
    base_expected: bool = False
    """Whether a check that needs a base counts as not run without one."""
    client: Api | None = None
    workspace: Path = field(default_factory=Path.cwd)
    """Below it no symbolic link is followed when a file is written."""
    secrets: tuple[str, ...] = ()
    """Values that a trace must not show."""
    server_url: str | None = None
    """The server that the repository was cloned from; None where nothing may be fetched."""
    refused: list[SettingsError] = field(default_factory=list)
    """Collects the errors of files that cannot be written: the run goes on without them."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A tree as its files show it, before any of the project's code runs."""

    tree: Tree
    base: Base | None
    recording: TreeRecording


def record(settings: Settings, progress: Progress, world: World) -> Recording:
    """Rehearse every tree of the project on one server, and return the recording."""
    with CleanUp() as stack:
        stack.callback(remove_scratch)
        return _Run(settings, progress, world, repository_root(settings.path), stack).record()


@dataclass(frozen=True, slots=True)
class _Run:
    """One run; ``stack`` ends everything that it starts."""

    settings: Settings
    progress: Progress
    world: World
    root: Path
    stack: contextlib.ExitStack

    def record(self) -> Recording:
        with self.progress.phase("finding the project"):
            found = find_project(self.settings.path, self.settings.tree)
        recording = self._recorded(found.trees)
        return replace(recording, seconds=self._seconds(), unsearched=found.unsearched)

    def _recorded(self, trees: Sequence[Tree]) -> Recording:
        allowance = Allowance(seconds_for(self.settings.timeout, len(trees)))
        if not any(map(self.settings.runs, _NEED_A_SERVER)):
            return Recording(trees=tuple(item.recording for item in self._read(trees)))
        refuse_unless_possible(find_user())
        user = self.stack.enter_context(sealed_off(self.root))
        models = self.stack.enter_context(looked_for(self.root))
        server_is_up = self.stack.enter_context(early(chosen_server(self.settings)))
        try:
            # Started before anything else: the project's interpreter imports Alembic while we read and boot.
            sessions = self._sessions(trees, user, allowance)
        except ProjectCodeError as error:
            return self._not_rehearsed(error, ObstacleKind.LOAD_FAILED, self._read(trees))
        read = self._read(trees)
        try:
            with self.progress.phase("starting PostgreSQL"):
                server = server_is_up()
        except PostgresError as error:
            return self._not_rehearsed(error, ObstacleKind.NO_SERVER, read)
        server.address.bounds.set(self.settings.timeout, allowance)
        # On a server of ours they end with it, which is faster.
        with Databases(server, keep=self.settings.keep or server.is_ours) as databases:
            recordings = [self._rehearse(*pair, databases, models) for pair in zip(read, sessions, strict=True)]
        kept = f". Databases: {', '.join(databases.names)}" if self.settings.keep else ""
        used = ServerUsed(
            version=server.version, kind=server.kind, detail=f"{server.detail}{kept}", left=databases.left
        )
        return Recording(trees=without_those_of_others(recordings), server=used, seconds=self._seconds())

    def _not_rehearsed(self, error: RunError, kind: ObstacleKind, read: Sequence[_Read]) -> Recording:
        """Return the recording of a run in which no migration could run; it still has the revisions to check."""
        obstacle = Obstacle(kind=kind, message=error.what, why=error.why, remedy=error.remedy, details=error.details)
        trees = tuple(replace(item.recording, obstacle=obstacle) for item in read)
        return Recording(trees=trees)

    def _seconds(self) -> dict[str, float]:
        return {**self.progress.seconds, "total": self.progress.elapsed}

    def _sessions(self, trees: Sequence[Tree], user: ProjectUser, allowance: Allowance) -> Iterator[Session]:
        """Yield a session for each tree; it ends when the next is asked for, which has started meanwhile."""
        settings, installed, sessions = self.settings, self._installed(user), []
        trace, heard = self._trace(), Heard()
        way = OwnWay(alembic_config=settings.alembic_config, command=settings.command, x_args=settings.x_args)
        for tree in trees:
            found = find_interpreter(
                tree, self.root, self.stack, chosen=settings.python, installed=installed, host=Host(user=user)
            )
            run = ProjectRun(
                python=found.python,
                env=settings.env,
                timeout=settings.timeout,
                allowance=allowance,
                heard=heard,
                user=user,
                note=found.note,
                trace=trace,
                is_chosen=settings.python is not None,
                way=way,
            )
            sessions.append(Session(run, tree, self.root))
        return self.stack.enter_context(in_turn(sessions))

    def _trace(self) -> Trace | None:
        file = self.settings.trace
        if file is None:
            return None

        def refuse(error: OSError) -> None:
            if not isinstance(error, BrokenPipeError):  # a reader that leaves has what it wanted
                self.world.refused.append(refusal(file, error))

        try:
            stream = opened_text(self.world.workspace, file)
        except SettingsError as error:
            self.world.refused.append(error)
            return None
        trace = Trace(stream, redactor(self.world.secrets), refused=refuse)
        self.stack.callback(trace.close)
        return trace

    def _installed(self, user: ProjectUser) -> str | None:
        settings = self.settings
        if settings.install is None:
            return None
        with self.progress.phase("installing the project's dependencies"):
            command = InstallCommand(
                text=settings.install, folder=settings.path, timeout=settings.timeout, env=settings.env
            )
            return install(command, self.stack, Host(user=user))

    def _read(self, trees: Sequence[Tree]) -> list[_Read]:
        with self.progress.phase("finding the base"):
            base = self.stack.enter_context(self._base())
        with self.progress.phase("reading the revisions"):
            return [self._static(tree, base) for tree in trees]

    @contextlib.contextmanager
    def _base(self) -> Iterator[Base | Absent]:
        settings, world = self.settings, self.world
        token = settings.github_token.get_secret_value() if settings.github_token else None
        looking = locate(
            self.root, world.base, name=settings.base, client=world.client, token=token, server_url=world.server_url
        )
        with looking as found:
            unnamed = world.base is None and settings.base is None and world.no_base
            yield Absent(reason=world.no_base) if unnamed else found

    def _static(self, tree: Tree, base: Base | Absent) -> _Read:
        graph = read_tree_graph(tree, self.root)
        changes = read_changes(tree, self.root, base, graph)
        recording = TreeRecording(
            path=tree.path,
            version_locations=tuple(relative(folder, self.root) for folder in tree.version_locations),
            graph=graph,
            changes=changes,
            base_expected=self.world.base_expected or self.settings.base is not None,
        )
        known = None if isinstance(base, Absent) or isinstance(changes, Absent) else base
        return _Read(tree, known, recording)

    def _rehearse(
        self, read: _Read, session: Session, databases: Databases, models: Callable[[], Sequence[str]]
    ) -> TreeRecording:
        if not self.settings.keep:
            databases.drop_all()  # an earlier tree's
        obstacle = unreadable_code(read.tree, self.root, read.recording.graph)
        if obstacle is not None:
            return replace(read.recording, obstacle=obstacle)
        plan = Plan(
            tree=read.tree,
            root=self.root,
            run=session.run,
            graph=read.recording.graph,
            changes=read.recording.changes,
            base=read.base,
            init=self.settings.init,
            model_files=models,
            compares_models=self.settings.runs("drift"),
            schema=SchemaFile(self.settings.schema_file, self.root) if self.settings.schema_file else None,
        )
        with self.progress.phase(f"running the migrations of {plan.tree.path}"):
            done = rehearse(plan, session, databases, read.recording, self.progress)
        with contextlib.suppress(psycopg2.Error):  # a server that fails now has answered before
            databases.drop_new_roles()
        return done
