"""What ``severity`` makes of findings: it beats the default, not the age, and what it turns off is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.check import Check, Outcome
from checks.findings import Finding, Report, Severity, Snippet, Status, Verdict
from checks.heads import check as heads
from checks.judge import judge
from checks.policy import FailOn, Level, Policy
from checks.recording.revisions import Suppression
from checks.recording.tree import Recording, TreeRecording
from checks.rule import Rule
from checks.rules import RULES, rules_of
from tests.unit.checks.dsl import tree

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
PARTS = ("breaks", "differs", "outside")
MIGRATION = Snippet(title="Missing migration", text="op.add_column()", language="python", path="versions/x.py")
OLD = Snippet(title="Migration for the old differences", text="op.create_table()", folded=True)


def found(rule: str = "missing-migration", part: str = "", severity: Severity = ERROR, *, old: bool = False) -> Finding:
    return Finding(rule=rule, severity=severity, message="What.", why="Why.", remedy="", part=part, old=old)


def report(outcome: Outcome, levels: dict[str, Level], fail_on: FailOn = FailOn.ERROR) -> Report:
    check = Check(id="drift", title="", rules=rules_of("drift"), run=lambda recording, policy: outcome)
    policy = Policy(fail_on=fail_on, severities=levels)
    return judge(Recording(trees=(tree("a"),)), policy, [check])


def severities(levels: dict[str, Level], *findings: Finding) -> list[tuple[str, str]]:
    ((_, result),) = report(Outcome(findings=findings), levels).results()
    return [(finding.part or finding.rule, finding.severity.value) for finding in result.findings]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, ["error", "error", "warning", "notice"]),
        ({"missing-migration": Level.NOTICE}, ["notice", "notice", "notice", "notice"]),
        ({"missing-migration.breaks": Level.WARNING}, ["warning", "error", "warning", "notice"]),
        (
            {"missing-migration": Level.NOTICE, "missing-migration.differs": Level.ERROR},
            ["notice", "error", "notice", "notice"],
        ),
        ({"missing-migration": Level.OFF, "missing-migration.outside": Level.WARNING}, ["warning", "notice"]),
        ({"schema-differs": Level.ERROR}, ["error", "error", "warning", "error"]),
    ],
)
def test_a_part_goes_before_its_rule(levels: dict[str, Level], expected: list[str]) -> None:
    findings = [found(part=part, severity=WARNING if part == "outside" else ERROR) for part in PARTS]
    assert [level for _, level in severities(levels, *findings, found("schema-differs", severity=NOTICE))] == expected


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.check == "drift"], ids=lambda rule: rule.id)
@pytest.mark.parametrize("level", list(Level))
def test_it_holds_for_every_rule_but_what_is_old_stays_a_notice(rule: Rule, level: Level) -> None:
    new, old = found(rule.id, severity=WARNING), found(rule.id, severity=NOTICE, old=True)
    expected = [] if level is Level.OFF else [(rule.id, level.value), (rule.id, "notice")]
    assert severities({rule.id: level}, new, old) == expected


def test_a_notice_by_default_becomes_an_error_and_an_old_sin_does_not() -> None:
    by_default, old = found("old-drift", severity=NOTICE), found("unseen-models", severity=NOTICE, old=True)
    levels = {"old-drift": Level.ERROR, "unseen-models": Level.ERROR}
    assert severities(levels, by_default, old) == [("old-drift", "error"), ("unseen-models", "notice")]


def test_what_a_check_lowers_for_the_base_is_old() -> None:
    """Without that, a severity set for a rule would make an error of what the pull request did not do."""
    both = tree("a; b<-a; c<-a", base="a; b<-a; c<-a")
    outcome = heads.CHECK.run(both, Policy())
    assert [(f.rule, f.severity, f.old) for f in outcome.findings] == [("multiple-heads", NOTICE, True)]
    ((_, result),) = judge(
        Recording(trees=(both,)), Policy(severities={"multiple-heads": Level.ERROR}), [heads.CHECK]
    ).results()
    assert (result.status, [f.severity for f in result.findings]) == (Status.PASSED, [NOTICE])


@pytest.mark.parametrize(
    ("levels", "fail_on", "expected"),
    [
        ({}, FailOn.ERROR, Verdict.FAILED),
        ({"missing-migration": Level.WARNING}, FailOn.ERROR, Verdict.PASSED),
        ({"missing-migration": Level.WARNING}, FailOn.WARNING, Verdict.FAILED),
        ({"missing-migration": Level.OFF}, FailOn.WARNING, Verdict.PASSED),
    ],
)
def test_the_threshold_compares_the_severity_that_is_set(
    levels: dict[str, Level], fail_on: FailOn, expected: Verdict
) -> None:
    assert report(Outcome(findings=(found(),)), levels, fail_on).verdict is expected


def test_what_is_turned_off_is_counted_and_its_fix_goes() -> None:
    findings = (found(part="breaks"), found(part="differs"), found("old-drift", severity=NOTICE))
    outcome = Outcome(findings=findings, fixes=(MIGRATION, OLD))
    ((_, result),) = report(outcome, {"missing-migration": Level.OFF}).results()
    assert (result.status, result.findings, result.fixes, result.turned_off) == (
        Status.PASSED,
        findings[2:],
        (OLD,),
        {"missing-migration": 2},
    )
    ((_, result),) = report(outcome, {"missing-migration.breaks": Level.OFF}).results()
    assert (result.status, result.findings, result.fixes, result.turned_off) == (
        Status.FAILED,
        findings[1:],
        (MIGRATION, OLD),
        {"missing-migration.breaks": 1},
    )


def test_a_check_that_could_not_judge_all_does_not_pass_because_its_findings_are_off() -> None:
    outcome = Outcome(findings=(found(),), unjudged=Status.SKIPPED, reason="A part is not known.")
    judged = report(outcome, {"missing-migration": Level.OFF})
    ((_, result),) = judged.results()
    assert (result.status, result.reason, judged.verdict) == (
        Status.SKIPPED,
        "A part is not known.",
        Verdict.INCONCLUSIVE,
    )


def suppressing(reason: str) -> TreeRecording:
    recording = tree("a; b<-a; c<-a")
    revisions = tuple(
        replace(one, suppressions=(Suppression(rules=("multiple-heads",), reason=reason, line=1),))
        for one in recording.graph.revisions
    )
    return replace(recording, graph=replace(recording.graph, revisions=revisions))


def test_a_comment_counts_before_the_setting_and_is_not_unused_because_of_it() -> None:
    def rules(reason: str, levels: dict[str, Level]) -> tuple[list[tuple[str, str | None]], dict[str, int]]:
        recording = Recording(trees=(suppressing(reason),))
        ((_, result),) = judge(recording, Policy(severities=levels), [heads.CHECK]).results()
        return sorted({(f.rule, f.suppressed) for f in result.findings}), result.turned_off

    off = {"multiple-heads": Level.OFF}
    suppressed, none = rules("agreed", off)
    assert (("multiple-heads", "agreed") in suppressed, none) == (True, {})
    assert rules("", off)[0] == [("suppression-without-reason", None)]
    assert rules("", {**off, "suppression-without-reason": Level.OFF})[0] == []
    strict = Policy(severities={**off, "suppression-without-reason": Level.ERROR})
    assert judge(Recording(trees=(suppressing(""),)), strict, [heads.CHECK]).verdict is Verdict.FAILED


def test_a_part_that_the_table_lacks_is_a_fault_of_the_check() -> None:
    ((_, result),) = report(Outcome(findings=(found(part="made-up"),)), {}).results()
    assert (result.status, result.reason) == (
        Status.ERROR,
        "This check crashed, which is a bug in alembic-checks: LookupError: the rule missing-migration has no part "
        "made-up in checks/rules.py",
    )
