"""The terminal: only our own colours, and code that can be copied."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from rich.cells import cell_len

from action.reports import terminal
from checks.findings import Finding, Report, Result, Severity, Snippet, Status, Verdict
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.hostile import always, filled, hidden, texts

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@settings(max_examples=20)
@given(texts)
@always
def test_nothing_hidden_gets_through(text: str) -> None:
    report = filled(text)
    plain = terminal.render(report, color=False, width=80)
    colored = terminal.render(report, color=True, width=80)
    assert hidden(plain) == []
    assert hidden(COLOUR.sub("", colored)) == []
    assert COLOUR.search(colored)


def test_colour_changes_no_word() -> None:
    for report in scenarios.SCENARIOS.values():
        colored = COLOUR.sub("", terminal.render(report, color=True, width=100))
        assert [line.rstrip() for line in colored.split("\n")] == (
            terminal.render(report, color=False, width=100).split("\n")
        )


@pytest.mark.parametrize("width", [40, 80, 120])
def test_prose_keeps_to_the_width(width: int) -> None:
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("heads", handmade.found(Severity.ERROR))))
    lines = terminal.render(report, color=False, width=width).split("\n")
    assert max(map(cell_len, lines)) <= width


def test_a_fix_is_neither_wrapped_nor_indented() -> None:
    text = f"x = '{'y' * 200}'\nz = 1"
    fix = Snippet(title="A file", text=text, language="python", path="a.py")
    finding = handmade.found(Severity.ERROR, fixes=(fix,))
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("heads", finding)))
    assert f"\n{text}\n" in terminal.render(report, color=False, width=60)


def test_long_evidence_is_cut_with_a_note() -> None:
    snippet = Snippet(title="Log", text="\n".join(f"line {number}" for number in range(100)))
    finding = handmade.found(Severity.ERROR, evidence=(snippet,))
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("heads", finding)))
    text = terminal.render(report, color=False, width=80)
    assert "    line 24\n    [75 more lines left out; the JSON report has it]\n" in text
    assert "line 25" not in text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "expected"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colour_is_for_terminals(stream: io.StringIO, environ: dict[str, str], expected: bool) -> None:
    assert terminal.wants_color(stream, environ) is expected


def many(count: int, severity: Severity = Severity.ERROR) -> tuple[Finding, ...]:
    """Return findings of one rule whose reasons differ, as those of the drift do."""
    return tuple(
        replace(handmade.found(severity), message=f"Object {number} is missing.", why=f"Why {number % 3}.")
        for number in range(count)
    )


def test_ten_findings_of_a_rule_are_shown_and_the_others_counted_with_the_file_that_has_them() -> None:
    whole = handmade.tree(handmade.failed("heads", *many(300), *many(30, Severity.NOTICE)))
    report = handmade.report(Verdict.FAILED, whole)
    text = terminal.render(report, color=False, width=100, file="out/report.json")
    assert text.count("is missing.") == 20
    assert "\n290 more: multiple heads: out/report.json has all of them.\n" in text
    assert "\n20 more: multiple heads: out/report.json has all of them.\n" in text
    assert text.count("\n") < 60
    unwritten = terminal.render(report, color=False, width=120)
    assert "290 more: multiple heads: add --json FILE or --report-dir DIR to write the whole report.\n" in unwritten


def test_a_fix_for_a_whole_schema_is_named_and_not_shown() -> None:
    fix = Snippet(title="Missing migration", text="\n".join(["op.f()"] * 1699), language="python", path="a.py")
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("drift", *many(1), fixes=(fix,))))
    text = terminal.render(report, color=False, width=100, file="r.json")
    assert "  Missing migration: 1699 lines (r.json has all of them).\n" in text
    assert "op.f()" not in text


def test_each_sentence_of_a_notice_stands_alone() -> None:
    report = handmade.report(Verdict.PASSED, handmade.tree(handmade.passed("heads", handmade.found(Severity.NOTICE))))
    assert "\n1 notice\n  multiple-heads: Something was seen.\n    It matters.\n    Fix: Fix it.\n" in terminal.render(
        report, color=False, width=80
    )


def test_what_two_trees_have_in_common_is_shown_once_with_both() -> None:
    reason = "The settings need a variable.\nIt is not set.\nSet it."
    fix = Snippet(title="A file", text="x = 1\n" * 9, path="m.py")
    both = (
        handmade.failed("heads", handmade.found(Severity.ERROR), handmade.found(Severity.NOTICE), fixes=(fix,)),
        Result(id="upgrade", status=Status.ERROR, reason=reason),
    )
    own = replace(handmade.found(Severity.ERROR), message="Only here.")
    trees = (handmade.tree(*both, path="a.ini"), handmade.tree(*both, handmade.failed("drift", own), path="b.ini"))
    text = terminal.render(handmade.report(Verdict.FAILED, *trees), color=False, width=100)
    assert "error  multiple-heads  a.ini, b.ini\n  Something was seen.\n" in text
    assert "error  multiple-heads  b.ini\n  Only here.\n" in text
    assert "upgrade in a.ini, b.ini: The settings need a variable.\n  It is not set.\n  Set it.\n" in text
    assert "1 notice\n  multiple-heads: Something was seen.\n    In a.ini, b.ini\n" in text
    assert (text.count("It is not set."), text.count("A file:"), text.count("Only here.")) == (1, 1, 1)


@pytest.mark.parametrize(("name", "report"), scenarios.SCENARIOS.items(), ids=scenarios.SCENARIOS)
def test_80_columns_hold_but_for_what_cannot_be_broken(name: str, report: Report) -> None:
    is_code, wide = False, []
    for line in terminal.render(report, color=False, width=80).splitlines():
        if line.startswith("────"):
            is_code = not is_code
        elif not is_code and not line.startswith("    "):
            wide += [line] if len(line) > 80 and " " in line.strip() else []
    assert wide == []


@pytest.mark.parametrize(
    ("environ", "is_terminal", "colored"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"GITHUB_ACTIONS": "true"}, False, True),
        ({"GITHUB_ACTIONS": "true", "NO_COLOR": "1"}, False, False),
    ],
)
def test_where_colors_are_shown(environ: dict[str, str], is_terminal: bool, colored: bool) -> None:
    stream = io.StringIO()
    stream.isatty = lambda: is_terminal  # type: ignore[method-assign]
    assert terminal.wants_color(stream, environ) is colored
