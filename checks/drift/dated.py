"""Tell new differences from old ones; the run that proposes a migration and the check that judges both ask here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checks.comparison.by_table import TableName
from checks.comparison.change import Change, ChangeKind
from checks.comparison.compare import compare
from checks.comparison.in_migration import belongs_in_migration
from checks.drift.undecided import is_undecided
from checks.recording.absent import Absent
from checks.recording.models import Drift, Models
from checks.recording.schema import Schema
from checks.recording.tree import Environment

ONLY_IN_MIGRATIONS = (ChangeKind.TABLE_EXTRA, ChangeKind.ENUM_EXTRA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """The differences between models and migrations at the head."""

    new: tuple[Change, ...]
    """Differences that the base does not have."""
    undecided: tuple[Change, ...]
    """Differences that the base does not have, but that production may not have either."""
    old: tuple[Change, ...]
    """Differences that the base has, too."""

    @property
    def with_old_as_new(self) -> Dated:
        """Return the same with old and new ones in each other's place, for the migration that ends the old ones."""
        return Dated(new=self.old, undecided=self.undecided, old=self.new)


def dated(drift: Drift, environment: Environment | None, *, from_models: bool, idle: Sequence[str] = ()) -> Dated:
    """Return the differences at the head by what the base has; ``from_models`` is how its database was created.

    ``idle`` are the new revisions that changed nothing there, for want of rows.
    """
    changes = _counted(drift.head, environment)
    base = drift.base if isinstance(drift.base, Models) else None
    known = {c.fingerprint for c in compare(base, _own(base, environment))} if base is not None else set()
    added = [change for change in changes if change.fingerprint not in known]
    unknown = [change for change in added if from_models and is_undecided(change, drift, idle)]
    return Dated(
        new=tuple(change for change in added if change not in unknown),
        undecided=tuple(unknown),
        old=tuple(change for change in changes if change.fingerprint in known),
    )


def undatable(drift: Drift) -> Absent | None:
    """Return why it is not known what the base has; None where it is known, or there is no base."""
    if isinstance(drift.base, Models):
        return drift.base.modelled if isinstance(drift.base.modelled, Absent) else None
    return drift.base


def remaining(
    models: Models, repaired: Schema, differences: Dated, environment: Environment | None
) -> tuple[Change, ...]:
    """Return the differences that are left in a repaired database, of those that the migration is to end."""
    others = {change.place for change in (*differences.old, *differences.undecided)}
    others -= {change.place for change in differences.new}
    left = _counted(replace(models, migrated=repaired), environment)
    return tuple(change for change in left if belongs_in_migration(change) and change.place not in others)


def _counted(models: Models, environment: Environment | None) -> tuple[Change, ...]:
    changes = compare(models, _own(models, environment))
    if environment is not None and environment.unseen:
        # A table or enum that only the migrations create may belong to the models outside of target_metadata.
        changes = tuple(change for change in changes if change.kind not in ONLY_IN_MIGRATIONS)
    return changes


def _own(models: Models, environment: Environment | None) -> TableName | None:
    """Return the version table."""
    if environment is None:
        return None
    return (environment.version_table_schema or models.default_schema, environment.version_table)
