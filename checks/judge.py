"""Make the report of a recording: run every check on every Alembic environment, and find the verdict."""

from __future__ import annotations

from collections.abc import Iterable

from checks.base_files import with_commits
from checks.capped import capped_result
from checks.check import Check, Outcome
from checks.findings import Report, Result, Status, TreeReport, Verdict
from checks.knock_ons import resolved
from checks.made_base import base_created
from checks.new_sql import new_sql
from checks.not_run import left_alone
from checks.policy import FailOn, Policy
from checks.recording.absent import Absent
from checks.recording.tree import Environment, Recording, TreeRecording
from checks.rules import rule_of_id
from checks.several_servers import in_one
from checks.severities import weighed
from checks.skipped import is_skipped
from checks.suppression import apply
from checks.suppression_notices import unknown_rules


def judge(recording: Recording, policy: Policy, checks: Iterable[Check]) -> Report:
    """Run the checks on a recording; a check that crashes gets the status ERROR, and the others still run."""
    checks = tuple(checks)

    def judged(trees: Iterable[TreeRecording]) -> tuple[TreeReport, ...]:
        return tuple(_tree(tree, policy, checks) for tree in trees)

    trees = judged(recording.trees)
    if recording.servers or recording.further:
        each = [trees, *(judged(further.trees) for further in recording.further)]
        trees = in_one(recording.servers, each)
    return Report(
        verdict=verdict(trees),
        trees=trees,
        server=recording.server,
        further_servers=tuple(further.server for further in recording.further if further.server is not None),
        server_notes=recording.not_installed,
        seconds=dict(recording.seconds),
        unsearched=recording.unsearched,
    )


def verdict(trees: Iterable[TreeReport]) -> Verdict:
    """Return the verdict: failed if any check failed, else inconclusive if a required one could not run.

    Inconclusive too where nothing was judged: no Alembic environment, or one in which no check passed. Skipped only
    where a label skipped every check: in a merged report, a job that was not skipped has to answer for all.
    """
    checks = [tree.checks for tree in trees]
    results = [result for group in checks for result in group]
    if any(result.status is Status.FAILED for result in results):
        return Verdict.FAILED
    if results and all(map(is_skipped, results)):
        return Verdict.SKIPPED
    if any(result.required and result.status is not Status.PASSED for result in results):
        return Verdict.INCONCLUSIVE
    judged = [any(result.status is Status.PASSED for result in group) for group in checks]
    return Verdict.PASSED if judged and all(judged) else Verdict.INCONCLUSIVE


def _tree(recording: TreeRecording, policy: Policy, checks: tuple[Check, ...]) -> TreeReport:
    changes = None if isinstance(recording.changes, Absent) else recording.changes
    first = next((check.id for check in checks if check.id not in policy.left_out), None)
    return TreeReport(
        path=recording.path,
        checks=resolved([_result(check, recording, policy, is_first=check.id == first) for check in checks]),
        base=f"{changes.base} ({changes.merge_base_sha[:10]})" if changes else None,
        base_note=changes.base_note if changes else None,
        base_created=base_created(recording),
        folder_note=recording.environment.folder_note if recording.environment else None,
        untouched=left_alone(recording) is not None,
        dependencies_note=recording.dependencies_note,
        settings_note=recording.environment.settings_note if recording.environment else None,
        revisions=len(recording.graph.revisions),
        new_revisions=changes.new if changes else (),
        environment=_environment(recording.environment),
        revision_seconds={
            step.revision: round(step.seconds, 4)
            for leg in recording.legs
            for step in leg.steps
            if step.seconds is not None
        },
        new_sql=new_sql(recording),
    )


def _environment(environment: Environment | None) -> dict[str, str]:
    if environment is None:
        return {}
    return {
        "python": environment.python_version,
        "alembic": environment.alembic,
        "sqlalchemy": environment.sqlalchemy,
        "driver": environment.driver,
        "interpreter": environment.python,
    }


LEFT_OUT = "Not run: left out by the setting `checks`."


def _result(check: Check, recording: TreeRecording, policy: Policy, *, is_first: bool) -> Result:
    if check.id in policy.left_out:
        return Result(id=check.id, status=Status.SKIPPED, reason=LEFT_OUT, required=False)
    try:
        outcome = check.run(recording, policy)
        _refuse_undeclared(check, outcome)
    except Exception as error:  # one check's fault must not hide the findings of the others
        reason = f"This check crashed, which is a bug in alembic-checks: {type(error).__name__}: {error}"
        outcome = Outcome(unjudged=Status.ERROR, reason=reason)
    found = apply(check, outcome.findings, recording, outcome.unjudged is None)
    found += tuple(unknown_rules(recording)) if is_first else ()  # a comment with a wrong name is of no check
    ours = weighed(with_commits(found, recording), outcome.fixes, policy.severities)
    # ``never`` changes the exit code only: an error still fails its check in the report.
    threshold = FailOn.ERROR if policy.fail_on is FailOn.NEVER else policy.fail_on
    failing = any(f.suppressed is None and threshold.reached_by(f.severity) for f in ours.findings)
    return capped_result(
        Result(
            id=check.id,
            status=Status.FAILED if failing else outcome.unjudged or Status.PASSED,
            reason=outcome.reason,
            note=outcome.note,
            seconds=_seconds(check, recording),
            findings=ours.findings,
            fixes=ours.fixes,
            turned_off=ours.turned_off,
            required=outcome.required,
            follows=outcome.follows if outcome.reason is not None else None,
        )
    )


def _refuse_undeclared(check: Check, outcome: Outcome) -> None:
    """Raise LookupError for a finding whose rule or part is not one of its check: no page would explain it."""
    for finding in outcome.findings:
        rule = rule_of_id(finding.rule)
        if finding.rule not in check.rules:
            raise LookupError(f"the rule {finding.rule} is not in checks/rules.py")
        if finding.part and (rule is None or finding.part not in rule.parts):
            raise LookupError(f"the rule {finding.rule} has no part {finding.part} in checks/rules.py")


def _seconds(check: Check, recording: TreeRecording) -> float | None:
    if check.phase is None or check.phase not in recording.seconds:
        return None
    return round(recording.seconds[check.phase], 3)
