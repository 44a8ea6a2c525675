"""From a recording to a report: what is passed on, checks that crash, and the verdict."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from checks.check import Check, Outcome
from checks.findings import Finding, Report, Result, Severity, Status, TreeReport, Verdict
from checks.judge import judge, verdict
from checks.policy import FailOn, Policy
from checks.recording.absent import Absent
from checks.recording.legs import Leg, LegName, Step
from checks.recording.revisions import Changes, Graph, Revision, Suppression
from checks.recording.server import ServerUsed
from checks.recording.tree import Environment, Phase, Recording, TreeRecording

RULE = "migration-fails"
A = Revision(id="a", path="versions/a.py", line=3, down_revision_line=4)
B = Revision(id="b", path="versions/b.py", line=3, down_revision_line=4, down_revisions=("a",))
SILENT = replace(B, suppressions=(Suppression(rules=(RULE,), reason="agreed on", line=1),))
TREE = TreeRecording(path="alembic.ini", graph=Graph(revisions=(A, B)))
CHANGES = Changes(
    base="main",
    base_sha="b" * 40,
    merge_base_sha="0123456789abcdef" * 2,
    base_note="main could not be fetched.",
    base_graph=Graph(revisions=(A,)),
    fork_graph=Graph(revisions=(A,)),
    merged_graph=Graph(revisions=(A, B)),
    new=("b",),
)


def finding(severity: Severity, revision: str | None = None) -> Finding:
    return Finding(rule=RULE, severity=severity, message="What.", why="Why.", remedy="How.", revision=revision)


def check(outcome: Outcome | Exception, id_: str = "some", phase: Phase | None = None) -> Check:
    """Return a check that always returns the outcome, or crashes with the exception."""

    def run(recording: TreeRecording, policy: Policy) -> Outcome:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return Check(id=id_, title="Some check", rules=(RULE,), run=run, phase=phase)


def judged(*checks: Check, tree: TreeRecording = TREE, policy: Policy | None = None) -> Report:
    return judge(Recording(trees=(tree,)), policy or Policy(), checks)


def only(report: Report) -> Result:
    ((_, result),) = report.results()
    return result


def results(*outcomes: tuple[Status, bool]) -> tuple[TreeReport, ...]:
    """Return a tree for each result, by its status and whether it is required."""
    return tuple(TreeReport(path="alembic.ini", checks=_checks(outcome)) for outcome in outcomes)


def _checks(*outcomes: tuple[Status, bool]) -> tuple[Result, ...]:
    return tuple(Result(id="some", status=status, required=required) for status, required in outcomes)


def test_a_check_that_crashes_is_an_error_and_the_others_still_run() -> None:
    broken = check(KeyError("x"), "broken", Phase.APPLY)
    whole = check(Outcome(findings=(finding(Severity.NOTICE),)), "whole")
    assert judged(broken, whole) == Report(
        verdict=Verdict.INCONCLUSIVE,
        trees=(
            TreeReport(
                path="alembic.ini",
                checks=(
                    Result(
                        id="broken",
                        status=Status.ERROR,
                        reason="This check crashed, which is a bug in alembic-checks: KeyError: 'x'",
                    ),
                    Result(id="whole", status=Status.PASSED, findings=(finding(Severity.NOTICE),)),
                ),
                revisions=2,
            ),
        ),
    )


def test_a_check_that_crashes_reports_no_unused_suppression() -> None:
    tree = replace(TREE, graph=Graph(revisions=(SILENT,)))
    assert only(judged(check(ValueError("x")), tree=tree)).findings == ()
    assert [found.rule for found in only(judged(check(Outcome()), tree=tree)).findings] == ["unused-suppression"]


FAILED, SKIPPED, BROKE, PASSED = (
    (status, True) for status in (Status.FAILED, Status.SKIPPED, Status.ERROR, Status.PASSED)
)
WORST_FIRST = (
    (FAILED, Verdict.FAILED),
    (BROKE, Verdict.INCONCLUSIVE),
    (SKIPPED, Verdict.INCONCLUSIVE),
    (PASSED, Verdict.PASSED),
)


@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(WORST_FIRST, 2)))
def test_the_worst_result_of_all_trees_is_the_verdict(
    one: tuple[tuple[Status, bool], Verdict], other: tuple[tuple[Status, bool], Verdict]
) -> None:
    assert verdict(results(one[0], other[0])) is one[1]
    assert verdict(results(other[0], one[0])) is one[1]


def test_no_results_are_no_pass() -> None:
    assert verdict(()) is Verdict.INCONCLUSIVE
    assert verdict((TreeReport(path="alembic.ini", checks=()),)) is Verdict.INCONCLUSIVE
    assert verdict((*results(PASSED), TreeReport(path="b/alembic.ini", checks=()))) is Verdict.INCONCLUSIVE


def test_a_recording_without_trees_is_no_pass() -> None:
    assert judge(Recording(trees=()), Policy(), (check(Outcome()),)).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (((Status.SKIPPED, False), PASSED), Verdict.PASSED),
        (((Status.ERROR, False), PASSED), Verdict.PASSED),
        (((Status.FAILED, False), PASSED), Verdict.FAILED),
        (((Status.SKIPPED, False),), Verdict.INCONCLUSIVE),
        (((Status.SKIPPED, False), SKIPPED), Verdict.INCONCLUSIVE),
    ],
)
def test_what_nothing_asked_for_leaves_the_verdict_alone_unless_it_fails(
    outcomes: tuple[tuple[Status, bool], ...], expected: Verdict
) -> None:
    assert verdict((TreeReport(path="alembic.ini", checks=_checks(*outcomes)),)) is expected


def test_a_skip_that_nothing_asked_for_keeps_its_reason() -> None:
    skipped = Outcome(unjudged=Status.SKIPPED, reason="No base.", required=False)
    report = judged(check(skipped), check(Outcome(), "other"))
    assert ([result for _, result in report.results()], report.verdict) == (
        [
            Result(id="some", status=Status.SKIPPED, reason="No base.", required=False),
            Result(id="other", status=Status.PASSED),
        ],
        Verdict.PASSED,
    )


@pytest.mark.parametrize(
    ("fail_on", "severity", "expected"),
    [
        (FailOn.ERROR, Severity.ERROR, Status.FAILED),
        (FailOn.ERROR, Severity.WARNING, Status.PASSED),
        (FailOn.ERROR, Severity.NOTICE, Status.PASSED),
        (FailOn.WARNING, Severity.ERROR, Status.FAILED),
        (FailOn.WARNING, Severity.WARNING, Status.FAILED),
        (FailOn.WARNING, Severity.NOTICE, Status.PASSED),
        # ``never`` is about the exit code: the report still says what failed.
        (FailOn.NEVER, Severity.ERROR, Status.FAILED),
        (FailOn.NEVER, Severity.WARNING, Status.PASSED),
        (FailOn.NEVER, Severity.NOTICE, Status.PASSED),
    ],
)
def test_the_severity_from_which_a_check_fails(fail_on: FailOn, severity: Severity, expected: Status) -> None:
    report = judged(check(Outcome(findings=(finding(severity),))), policy=Policy(fail_on=fail_on))
    assert only(report) == Result(id="some", status=expected, findings=(finding(severity),))
    assert report.verdict is (Verdict.FAILED if expected is Status.FAILED else Verdict.PASSED)


def test_a_finding_that_is_suppressed_does_not_fail() -> None:
    tree = replace(TREE, graph=Graph(revisions=(A, SILENT)))
    quiet, loud = finding(Severity.ERROR, "b"), finding(Severity.ERROR, "a")
    silenced = replace(quiet, suppressed="agreed on")
    assert only(judged(check(Outcome(findings=(quiet,))), tree=tree)) == Result(
        id="some", status=Status.PASSED, findings=(silenced,)
    )
    assert only(judged(check(Outcome(findings=(quiet, loud))), tree=tree)) == Result(
        id="some", status=Status.FAILED, findings=(silenced, loud)
    )


def test_a_finding_fails_a_check_that_could_not_judge_all() -> None:
    outcome = Outcome(findings=(finding(Severity.ERROR),), unjudged=Status.SKIPPED, reason="A part is not known.")
    assert only(judged(check(outcome))) == Result(
        id="some", status=Status.FAILED, reason="A part is not known.", findings=outcome.findings
    )


def test_a_check_has_the_seconds_of_its_phase_where_that_was_timed() -> None:
    phases = (("none", None), ("apply", Phase.APPLY), ("compare", Phase.COMPARE))
    checks = [check(Outcome(), id_, phase) for id_, phase in phases]
    report = judged(*checks, tree=replace(TREE, seconds={Phase.APPLY: 1.23456}))
    assert [(result.id, result.seconds) for _, result in report.results()] == [
        ("none", None),
        ("apply", 1.235),
        ("compare", None),
    ]


def test_a_tree_without_a_base_and_an_environment() -> None:
    assert judged().trees == (TreeReport(path="alembic.ini", checks=(), revisions=2),)
    absent = replace(TREE, changes=Absent(reason="The clone is shallow."))
    assert judged(tree=absent).trees == judged().trees


def test_a_tree_with_all_that_is_known_of_it() -> None:
    environment = Environment(
        python="/venv/bin/python",
        python_version="3.13.5",
        alembic="1.18.0",
        sqlalchemy="2.0.44",
        driver="psycopg 3.2.9",
        heads=("b",),
    )
    to_base = Leg(name=LegName.EMPTY_TO_BASE, target=("a",), steps=(Step(revision="a", seconds=4.211111),))
    unfinished = Step(revision="b", seconds=None)
    to_heads = Leg(name=LegName.BASE_TO_HEADS, target=("b",), steps=(unfinished,))
    tree = replace(TREE, changes=CHANGES, environment=environment, legs=(to_base, to_heads))
    assert judged(tree=tree).trees == (
        TreeReport(
            path="alembic.ini",
            checks=(),
            base="main (0123456789)",
            base_note="main could not be fetched.",
            revisions=2,
            new_revisions=("b",),
            environment={
                "python": "3.13.5",
                "alembic": "1.18.0",
                "sqlalchemy": "2.0.44",
                "driver": "psycopg 3.2.9",
                "interpreter": "/venv/bin/python",
            },
            revision_seconds={"a": 4.2111},
        ),
    )


def test_server_times_and_trees_are_passed_on_in_order() -> None:
    server = ServerUsed(version="17.2", kind="external", detail="PostgreSQL 17.2 at db:5432, as ci")
    trees = tuple(replace(TREE, path=path) for path in ("a/alembic.ini", "b/alembic.ini:x"))
    report = judge(Recording(trees=trees, server=server, seconds={"total": 3.25}), Policy(), iter((check(Outcome()),)))
    passed = Result(id="some", status=Status.PASSED)
    assert report == Report(
        verdict=Verdict.PASSED,
        trees=tuple(TreeReport(path=tree.path, checks=(passed,), revisions=2) for tree in trees),
        server=server,
        seconds={"total": 3.25},
    )


def test_a_check_that_is_left_out_is_skipped_with_that_reason_and_never_passed() -> None:
    red = check(Outcome(findings=(finding(Severity.ERROR),)), "drift")
    report = judged(check(Outcome(), "heads"), red, policy=Policy(left_out=("drift",)))
    reason = "Not run: left out by the setting `checks`."
    assert [result for _, result in report.results()][1] == Result(
        id="drift", status=Status.SKIPPED, reason=reason, required=False
    )
    assert report.verdict is Verdict.PASSED


def test_where_all_that_ran_was_left_out_nothing_passes() -> None:
    assert judged(check(Outcome(), "heads"), policy=Policy(left_out=("heads",))).verdict is Verdict.INCONCLUSIVE
