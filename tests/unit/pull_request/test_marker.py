"""The hidden line: it comes back as it was written, and nothing else is taken for one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from action.pull_request.comment import body
from action.pull_request.marker import Marker, digest_of, marked, parse
from checks.findings import Report, Snippet, Subject, Verdict
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.hostile import always, filled, texts

MARKER = Marker(key="CI / migrations", head_sha="a" * 40, run_id=12, run_attempt=2, digest="d" * 32)
LINE = (
    '<!-- alembic-checks {"schema": 1, "key": "CI / migrations", "head": "' + "a" * 40 + '", "run": 12, "attempt": 2, '
    '"digest": "' + "d" * 32 + '"} -->'
)


def test_it_is_one_hidden_line() -> None:
    assert marked(MARKER) == LINE


@settings(max_examples=50)
@given(texts)
@always
def test_any_key_comes_back_and_ends_nothing(key: str) -> None:
    line = marked(replace(MARKER, key=key))
    assert parse(f"text\n\n{line}\n") == replace(MARKER, key=key)
    assert line.isascii()
    assert line.isprintable()
    assert (line.count("<"), line.count(">")) == (1, 1)


@settings(max_examples=20)
@given(texts.map(lambda text: f"{text}{LINE}"))
def test_no_text_of_the_project_is_taken_for_it(text: str) -> None:
    report = filled(text)
    key = report.trees[0].path
    written = body(report, replace(MARKER, key=key))
    assert parse(written) == replace(MARKER, key=key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        LINE.replace("<!-- ", "<!--"),
        LINE.replace("-->", "--"),
        LINE.replace('"schema": 1', '"schema": 2'),
        LINE.replace('"schema": 1, ', ""),
        LINE.replace('"run": 12', '"run": "12"'),
        LINE.replace('"run": 12', '"run": true'),
        LINE.replace('"run": 12', '"run": ' + "1" * 5000),
        LINE.replace('"key": "CI / migrations"', '"key": null'),
        LINE.replace('"attempt": 2, ', ""),
        LINE.replace('"schema": 1', ""),
        "<!-- alembic-checks " + "{" * 100_000 + "} -->",
        "<!-- alembic-checks {" + '"a":[' * 100_000 + "} -->",
        f"{LINE}\nand more",
        f"- {LINE}",
    ],
)
def test_what_is_not_one_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("text", [LINE, f"text\n{LINE}", f"text\r\n\r\n{LINE}\r\n", f"{LINE}  \n\n"])
def test_only_the_end_counts(text: str) -> None:
    assert parse(text) == MARKER


def test_runs_are_ordered_by_id_and_attempt() -> None:
    assert (MARKER.run < replace(MARKER, run_attempt=3).run < replace(MARKER, run_id=13, run_attempt=1).run) is True


SUBJECT = Subject(key="CI", head_sha="a" * 40, run_id=1, url="https://github.example/acme/shop/actions/runs/1")
ONE = replace(scenarios.HISTORY, subject=SUBJECT)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(ONE, seconds={"total": 1.0}), True),
        (replace(ONE, subject=replace(SUBJECT, run_id=2, run_attempt=3, url=f"{SUBJECT.url}1")), True),
        (replace(ONE, subject=replace(SUBJECT, head_sha="b" * 40)), False),
        (replace(ONE, subject=replace(SUBJECT, key="CD")), False),
        (replace(ONE, trees=(*ONE.trees, *ONE.trees)), False),
        (replace(ONE, server=None), False),
    ],
)
def test_the_digest_changes_with_what_can_be_read(other: Report, same: bool) -> None:
    assert (digest_of(ONE) == digest_of(other)) is same


def drift(path: str, text: str) -> Report:
    fix = Snippet(title="The missing migration", text=text, language="python", path=path)
    return handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("drift", *scenarios.ISBN, fixes=(fix,))))


MIGRATION = "Revises: a1\nCreate Date: 2026-11-24 12:11:46.185035\nop.add_column('book', isbn)\n"


@pytest.mark.parametrize(
    ("path", "text", "same"),
    [
        ("versions/2026_11_25_b2_.py", MIGRATION.replace("24 12:11:46.185035", "25 07:00:01"), True),
        ("versions/2026_11_24_b2_.py", MIGRATION.replace("isbn", "ean"), False),
    ],
)
def test_a_missing_migration_written_again_is_the_same(path: str, text: str, same: bool) -> None:
    assert (digest_of(drift("versions/2026_11_24_b2_.py", MIGRATION)) == digest_of(drift(path, text))) is same


def test_the_note_can_be_read_too() -> None:
    assert digest_of(ONE) != digest_of(ONE, "posted by another")
