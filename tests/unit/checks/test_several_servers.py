"""One report of a run on several servers."""

from __future__ import annotations

from dataclasses import replace

from checks.findings import Finding, NewSql, Result, Severity, Snippet, Status, TreeReport
from checks.several_servers import in_one

NAMES = ("PostgreSQL 17", "PostgreSQL 15", "PostgreSQL 14")
SAME = Finding(rule="r", severity=Severity.ERROR, message="It differs.", why="w", remedy="x", object="t.a")
ALONE = replace(SAME, message="It fails.", object="t.b")
UNUSED = replace(SAME, rule="unused-suppression", severity=Severity.NOTICE, message="It suppresses nothing.")
FIX, OTHER_FIX = (Snippet(title="fix", text=text) for text in ("one", "other"))


def reports(*results: Result | None) -> tuple[TreeReport, ...]:
    each = [(TreeReport(path="alembic.ini", checks=(result,)),) if result else () for result in results]
    return in_one(NAMES[: len(results)], each)


def result(status: Status, *findings: Finding, reason: str | None = None, fixes: tuple[Snippet, ...] = ()) -> Result:
    return Result(id="drift", status=status, findings=findings, reason=reason, fixes=fixes, seconds=1.5)


def test_what_is_equal_is_there_once_and_the_rest_names_its_servers() -> None:
    (only,) = reports(
        result(Status.FAILED, SAME, UNUSED),
        result(Status.FAILED, SAME, ALONE, UNUSED, fixes=(FIX,)),
        result(Status.FAILED, ALONE, SAME, fixes=(OTHER_FIX,)),
    )
    message = "On PostgreSQL 15 and PostgreSQL 14: It fails."
    assert only.checks == (
        Result(
            id="drift",
            status=Status.FAILED,
            findings=(SAME, replace(ALONE, message=message)),
            fixes=(FIX,),
            seconds=4.5,
        ),
    )


def test_a_check_that_did_not_run_on_one_server_says_so_and_its_findings_elsewhere_are_plain() -> None:
    (only,) = reports(result(Status.FAILED, SAME), result(Status.SKIPPED, reason="Nothing ran."), None)
    (check,) = only.checks
    assert (check.status, check.findings) == (Status.FAILED, (SAME,))
    assert check.reason == "On PostgreSQL 15: Nothing ran.\nOn PostgreSQL 14: The check did not run."


def test_a_reason_of_all_is_there_once() -> None:
    (only,) = reports(*[result(Status.SKIPPED, reason="Nothing ran.")] * 3)
    assert (only.checks[0].status, only.checks[0].reason) == (Status.SKIPPED, "Nothing ran.")


def test_what_is_turned_off_is_counted_once() -> None:
    off = [replace(result(Status.PASSED), turned_off=counts) for counts in ({"a": 2}, {"a": 3, "b": 1}, {})]
    assert reports(*off)[0].checks[0].turned_off == {"a": 3, "b": 1}


def test_a_pass_on_one_server_is_no_pass_of_all() -> None:
    assert reports(result(Status.PASSED), None)[0].checks[0].status is Status.SKIPPED
    assert reports(result(Status.PASSED), result(Status.PASSED))[0].checks[0].status is Status.PASSED


def test_the_sql_is_that_of_the_first_server_and_names_those_that_received_other_sql() -> None:
    each = [
        (TreeReport(path="alembic.ini", checks=(), new_sql=NewSql(text=text, revisions=("b",), statements=1)),)
        for text in ("A", "A", "B")
    ]
    (same,), (other,) = in_one(NAMES[:2], each[:2]), in_one(NAMES, each)
    assert same.new_sql == NewSql(text="A", revisions=("b",), statements=1)
    assert other.new_sql == replace(same.new_sql, note="On PostgreSQL 14, other statements or values were sent.")
