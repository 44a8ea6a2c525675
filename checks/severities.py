"""What the setting ``severity`` makes of the findings of a check: one place for all checks, after they ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from checks.findings import Finding, Severity, Snippet
from checks.policy import Level
from checks.rules import rule_of_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The findings of a check by the user's weights."""

    findings: tuple[Finding, ...]
    turned_off: dict[str, int]
    """Number of findings that are not reported, by what turned them off: a rule, or a part of one."""
    fixes: tuple[Snippet, ...]


def weighed(findings: Sequence[Finding], fixes: Sequence[Snippet], severities: Mapping[str, Level]) -> Weighed:
    """Return findings with the severities that the user sets, and the fixes that solve one of those that are left."""
    kept: list[Finding] = []
    off: list[Finding] = []
    turned_off: Counter[str] = Counter()
    for finding in findings:
        key = _key(finding, severities)
        if key is None:
            kept.append(finding)
        elif severities[key] is not Level.OFF:
            kept.append(_at(finding, Severity(severities[key].value)))
        elif finding.suppressed is not None:
            kept.append(finding)  # a comment says why, which is more than the setting does
        else:
            off.append(finding)
            turned_off[key] += 1
    if any(map(_is_solved, off)) and not any(map(_is_solved, kept)):
        fixes = [fix for fix in fixes if fix.folded]
    return Weighed(findings=tuple(kept), turned_off=dict(turned_off), fixes=tuple(fixes))


def _key(finding: Finding, severities: Mapping[str, Level]) -> str | None:
    """Return the key that sets its severity: that of its part goes before that of the rule; None without any."""
    part = f"{finding.rule}.{finding.part}"
    return next((key for key in (part, finding.rule) if key in severities), None)


def _at(finding: Finding, severity: Severity) -> Finding:
    """Return a finding of that severity; what the base already has stays a notice."""
    return finding if finding.old else replace(finding, severity=severity)


def _is_solved(finding: Finding) -> bool:
    rule = rule_of_id(finding.rule)
    return rule is not None and rule.solved_by_fixes
