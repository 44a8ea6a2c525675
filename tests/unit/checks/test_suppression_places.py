"""A suppression counts where it stands: on a statement, a function or the file; elsewhere a notice says where to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.check import Check, Outcome
from checks.findings import Finding, Severity
from checks.judge import judge
from checks.policy import Policy
from checks.recording.revisions import Suppression, SuppressionScope
from checks.recording.tree import Recording, TreeRecording
from checks.rules import rules_of
from checks.suppression import apply
from tests.unit.checks.dsl import tree

LINE, FUNCTION, MODULE = SuppressionScope.LINE, SuppressionScope.FUNCTION, SuppressionScope.MODULE
RULE, FILE = "migration-fails", "migrations/versions/b.py"


def check(*findings: Finding, id_: str = "upgrade") -> Check:
    return Check(id=id_, title="", rules=rules_of(id_), run=lambda recording, policy: Outcome(findings=findings))


def at(line: int | None, *called_from: int, path: str | None = FILE, revision: str | None = "b") -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.ERROR,
        message="What.",
        why="Why.",
        remedy="",
        path=path,
        line=line,
        revision=revision,
        called_from=called_from,
    )


def comment(scope: SuppressionScope, first: int, last: int, reason: str = "agreed", rule: str = RULE) -> Suppression:
    return Suppression(rules=(rule,), reason=reason, line=first, scope=scope, first=first, last=last)


def commented(*suppressions: Suppression) -> TreeRecording:
    recording = tree("a; b<-a", base="a")
    a, b = recording.graph.revisions
    graph = replace(recording.graph, revisions=(a, replace(b, suppressions=suppressions)))
    return replace(recording, graph=graph)


ELSEWHERE = "migrations/helpers.py"


@pytest.mark.parametrize(
    ("finding", "found_by"),
    [
        (at(20), {LINE, FUNCTION, MODULE}),
        (at(22), {LINE, FUNCTION, MODULE}),
        (at(23), {FUNCTION, MODULE}),
        (at(40), {MODULE}),
        (at(None), {MODULE}),
        (at(None, path=None), {MODULE}),
        (at(20, path=ELSEWHERE), {MODULE}),
        (at(20, 21, path=ELSEWHERE), {LINE, FUNCTION, MODULE}),
        (at(50, 22, 40), {LINE, FUNCTION, MODULE}),
        (at(20, path=None, revision="a"), set()),
        (at(20, revision=None), set()),
    ],
)
def test_a_finding_is_suppressed_at_its_lines_or_those_that_led_to_it(
    finding: Finding, found_by: set[SuppressionScope]
) -> None:
    for scope, first, last in ((LINE, 20, 22), (FUNCTION, 12, 30), (MODULE, 1, 60)):
        marked, *_ = apply(check(finding), (finding,), commented(comment(scope, first, last)), True)
        assert (scope, marked.suppressed) == (scope, "agreed" if scope in found_by else None)


@pytest.mark.parametrize(
    ("object_", "line", "suppressed"),
    [
        ("public.t.b", 18, True),
        ("b", 18, True),
        ("public.t.c", 18, False),
        (None, 18, False),
        ("public.t.b", 17, False),
    ],
)
def test_a_comment_in_a_batch_is_about_what_its_statement_names(
    object_: str | None, line: int, suppressed: bool
) -> None:
    """The operations of a batch run when its block ends, so all findings about them are at its first line."""
    finding = replace(at(line), object=object_)
    inside = replace(comment(LINE, 20, 20), batch=18, words=("b",))
    marked, *_ = apply(check(finding), (finding,), commented(inside), True)
    assert (marked.suppressed is not None) == suppressed


def test_the_nearest_gives_the_reason_and_none_of_them_is_unused() -> None:
    comments = (comment(MODULE, 1, 60, "all"), comment(LINE, 20, 22, "here"), comment(FUNCTION, 12, 30, "in it"))
    findings = apply(check(at(20)), (at(20),), commented(*comments), True)
    assert [(finding.rule, finding.suppressed) for finding in findings] == [(RULE, "here")]


@pytest.mark.parametrize(
    ("finding", "suppression", "message", "why", "remedy"),
    [
        (
            at(25),
            comment(LINE, 20, 22),
            f"The suppression of {RULE} suppresses nothing: the finding is at line 25.",
            "The comment is about the statement in lines 20 to 22 only.",
            f"Move the comment to line 25, or to the top of the file, where it suppresses {RULE} in all of it.",
        ),
        (
            at(25),
            comment(LINE, 20, 20),
            f"The suppression of {RULE} suppresses nothing: the finding is at line 25.",
            "The comment is about line 20 only.",
            f"Move the comment to line 25, or to the top of the file, where it suppresses {RULE} in all of it.",
        ),
        (
            at(None),
            comment(FUNCTION, 12, 30),
            f"The suppression of {RULE} suppresses nothing: the finding is at no line of this file.",
            "The comment is about the function in lines 12 to 30 only.",
            f"Move the comment to the top of the file, where it suppresses {RULE} for the whole revision.",
        ),
        (
            at(25, revision="a"),
            comment(LINE, 20, 22),
            f"The suppression of {RULE} suppresses nothing.",
            "If the comment stays, it hides the next finding of this rule.",
            "Delete the comment.",
        ),
    ],
)
def test_one_that_stands_elsewhere_says_where_the_finding_is(
    finding: Finding, suppression: Suppression, message: str, why: str, remedy: str
) -> None:
    left, notice = apply(check(finding), (finding,), commented(suppression), True)
    assert (left, notice) == (
        finding,
        Finding(
            rule="unused-suppression",
            severity=Severity.NOTICE,
            message=message,
            why=why,
            remedy=remedy,
            path=FILE,
            line=suppression.line,
            revision="b",
            object=RULE,
        ),
    )


def test_of_two_comments_for_a_rule_only_the_one_without_a_finding_is_unused() -> None:
    both = commented(comment(LINE, 20, 22), comment(LINE, 25, 25))
    marked, notice = apply(check(at(20)), (at(20),), both, True)
    assert (marked.suppressed, notice.rule, notice.line) == ("agreed", "unused-suppression", 25)


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        (
            "migration-fail",
            "A comment suppresses migration-fail, but there is no such rule.",
            "Did you mean migration-fails? Correct the name, or delete the comment. `alembic-checks rules` lists all "
            "rules.",
        ),
        (
            "E501",
            "A comment suppresses E501, but there is no such rule.",
            "Correct the name, or delete the comment. `alembic-checks rules` lists all rules.",
        ),
        (
            "drift",
            "A comment suppresses drift, which is a check and no rule.",
            "Name the rule of the finding, such as missing-migration. `alembic-checks rules` lists them.",
        ),
        (
            None,
            "A comment of alembic-checks names no rule.",
            "Name the rule: # alembic-checks: ignore[RULE] the reason. Or delete the comment.",
        ),
    ],
)
def test_a_name_that_is_no_rule_is_said_once_by_the_first_check_that_runs(
    name: str | None, message: str, remedy: str
) -> None:
    suppression = replace(comment(LINE, 20, 22), rules=(name,) if name else ())
    checks = [check(id_=id_) for id_ in ("heads", "history", "upgrade")]
    report = judge(Recording(trees=(commented(suppression),)), Policy(left_out=("heads",)), checks)
    assert [(result.id, result.findings) for _, result in report.results() if result.findings] == [
        (
            "history",
            (
                Finding(
                    rule="unknown-rule",
                    severity=Severity.NOTICE,
                    message=message,
                    why="The comment suppresses nothing.",
                    remedy=remedy,
                    path=FILE,
                    line=20,
                    revision="b",
                    object=name,
                ),
            ),
        )
    ]


def test_a_wrong_name_in_a_file_of_the_base_is_not_this_change_s() -> None:
    recording = commented(comment(LINE, 20, 22, rule="nothing"))
    old = replace(recording, changes=tree("a; b<-a", base="a; b<-a").changes)
    report = judge(Recording(trees=(old,)), Policy(), [check(id_="heads")])
    assert [finding for _, result in report.results() for finding in result.findings] == []
