"""One rehearsal: the tree is imported, driven to its heads on the ways that count, and compared with its models."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from action.postgres.databases import Databases
from action.postgres.roles import Roles
from action.rehearsal.base_code import BaseCheckout
from action.rehearsal.created_base import BaseCreation, load_project
from action.rehearsal.driving import Driving, Legs
from action.rehearsal.edit_comparison import EditComparison
from action.rehearsal.examining import Examined, Examining
from action.rehearsal.interruptions import COMPARING, RUNNING, interruptible
from action.rehearsal.lost_code import lost_by, lost_in, removed
from action.rehearsal.model_drift import Migrated, compare_models
from action.rehearsal.old_code import OldCode
from action.rehearsal.plan import Plan
from action.rehearsal.replaying import Replaying
from action.rehearsal.reread import as_alembic_uses, reread
from action.rehearsal.several_databases import numbers
from action.rehearsal.unimported_models import find_models
from action.rehearsal.watched_edits import WatchedEdits, watched_edits
from action.rehearsal.watcher import Watcher
from action.session.fault_sentences import LOADING
from action.session.session import Session
from checks.recording.absent import Absent
from checks.recording.edit_runs import EditRun
from checks.recording.legs import MadeBy
from checks.recording.models import Drift
from checks.recording.obstacles import Obstacle
from checks.recording.replays import Replays
from checks.recording.tree import NOT_COMPARED, NOT_REPLAYED, Environment, Phase, TreeRecording


def rehearse(
    plan: Plan, session: Session, servers: Sequence[Databases], recording: TreeRecording, watcher: Watcher
) -> tuple[TreeRecording, ...]:
    """Run the tree's migrations and models on each server; return the recordings with all that was seen there.

    The project is imported once, on the first server.
    """
    first = servers[0]
    with contextlib.ExitStack() as stack:
        first.companions = 0
        with watcher.phase("importing the project"), interruptible(first, LOADING) as interrupted:
            unloadable, obstacle = load_project(plan, session, first, watcher)
        obstacle = interrupted[0].obstacle if interrupted else obstacle
        recording = replace(recording, environment=session.environment, obstacle=obstacle)
        if obstacle is not None:
            # It says so on each server: the same import serves all.
            recordings = [_with_lost_import(plan, recording, obstacle)] * len(servers)
        else:
            plan, recording = _as_alembic_uses(plan, session, recording)
            if plan.compares_models:
                recording = replace(recording, model_files=find_models(session, plan.model_files(), plan.base))
            base = stack.enter_context(BaseCheckout(plan, session, first))
            loaded = _Loaded(plan, session, base, watcher, unloadable)
            recordings = [loaded.on(databases, recording, named=len(servers) > 1) for databases in servers]
        session.keep_output()
        done = recordings[0]
        return (replace(done, output=done.output + session.output), *recordings[1:])


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A tree that is imported."""

    plan: Plan
    session: Session
    base: BaseCheckout
    watcher: Watcher
    unloadable: Obstacle | None
    """Why it does not load on an empty database, where it loads on one that the settings create."""

    def on(self, databases: Databases, recording: TreeRecording, *, named: bool) -> TreeRecording:
        """Return the recording with all that was seen on one server, a phase of its own where that is ``named``."""
        self.session.go_to(databases.address)
        self.base.go_to(databases)
        databases.companions = max(0, len(self.session.known_engines) - 1)
        creation = BaseCreation(
            plan=self.plan,
            base=self.base,
            session=self.session,
            databases=databases,
            watcher=self.watcher,
            unloadable=self.unloadable,
        )
        name = f"running on PostgreSQL {databases.server.version}"
        with self.watcher.phase(name) if named else contextlib.nullcontext():
            done = Rehearsal(self.plan, databases, self.watcher, self.session, self.base, creation).run(recording)
        return replace(done, output=self.base.output if self.plan.init else "")


def _with_lost_import(plan: Plan, recording: TreeRecording, obstacle: Obstacle) -> TreeRecording:
    lost = lost_by(plan.base, plan.root, obstacle)
    return recording if lost is None else replace(recording, lost_import=lost, obstacle=removed(obstacle, lost))


def _as_alembic_uses(plan: Plan, session: Session, recording: TreeRecording) -> tuple[Plan, TreeRecording]:
    """Return both with the version files that Alembic has loaded, where env.py chose others than the configuration."""
    assert session.found is not None
    tree = session.tree
    used = as_alembic_uses(tree, plan.root, session.found)
    recording = reread(recording, tree, used, plan.root, plan.base, session.found)
    session.tree = used
    return replace(plan, tree=used, graph=recording.graph, changes=recording.changes), recording


def _has_models(environment: Environment) -> bool:
    return any(engine.tables for engine in environment.engines) or bool(environment.tables)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One tree, loaded, about to be driven."""

    plan: Plan
    databases: Databases
    watcher: Watcher
    session: Session
    base: BaseCheckout
    creation: BaseCreation

    def run(self, recording: TreeRecording) -> TreeRecording:
        """Drive it to its heads, then compare the migrated database with the models."""
        started, made = time.perf_counter(), Legs()
        edits, roles = watched_edits(self.plan), Roles(self.databases)
        with self.watcher.phase("applying the revisions"), interruptible(self.databases, RUNNING) as interrupted:
            Driving(
                plan=self.plan,
                databases=self.databases,
                watcher=self.watcher,
                session=self.session,
                base=self.base,
                creation=self.creation,
                old_code=OldCode(self.plan, self.session),
                roles=roles,
                edits=edits,
            ).drive(made)
        made.take(interrupted)
        seconds = {Phase.APPLY: time.perf_counter() - started}
        recording = replace(
            recording,
            deployed=made.deployed,
            legs=tuple(made.legs),
            two_ways=made.two_ways,
            edit_runs=self._edits_compared(edits, roles, made),
            lost_import=lost_in(self.plan.base, self.plan.root, made.legs),
            obstacle=made.obstacle,
            seconds=seconds,
        )
        recording = self._replayed(self._examined(recording, made), made)
        environment = self.session.environment
        if made.head is None or environment is None or not (_has_models(environment) and self.plan.compares_models):
            return recording
        started = time.perf_counter()
        drift, *others = [self._compared(made, made.head, number) for number in numbers(self.session)]
        seconds[Phase.COMPARE] = time.perf_counter() - started
        return replace(recording, drift=drift, other_drifts=tuple(others), seconds=seconds)

    def _examined(self, recording: TreeRecording, made: Legs) -> TreeRecording:
        """Return the recording with what came of each revision that is judged by itself."""
        recording = replace(recording, judged=self.plan.judged, start_after=self.plan.start_after)
        examining = Examining(
            plan=self.plan, session=self.session, databases=self.databases, watcher=self.watcher, made=made,
            base=self.base,
        )  # fmt: skip
        if not examining.is_asked_for:
            return recording
        started, found = time.perf_counter(), Examined()
        with self.watcher.phase("undoing the revisions"), interruptible(self.databases, RUNNING) as interrupted:
            examining.examine(found)
        recording.seconds[Phase.EXAMINE] = time.perf_counter() - started
        for one in interrupted:
            gone = Absent(reason=one.obstacle.text)
            return replace(recording, round_trips=gone, losses=gone)
        if self.plan.seeks_losses:
            recording = replace(recording, losses=tuple(found.losses))
        return replace(recording, round_trips=tuple(found.round_trips)) if self.plan.undoes else recording

    def _replayed(self, recording: TreeRecording, made: Legs) -> TreeRecording:
        """Return the recording with what came of stopping the deploy half-way."""
        if not (self.plan.replays and self.plan.judged and made.head is not None):
            return recording
        replaying = Replaying(
            plan=self.plan, session=self.session, databases=self.databases, watcher=self.watcher, made=made
        )
        if not replaying.chosen.stops:
            return replace(recording, replays=replaying.replay())
        started = time.perf_counter()
        replays: Replays | Absent = NOT_REPLAYED
        with self.watcher.phase("stopping the deploy"), interruptible(self.databases, RUNNING) as interrupted:
            replays = replaying.replay()
        recording.seconds[Phase.REPLAY] = time.perf_counter() - started
        for one in interrupted:
            replays = Absent(reason=one.obstacle.text)
        return replace(recording, replays=replays)

    def _edits_compared(self, edits: WatchedEdits, roles: Roles, made: Legs) -> tuple[EditRun, ...]:
        """Compare the old and the new code of each edited revision; nothing after an interruption."""
        if not edits.edits or made.obstacle is not None:
            return ()
        comparison = EditComparison(
            plan=self.plan,
            edits=edits,
            session=self.session,
            base=self.base,
            databases=self.databases,
            roles=roles,
            watcher=self.watcher,
        )
        with self.watcher.phase("comparing the edited revisions"), interruptible(self.databases, RUNNING):
            return comparison.compared(made.legs)
        return ()

    def _compared(self, made: Legs, head: str, engine: int) -> Drift | Absent:
        drift: Drift | Absent = NOT_COMPARED
        with self.watcher.phase("comparing the models"), interruptible(self.databases, COMPARING) as interrupted:
            heads_in_order = self.plan.heads_in_order
            migrated = Migrated(
                head=head,
                base=made.base,
                engine=engine,
                from_models=made.created_by is MadeBy.MODELS,
                from_nothing=not self.plan.old_heads,
            )
            drift = compare_models(self.session, self.base, self.databases, migrated, heads_in_order)
        return Absent(reason=interrupted[0].obstacle.text) if interrupted else drift
