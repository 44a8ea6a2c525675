"""Texts without end: what is kept of them, and that it says what is left out."""

from __future__ import annotations

import pytest

from action.errors import SettingsError
from action.probe.protocol import caps
from checks import capped
from checks.comparison.change import Change, ChangeKind, Weight
from checks.findings import Finding, Result, Severity, Snippet, Status
from checks.recording.schema import ObjectKey


@pytest.mark.parametrize("length", [0, 20_000, 20_001, 15_000_000])
def test_both_ends_cut_alike(length: int) -> None:
    """The probe cannot import what the checks use."""
    text = "x" * length
    cut = capped.capped(text)
    assert cut == caps.capped(text) == capped.capped(cut)
    assert min(length, capped.TEXT) - 9 <= len(cut) <= capped.TEXT
    assert (caps.TEXT, caps.FILE) == (capped.TEXT, capped.FILE)


def test_what_is_left_out_is_said() -> None:
    cut = capped.capped("x" * 15_000_000)
    assert cut == "x" * 19_970 + "… (14,980,030 more characters)"


def test_a_value_is_cut_wherever_a_text_stands_in_it() -> None:
    def cut(letter: str) -> str:
        return letter * 18 + "… (81 more characters)"

    found = caps.within({"a" * 99: ["b" * 99, 1, None, True, ("c" * 99,)], "d": ValueError("e" * 99)}, 40)
    assert found == {cut("a"): [cut("b"), 1, None, True, [cut("c")]], "d": cut("e")}


def test_a_result_is_cut_but_for_files() -> None:
    long = "x" * 100_000
    snippet = Snippet(title="t", text=long)
    finding = Finding(
        rule="r", severity=Severity.ERROR, message=long, why=long, remedy=long, object=long, evidence=(snippet,),
        fixes=(snippet,),
    )  # fmt: skip
    result = Result(id="c", status=Status.FAILED, reason=long, findings=(finding,), fixes=(snippet,))
    cut = capped.capped_result(result)
    (found,) = cut.findings
    said = (cut.reason, found.message, found.why, found.remedy, found.object, found.evidence[0].text)
    assert {len(text or "") for text in said} == {capped.TEXT - 1}
    assert {len(fix.text) for fix in (*found.fixes, *cut.fixes)} == {100_000}
    assert capped.capped_result(cut) == cut


def test_an_error_is_cut() -> None:
    error = SettingsError("a" * 99_999, why="b" * 99_999, remedy="c" * 99_999, details="d" * 999_999)
    assert len(str(error)) <= 3 * caps.TEXT + 2
    assert len(error.details) == 100_000


def test_no_line_without_end_is_proposed() -> None:
    def repair(line: str) -> tuple[str, ...]:
        key = ObjectKey(kind="table", schema="public", table="", name="t")
        return Change(
            kind=ChangeKind.COMMENT, key=key, before=None, after=None, weight=Weight.COSMETIC, repair=(line,)
        ).repair

    assert (repair("x" * 100_000), repair("x" * 100_001)) == (("x" * 100_000,), ())
