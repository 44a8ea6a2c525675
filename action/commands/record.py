"""Makes the recording of a run: finds the project, starts the server, and rehearses every tree."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from action.allowance import Allowance, seconds_for
from action.commands.lanes import Lanes
from action.commands.not_rehearsed import not_rehearsed
from action.commands.progress import Progress
from action.commands.read_trees import Reading, ReadTree, World
from action.commands.redaction import redactor
from action.commands.room import at_once
from action.commands.sealing import sealed_off
from action.commands.servers import ComingServers, Servers, servers_of_lanes
from action.commands.switching import refuse_unless_possible, refuse_what_needs_the_image
from action.errors import PostgresError, ProjectCodeError, RunError, SettingsError
from action.interpreter.host import Host
from action.interpreter.package_cache import kept_cache
from action.interpreter.prepared import Prepared
from action.interpreter.preparing import Preparation
from action.postgres.databases import Databases
from action.postgres.servers.choose import may_be_several
from action.project.alembic_tree import Tree
from action.project.discovery import Found, find_project, repository_root
from action.project.model_files import looked_for
from action.rehearsal.first_load import SchemaFile
from action.rehearsal.plan import Plan
from action.rehearsal.rehearse import rehearse
from action.rehearsal.unimported_models import without_those_of_others
from action.rehearsal.unreadable_code import unreadable_code
from action.repository.writing import opened_text, refusal
from action.sandbox.project_user import ProjectUser, find_user
from action.session.live import LiveProcesses
from action.session.made_places import MadePlaces, made_places
from action.session.pipe import Heard
from action.session.running import OwnWay, ProjectRun
from action.session.session import Session
from action.session.started import StartedSessions
from action.session.trace import Trace
from action.settings import Settings
from action.supervisor.run_folder import remove_scratch
from action.supervisor.signals import CleanUp
from checks import CHECKS
from checks.recording.obstacles import ObstacleKind
from checks.recording.tree import Recording, TreeRecording


def record(settings: Settings, progress: Progress, world: World) -> Recording:
    """Rehearse every tree of the project on each server, and return the recording."""
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
        recording = self._recorded(found)
        return replace(recording, seconds=self._seconds(), unsearched=found.unsearched)

    def _recorded(self, found: Found) -> Recording:
        reading = Reading(self.settings, self.progress, self.world, self.root, self.stack)
        if not any(check.needs_server and self.settings.runs(check.id) for check in CHECKS):
            return Recording(trees=_in_place(reading.read(found.trees), ()))
        if not reading.may_leave_alone(found):
            done = self._all_rehearsed(found.trees, lambda: reading.read(found.trees))
            return self._complete(done, reading, found)
        read = reading.read_with_touch(found)
        touched = [one for one in read if not one.is_left_alone]
        if not touched:
            return Recording(trees=_in_place(read, ()))
        done = self._complete(self._all_rehearsed([one.tree for one in touched], lambda: touched), reading, found)
        further = [replace(one, trees=_in_place(read, one.trees)) for one in done.further]
        return replace(done, trees=_in_place(read, done.trees), further=tuple(further))

    def _complete(self, done: Recording, reading: Reading, found: Found) -> Recording:
        """Return the recording without the model files that belong to trees which were not rehearsed."""
        here = {one.path for one in done.trees}
        rehearsed = [tree for tree in found.trees if tree.path in here]

        def reached() -> Collection[str]:
            return reading.reached(found, rehearsed)

        further = [replace(one, trees=without_those_of_others(one.trees, reached)) for one in done.further]
        return replace(done, trees=without_those_of_others(done.trees, reached), further=tuple(further))

    def _all_rehearsed(self, trees: Sequence[Tree], read_all: Callable[[], Sequence[ReadTree]]) -> Recording:
        """Rehearse trees that are read while the interpreters and the servers start."""
        runs_code = find_user()
        refuse_unless_possible(runs_code)
        refuse_what_needs_the_image(self.settings, runs_code)
        self.stack.enter_context(kept_cache(self.settings.cache_dir, self.world.workspace, runs_code))
        made = self.stack.enter_context(made_places(self.root))  # removed once all of the user's processes are ended
        user = self.stack.enter_context(sealed_off(self.root))
        models = self.stack.enter_context(looked_for(self.root))
        room = min(at_once(), len(trees))
        lanes = room if may_be_several(self.settings) else 1
        coming = [ComingServers(self.settings, self.stack) for _ in range(lanes)]
        allowance = Allowance(seconds_for(self.settings.timeout, len(trees) * len(coming[0].wanted)))
        live = LiveProcesses()
        try:
            # Started before anything else: the project's interpreter imports Alembic while we read and boot.
            sessions = self._sessions(trees, user, allowance, live, made)
            # On one server the next project is imported while one is at work.
            started = self.stack.enter_context(StartedSessions(sessions, max(lanes, min(room, 2))))
        except ProjectCodeError as error:
            return _unrun(read_all(), error, ObstacleKind.LOAD_FAILED)
        read = read_all()
        try:
            with self.progress.phase("starting PostgreSQL"):
                servers = servers_of_lanes(coming)
        except PostgresError as error:
            return _unrun(read, error, ObstacleKind.NO_SERVER)
        shared = Lanes(
            sessions=started,
            trees=len(trees),
            rehearse=lambda number, databases, beside: self._rehearse(
                read[number], sessions[number], databases, models, beside=beside
            ),
            allowance=allowance,
            live=live,
        )
        owners, recordings = self._on(shared, servers)
        return servers[0].recording(owners, recordings, [item.recording for item in read])

    def _on(self, lanes: Lanes, servers: Sequence[Servers]) -> tuple[list[Databases], list[Sequence[TreeRecording]]]:
        if len(servers) == 1:
            return lanes.run(servers)
        with self.progress.phase(f"running the migrations of {lanes.trees} Alembic configs"):
            return lanes.run(servers)

    def _seconds(self) -> dict[str, float]:
        return {**self.progress.seconds, "total": self.progress.elapsed}

    def _sessions(
        self, trees: Sequence[Tree], user: ProjectUser, allowance: Allowance, live: LiveProcesses, made: MadePlaces
    ) -> list[Session]:
        """Return a session for each tree, none of which is started."""
        settings, sessions = self.settings, []
        trace, heard = self._trace(), Heard()
        way = OwnWay(alembic_config=settings.alembic_config, command=settings.command, x_args=settings.x_args)
        for tree, prepared in zip(trees, self._installed(trees, user), strict=True):
            run = ProjectRun(
                python=prepared.python,
                env=settings.env,
                env_files=settings.env_files,
                timeout=settings.timeout,
                allowance=allowance,
                heard=heard,
                live=live,
                user=user,
                made=made,
                note=prepared.lacking,
                prepared=prepared,
                trace=trace,
                is_chosen=settings.python is not None,
                way=way,
            )
            sessions.append(Session(run, tree, self.root))
        return sessions

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

    def _installed(self, trees: Sequence[Tree], user: ProjectUser) -> list[Prepared]:
        preparation = Preparation(
            settings=self.settings,
            root=self.root,
            cleanup=self.stack,
            host=Host(user=user),
            progress=self.progress,
        )
        return [preparation.of(tree) for tree in trees]

    def _rehearse(
        self,
        read: ReadTree,
        session: Session,
        servers: Sequence[Databases],
        models: Callable[[], Sequence[str]],
        *,
        beside: bool,
    ) -> tuple[TreeRecording, ...]:
        for databases in servers if not self.settings.keep else ():
            databases.drop_all()  # an earlier tree's
        prepared = session.run.prepared
        if prepared is not None and prepared.error is not None:
            return not_rehearsed((read.recording,), prepared.error, ObstacleKind.LOAD_FAILED) * len(servers)
        obstacle = unreadable_code(read.tree, self.root, read.recording.graph)
        if obstacle is not None:
            return (replace(read.recording, obstacle=obstacle),) * len(servers)
        plan = Plan(
            tree=read.tree,
            root=self.root,
            run=session.run,
            graph=read.recording.graph,
            changes=read.recording.changes,
            base=read.base,
            init=self.settings.init,
            model_files=models,
            start_after=self.settings.start_after,
            all_revisions=self.settings.all_revisions,
            undoes=self.settings.runs("downgrade"),
            seeks_losses=self.settings.runs("loss"),
            replays=self.settings.runs("replay"),
            compares_models=self.settings.runs("drift"),
            schema=SchemaFile(self.settings.schema_file, self.root) if self.settings.schema_file else None,
        )
        phases = self.progress.beside(read.tree.path) if beside else self.progress
        with phases.phase("running the migrations" if beside else f"running the migrations of {read.tree.path}"):
            done = rehearse(plan, session, servers, read.recording, phases)
        note = prepared.note or None if prepared is not None else None
        return tuple(replace(one, dependencies_note=note) for one in done)


def _in_place(read: Sequence[ReadTree], rehearsed: Sequence[TreeRecording]) -> tuple[TreeRecording, ...]:
    """Return the trees as they were read, in place of which are those that were rehearsed."""
    done = {one.path: one for one in rehearsed}
    return tuple(done.get(one.tree.path, one.recording) for one in read)


def _unrun(read: Sequence[ReadTree], error: RunError, kind: ObstacleKind) -> Recording:
    """Return the recording of a run in which no migration could run."""
    return Recording(trees=not_rehearsed([one.recording for one in read], error, kind))
