"""The settings that checks may see: how the user weighs findings."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.findings import Severity


class FailOn(enum.StrEnum):
    """The lowest severity that fails a run."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"

    def reached_by(self, severity: Severity) -> bool:
        """Return whether a finding of this severity fails the run."""
        return self is not FailOn.NEVER and severity.rank <= Severity(self.value).rank


class Level(enum.StrEnum):
    """What the user makes of a rule: the severity of its findings, or that they are not reported."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How findings are weighed."""

    fail_on: FailOn = FailOn.ERROR
    left_out: tuple[str, ...] = ()
    """Ids of checks that do not run."""
    allow_heads: tuple[str, ...] = ()
    """Revision ids or branch labels of heads that may exist beside others."""
    severities: Mapping[str, Level] = field(default_factory=dict)
    """By rule, or by ``rule.part`` for a part of its findings; ``judge`` applies it after the checks ran."""
