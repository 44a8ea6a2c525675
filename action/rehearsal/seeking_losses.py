"""What each revision takes away of the deployed database: read by oid and attnum, and seen on rows where it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from action.postgres.databases import Databases
from action.postgres.identities import deleting_routines, owned_sequences
from action.probe.protocol.companions import database_of
from action.rehearsal.base_code import BaseCheckout
from action.rehearsal.base_names import KnownModels
from action.rehearsal.driving import Legs
from action.rehearsal.gone import DeployedIds, Gone, changed_relations, gone_between
from action.rehearsal.loss_facts import LossFacts
from action.rehearsal.plan import Plan
from action.rehearsal.removers import SentTokens, related
from action.rehearsal.seeded_run import Observed, RowsWanted, SeededRun
from action.rehearsal.several_databases import numbers
from action.rehearsal.state_contents import Contents
from action.rehearsal.walk import Stage
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.comparison.conversions import Conversion, conversion
from checks.recording.absent import Absent
from checks.recording.legs import Statement
from checks.recording.losses import Loss


@dataclass(slots=True)
class _Start:
    """What later revisions are compared with."""

    database: str
    is_own: bool
    """Whether the database is a copy of ours."""
    deployed: dict[int, DeployedIds] = field(default_factory=dict)
    """By the number of the database."""
    statements: list[Statement] = field(default_factory=list)
    """What the revisions since then have sent."""
    roles: list[str] = field(default_factory=list)
    """What they have created."""


@dataclass(slots=True, kw_only=True)
class Losses:
    """The losses of the revisions of one tree, in the order of their application."""

    plan: Plan
    session: Session
    databases: Databases
    watcher: Watcher
    base: BaseCheckout
    made: Legs
    _new: _Start | None = None
    """The deployed database, where the first new revision was applied."""
    _models: KnownModels | None = None

    def of(self, stage: Stage) -> Loss:
        """Return what one revision takes away."""
        start = self._start(stage)
        start.roles += stage.roles
        read = zip(numbers(self.session), stage.before.contents, stage.after.contents, strict=True)
        found = [self._of(stage, start, number, (old, new)) for number, old, new in read]
        start.statements += stage.step.statements
        if start.is_own and start is not self._new:
            self.databases.drop(start.database)
        return _together(found)

    def _start(self, stage: Stage) -> _Start:
        """Return the deployed database; a revision that the base has already is compared with the one before it."""
        if stage.revision not in self.plan.new:
            return _Start(stage.before.database, is_own=False)
        if self._new is None:
            is_kept = stage.before.database == self.made.base
            database = stage.before.database
            if not is_kept:
                database = self.databases.create("deployed", template=database)
            self._new = _Start(database, is_own=not is_kept)
        return self._new

    def _of(self, stage: Stage, start: _Start, number: int, read: tuple[Contents, Contents]) -> Loss:
        if number not in start.deployed:
            start.deployed[number] = DeployedIds.all_of(read[0].identities)
        deployed, sent = start.deployed[number], self._sent(stage, number)
        gone = self._gone(stage, number, read, deployed)
        if gone.is_nothing and not sent.may_delete:
            return Loss(revision=stage.revision)
        names = gone.names | {deployed.path_of(oid)[1] for oid in gone.touched if oid in deployed.relations}
        all_sent = SentTokens(related(stage.step.statements, start.statements, names), sent.calls_deleting)
        observed = self._observed(stage, start, number, gone, all_sent)
        if self._models is None:
            self._models = KnownModels(
                base=self.base,
                session=self.session,
                databases=self.databases,
                migrated=self.made.base,
                head=self.made.head or stage.after.database,
            )
        facts = LossFacts(
            gone=gone, deployed=deployed, sent=sent, all_sent=all_sent, observed=observed, models=self._models,
            databases=self.databases, before=database_of(stage.before.database, number), number=number,
        )  # fmt: skip
        return facts.loss(stage.revision)

    def _sent(self, stage: Stage, number: int) -> SentTokens:
        sent = SentTokens(stage.step.statements)
        if not sent.called:
            return sent
        for state in (stage.before, stage.after):
            with self.databases.connect(database_of(state.database, number)) as connection:
                if deleting_routines(connection, sent.called):
                    return SentTokens(stage.step.statements, calls_deleting=True)
        return sent

    def _gone(self, stage: Stage, number: int, read: tuple[Contents, Contents], deployed: DeployedIds) -> Gone:
        before, after = (contents.identities for contents in read)
        old, new = (
            {id_: column for id_, column in contents.columns.items() if id_.relation in wanted}
            for contents, wanted in zip(read, changed_relations(before, after), strict=True)
        )
        found = gone_between(before, after, old, new, deployed)
        if all(one.kind != "sequence" for one in found.relations):
            return found
        with self.databases.connect(database_of(stage.before.database, number)) as connection:
            sequences = owned_sequences(connection)
        return replace(found, relations=tuple(one for one in found.relations if one.oid not in sequences))

    def _observed(
        self, stage: Stage, start: _Start, number: int, gone: Gone, sent: SentTokens
    ) -> Observed | Absent | None:
        """Return what became of rows; None where nothing depends on it."""
        deployed = start.deployed[number]
        holding = {deployed.relations[one.oid] for one in gone.relations if one.kind == "table"}
        holding |= {deployed.columns[one.id].relation for one in gone.columns if not one.is_computed}
        converted = {
            deployed.columns[old.id]: new.type
            for old, new in gone.retyped
            if conversion(old.type, new.type) is Conversion.OTHER and old.enum is None
        }
        holding |= {column.relation for column in converted}
        deletes = sent.may_delete
        if not holding and not deletes:
            return None
        run = SeededRun(
            session=self.session, databases=self.databases, watcher=self.watcher, start=start.database,
            revision=stage.revision, roles=start.roles, number=number,
        )  # fmt: skip
        asked = RowsWanted(
            tables=frozenset(holding),
            words=frozenset(sent.words),
            deletes=deletes,
            all_tables=deletes and sent.is_opaque,
            types=converted,
        )
        return run.observe(asked)


def _together(found: Sequence[Loss]) -> Loss:
    """Return the losses in several databases as one."""
    first = found[0]
    return replace(
        first,
        dropped=tuple(item for one in found for item in one.dropped),
        added=tuple(item for one in found for item in one.added),
        emptied=tuple(item for one in found for item in one.emptied),
        retyped=tuple(item for one in found for item in one.retyped),
        undecided=tuple(item for one in found for item in one.undecided),
        labels=tuple(item for one in found for item in one.labels),
        unseen=next((one.unseen for one in found if one.unseen), ""),
        models_unknown=next((one.models_unknown for one in found if one.models_unknown), ""),
    )
