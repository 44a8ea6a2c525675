"""Which reports are merged, and what is refused in a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from action.commands.merge import merged
from action.documents import report as document
from action.errors import SettingsError
from action.settings import load
from checks import CHECKS
from checks.findings import Report, Subject, Verdict
from checks.judge import judge
from checks.policy import Policy
from tests.unit.reports import bookstore_recordings as recordings

HEAD = "a" * 40


def store(folder: Path, name: str, path: str = "alembic.ini", head: str = HEAD) -> None:
    report = judge(recordings.all_green(), Policy(), CHECKS)
    trees = (replace(report.trees[0], path=path),)
    whole = replace(report, trees=trees, subject=Subject(key="CI / check", head_sha=head))
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(document.dump(whole))


def merge(folder: Path, *names: str, expected: str = "", head: str | None = HEAD) -> Report:
    inputs = {"INPUT_MERGE-REPORTS": "\n".join(names), "INPUT_EXPECTED": expected}
    return merged(load([], folder, inputs), folder, head)


@pytest.mark.parametrize("names", [["reports"], ["reports/*/report.json"], ["reports/0", "reports/1"]])
def test_a_folder_and_a_pattern_name_all_reports_in_them(tmp_path: Path, names: list[str]) -> None:
    for number in range(2):
        store(tmp_path, f"reports/{number}/report.json", f"{number}.ini")
    report = merge(tmp_path, *names, expected="0.ini\n1.ini")
    assert [tree.path for tree in report.trees] == ["0.ini", "1.ini"]
    assert report.verdict is Verdict.PASSED


def test_where_no_job_stored_a_report_nothing_passes(tmp_path: Path) -> None:
    assert merge(tmp_path, "reports", expected="0.ini").verdict is Verdict.INCONCLUSIVE


def problem(tmp_path: Path, *names: str, expected: str = "") -> tuple[str, str]:
    with pytest.raises(SettingsError) as error:
        merge(tmp_path, *names, expected=expected)
    return error.value.what, error.value.why


def test_what_cannot_be_merged_is_named(tmp_path: Path) -> None:
    store(tmp_path, "good/report.json")
    store(tmp_path, "other.json", head="b" * 40)
    text = (tmp_path / "other.json").read_text()
    (tmp_path / "older.json").write_text(text.replace('"schema_version": 1', '"schema_version": 0'))
    assert problem(tmp_path, "good") == (
        "`expected` is not set, and good stands for any number of reports.",
        "Nobody would notice a job whose report is missing.",
    )
    assert problem(tmp_path, "other.json") == (
        f"The report other.json is about the commit {'b' * 10}, not about {'a' * 10}.",
        "A report of another commit says nothing about this one.",
    )
    assert problem(tmp_path, "good/report.json", "older.json") == (
        "older.json: The schema_version is 0, but this version of alembic-checks reads 1.",
        "The fields of another version may have another meaning.",
    )
    missing = tmp_path / "missing.json"
    assert problem(tmp_path, "missing.json") == (
        f"The stored report {missing} cannot be read as a regular file (No such file or directory).",
        "",
    )


def test_without_a_known_commit_all_reports_are_about_the_same(tmp_path: Path) -> None:
    store(tmp_path, "1.json", "1.ini")
    store(tmp_path, "2.json", "2.ini", head="b" * 40)
    with pytest.raises(SettingsError, match=r"^The report 2\.json is about the commit bbbbbbbbbb"):
        merge(tmp_path, "1.json", "2.json", head=None)
