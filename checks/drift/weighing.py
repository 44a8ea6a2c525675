"""How serious a difference between models and migrations is, and which rule it breaks."""

from __future__ import annotations

from checks.comparison.change import STRINGS, Change, Weight
from checks.findings import Severity

DIFFERS = "differs"
"""The part of ``missing-migration`` for a difference that breaks nothing at once."""
_WEIGHED = {
    Weight.BREAKS: (Severity.ERROR, "breaks"),
    Weight.DIFFERS: (Severity.ERROR, DIFFERS),
    Weight.OUTSIDE: (Severity.WARNING, "outside"),
    Weight.COSMETIC: (Severity.NOTICE, ""),
}


def severity_of(change: Change) -> Severity:
    """Return the severity of the weight; a warning for what the models do not meet."""
    return _WEIGHED[change.weight][0]


def part_of(change: Change) -> str:
    """Return the part of the rule, by the weight; empty for a rule without parts."""
    return _WEIGHED[change.weight][1] if rule_of(change) == "missing-migration" else ""


def rule_of(change: Change) -> str:
    """Return the rule of the finding."""
    if change.kind in STRINGS:
        return "frozen-default"
    return "schema-differs" if change.weight is Weight.COSMETIC else "missing-migration"
