"""Which run a report is of: its key in every case, and its page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from action.pull_request.event import Target
from action.pull_request.subject import key_of_report, key_of_run, shortened, subject_of, url_of, workflow_label
from checks.findings import Report, Subject, Verdict

TARGET = Target(repository="acme/shop", head_sha="a" * 40, pull_request=7, run_id=10, run_attempt=2, key="CI / check")


@pytest.mark.parametrize(
    ("comment_key", "matrix", "key"),
    [
        ("", "", "CI / check"),
        ("", "null", "CI / check"),
        ("", '{"python": "3.13", "postgres": 17}', "CI / check (3.13, 17)"),
        ("", '{"os": {"name": "linux"}}', 'CI / check ({"name": "linux"})'),
        ("", "not JSON", "CI / check (not JSON)"),
        ("shop", '{"python": "3.13"}', "shop"),
    ],
)
def test_the_key_of_a_run(comment_key: str, matrix: str, key: str) -> None:
    assert key_of_run(TARGET, comment_key, matrix) == key


@pytest.mark.parametrize(
    ("comment_key", "stored", "key"),
    [
        ("shop", Subject(key="CI / check (3.13)"), "shop"),
        ("", Subject(key="CI / check (3.13)"), "CI / check (3.13)"),
        ("", None, "CI / check"),
        ("", Subject(key="two\nlines"), "two lines"),
    ],
)
def test_the_key_of_a_report(comment_key: str, stored: Subject | None, key: str) -> None:
    report = Report(verdict=Verdict.PASSED, trees=(), subject=stored)
    assert key_of_report(report, TARGET, comment_key) == key


STORED = replace(TARGET, key="CI", workflow="17")


@pytest.mark.parametrize(
    ("comment_key", "stored", "key"),
    [
        ("", Subject(key="CI / check (3.13)"), "CI / check (3.13)"),
        ("", Subject(key="Other / check"), "CI / Other / check"),
        ("", Subject(key="CIx / check"), "CI / CIx / check"),
        ("", Subject(key="ci / check"), "CI / ci / check"),
        ("", Subject(key="shop"), "CI / shop"),
        ("", Subject(key="CI"), "CI"),
        ("", Subject(key="\n"), "CI"),
        ("", None, "CI"),
        ("shop", Subject(key="Other / check"), "shop"),
    ],
)
def test_the_key_of_a_stored_report_begins_with_the_workflow(
    comment_key: str, stored: Subject | None, key: str
) -> None:
    report = Report(verdict=Verdict.PASSED, trees=(), subject=stored)
    assert key_of_report(report, STORED, comment_key) == key


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("CI", "/ CI"),
        ("Check the migrations_2.0", "/ Check the migrations_2.0"),
        ("CI (17)", "/ CI-17 9972fa59"),
        ("\u0421I", "/ I 733a4c2d"),
        ("", "/ 54183f43"),
    ],
)
def test_a_workflow_in_the_name_of_a_status(name: str, label: str) -> None:
    assert workflow_label(replace(STORED, key=name)) == label
    assert workflow_label(replace(STORED, key=name, workflow="")) == ""


def test_a_long_key_is_shortened_and_stays_distinct() -> None:
    one, other = shortened("k" * 201), shortened("k" * 200 + "x")
    assert (len(one), len(other)) == (200, 200)
    assert one != other
    assert shortened("k" * 200) == "k" * 200


def test_all_but_the_key_is_the_events() -> None:
    assert subject_of(TARGET, "key", "https://x") == Subject(
        key="key", head_sha="a" * 40, pull_request=7, run_id=10, run_attempt=2, url="https://x"
    )


@pytest.mark.parametrize(
    ("target", "environ", "url"),
    [
        (TARGET, {}, "https://github.com/acme/shop/actions/runs/10/attempts/2"),
        (TARGET, {"GITHUB_SERVER_URL": "https://ghe/"}, "https://ghe/acme/shop/actions/runs/10/attempts/2"),
        (Target(repository="acme/shop"), {}, None),
        (None, {}, None),
    ],
)
def test_the_page_of_a_run(target: Target | None, environ: dict[str, str], url: str | None) -> None:
    assert url_of(target, environ) == url
