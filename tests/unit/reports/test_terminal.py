"""The terminal: only our own colours, and code that can be copied."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from rich.cells import cell_len

from action.reports import terminal
from checks.findings import Severity, Snippet, Verdict
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.hostile import always, filled, hidden, texts

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@settings(deadline=None, max_examples=20)
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
