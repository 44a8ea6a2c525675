"""What the user decides about judging: the part of the settings that checks may see."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from checks.findings import Severity


class FailOn(enum.StrEnum):
    """The severity from which a run fails."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"

    def reached_by(self, severity: Severity) -> bool:
        """Tell whether a finding of this severity fails the run."""
        return self is not FailOn.NEVER and severity.rank <= Severity(self.value).rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How findings are weighed."""

    fail_on: FailOn = FailOn.ERROR
    allow_heads: tuple[str, ...] = ()
    """Revision ids or branch labels that may be heads beside others."""
    drift_breaks: Severity = Severity.ERROR
    """Missing table, column, enum value, NOT NULL, unique: the running code would break."""
    drift_differs: Severity = Severity.ERROR
    """Default, CHECK, index, foreign-key options, what only the database has."""
    drift_cosmetic: Severity = Severity.NOTICE
    """Names and comments."""
