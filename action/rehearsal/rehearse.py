"""One rehearsal: the tree is imported, driven to its heads on the ways that count, and compared with its models."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace

from action.postgres.databases import Databases
from action.postgres.roles import Roles
from action.rehearsal.base_code import BaseCheckout
from action.rehearsal.lost_code import lost_by, lost_in, removed
from action.rehearsal.model_drift import compare_models
from action.rehearsal.plan import Plan
from action.rehearsal.reread import as_alembic_uses, reread
from action.rehearsal.watcher import Watcher
from action.rehearsal.ways import Ways
from action.session.session import Session
from checks.recording.obstacles import Obstacle
from checks.recording.tree import Phase, TreeRecording


def rehearse(
    plan: Plan, session: Session, databases: Databases, recording: TreeRecording, watcher: Watcher
) -> TreeRecording:
    """Run the tree's migrations and models once; return the recording with all that was seen."""
    with contextlib.ExitStack() as stack:
        with watcher.phase("importing the project"):
            obstacle = session.load(databases.address, databases.create("load"))
        recording = replace(recording, environment=session.environment, obstacle=obstacle)
        if obstacle is not None:
            recording = _with_lost_import(plan, recording, obstacle)
        else:
            plan, recording = _as_alembic_uses(plan, session, recording)
            base = stack.enter_context(BaseCheckout(plan, session, databases))
            recording = Rehearsal(plan, databases, watcher, session, base).run(recording)
        session.keep_output()
        return replace(recording, output=session.output)


def _with_lost_import(plan: Plan, recording: TreeRecording, obstacle: Obstacle) -> TreeRecording:
    lost = lost_by(plan.base, plan.root, obstacle)
    return recording if lost is None else replace(recording, lost_import=lost, obstacle=removed(obstacle))


def _as_alembic_uses(plan: Plan, session: Session, recording: TreeRecording) -> tuple[Plan, TreeRecording]:
    """Return both with the version files that Alembic has loaded, where env.py chose others than the configuration."""
    assert session.found is not None
    used = as_alembic_uses(plan.tree, plan.root, session.found)
    recording = reread(recording, plan.tree, used, plan.root, plan.base, session.found)
    session.tree = used
    return replace(plan, tree=used, graph=recording.graph, changes=recording.changes), recording


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One tree, loaded, about to be driven."""

    plan: Plan
    databases: Databases
    watcher: Watcher
    session: Session
    base: BaseCheckout

    def run(self, recording: TreeRecording) -> TreeRecording:
        """Drive it to its heads, then compare the migrated database with the models."""
        started = time.perf_counter()
        with self.watcher.phase("applying the revisions"):
            roles = Roles(self.databases)
            made = Ways(self.plan, self.databases, self.watcher, self.session, self.base, roles).driven()
        seconds = {Phase.APPLY: time.perf_counter() - started}
        recording = replace(
            recording,
            deployed=made.deployed,
            legs=tuple(made.legs),
            two_ways=made.two_ways,
            lost_import=lost_in(self.plan.base, self.plan.root, made.legs),
            seconds=seconds,
        )
        environment = self.session.environment
        if made.head is None or environment is None or not environment.tables:
            return recording
        started = time.perf_counter()
        with self.watcher.phase("comparing the models"):
            heads_in_order = self.plan.heads_in_order
            drift = compare_models(self.session, self.base, self.databases, made.head, made.base, heads_in_order)
        seconds[Phase.COMPARE] = time.perf_counter() - started
        return replace(recording, drift=drift, seconds=seconds)
