"""The settings that checks may see: how the user weighs findings."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from checks.findings import Severity


class FailOn(enum.StrEnum):
    """The lowest severity that fails a run."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"

    def reached_by(self, severity: Severity) -> bool:
        """Return whether a finding of this severity fails the run."""
        return self is not FailOn.NEVER and severity.rank <= Severity(self.value).rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How findings are weighed."""

    fail_on: FailOn = FailOn.ERROR
    left_out: tuple[str, ...] = ()
    """Ids of checks that do not run."""
    allow_heads: tuple[str, ...] = ()
    """Revision ids or branch labels of heads that may exist beside others."""
    drift_breaks: Severity = Severity.ERROR
    """Severity of a difference that breaks the running code: missing table, column, enum value, NOT NULL, unique."""
    drift_differs: Severity = Severity.ERROR
    """Severity of other differences: default, CHECK, index, foreign-key options, tables that only the database has."""
    drift_cosmetic: Severity = Severity.NOTICE
    """Severity of a difference that hurts nobody: a wider type, a default of the database's own, a name, a comment."""
