"""How serious a difference between models and migrations is, and which rule it breaks."""

from __future__ import annotations

from checks.comparison.change import STRINGS, Change, Weight
from checks.findings import Severity
from checks.policy import Policy


def severity_of(change: Change, policy: Policy) -> Severity:
    """Return the severity that the policy gives to the weight; a warning at most for what the models do not meet."""
    match change.weight:
        case Weight.BREAKS:
            return policy.drift_breaks
        case Weight.DIFFERS:
            return policy.drift_differs
        case Weight.OUTSIDE:
            return max(policy.drift_breaks, Severity.WARNING, key=lambda severity: severity.rank)
        case Weight.COSMETIC:
            return policy.drift_cosmetic


def rule_of(change: Change) -> str:
    """Return the rule of the finding."""
    if change.kind in STRINGS:
        return "frozen-default"
    return "schema-differs" if change.weight is Weight.COSMETIC else "missing-migration"
