"""The report's files: where they are promised, whosever the folder is, and never through a link of the checkout."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from action.documents import report as document
from action.errors import SettingsError
from action.reports import files, junit, sarif, summary
from action.reports.files import Written
from action.repository.writing import write_text
from action.settings.results import Format
from checks.findings import Report, Snippet, Verdict
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.bookstore_schemas import MIGRATION, MISSING_PATH

MISSING = f"missing-migration/{MISSING_PATH}"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    made = tmp_path / "workspace"
    made.mkdir()
    return made


def contents(folder: Path) -> dict[str, str]:
    found = [file for file in folder.rglob("*") if file.is_file() or file.is_symlink()]
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in found}


def fixed(*paths: str) -> Report:
    fixes = tuple(replace(scenarios.MISSING_FIX, path=path, text=f"# {number}") for number, path in enumerate(paths))
    return handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("drift", *scenarios.ISBN, fixes=fixes)))


def test_all_files(workspace: Path) -> None:
    report = scenarios.MISSING_MIGRATION
    assert files.write(report, workspace, workspace / "out" / "report") == Written(
        report="out/report/report.json",
        summary="out/report/report.md",
        sarif="out/report/report.sarif",
        junit="out/report/report.junit.xml",
        missing_migrations=(f"out/report/{MISSING}",),
    )
    assert contents(workspace / "out") == {
        "report/.gitignore": "*\n",
        "report/report.json": document.dump(report),
        "report/report.md": summary.render(report),
        "report/report.sarif": sarif.render(report),
        "report/report.junit.xml": junit.render(report),
        f"report/{MISSING}": MIGRATION,
    }


def test_an_earlier_run_leaves_nothing_behind_and_other_files_stay(workspace: Path) -> None:
    folder = workspace / "report"
    folder.mkdir()
    (folder / "other.txt").write_text("kept")
    files.write(scenarios.MISSING_MIGRATION, workspace, folder)
    written = files.write(scenarios.ALL_GREEN, workspace, folder)
    assert written.missing_migrations == ()
    assert set(contents(folder)) == {"other.txt", "report.json", "report.md", "report.sarif", "report.junit.xml"}
    assert (folder / "report.json").read_text(encoding="utf-8") == document.dump(scenarios.ALL_GREEN)


@pytest.mark.parametrize(
    "link", ["report", "a", "a/report"], ids=["the folder", "a folder above", "a folder in a folder"]
)
def test_a_link_of_the_checkout_is_refused(workspace: Path, tmp_path: Path, link: str) -> None:
    secret = tmp_path / "file_commands"
    secret.mkdir()
    (workspace / link).parent.mkdir(exist_ok=True)
    (workspace / link).symlink_to(secret, target_is_directory=True)
    folder = workspace / ("report" if link == "report" else "a/report")
    with pytest.raises(SettingsError) as caught:
        files.write(scenarios.MISSING_MIGRATION, workspace, folder)
    assert str(caught.value) == (
        f"The report cannot be written to {folder}: a part of the path is a symbolic link or not a folder.\n"
        "Symbolic links in a checkout are not followed: a pull request can point them anywhere.\n"
        "Set another path."
    )
    assert list(secret.iterdir()) == []


def test_links_and_pipes_inside_of_the_folder_are_replaced(workspace: Path, tmp_path: Path) -> None:
    target, kept = tmp_path / "set_env", tmp_path / "kept"
    target.write_text("theirs")
    kept.mkdir()
    (kept / "x").write_text("x")
    folder = workspace / "report"
    folder.mkdir()
    (folder / "report.json").symlink_to(target)
    (folder / "report.md").hardlink_to(target)
    os.mkfifo(folder / "report.sarif")
    (folder / "missing-migration").symlink_to(kept, target_is_directory=True)
    files.write(scenarios.MISSING_MIGRATION, workspace, folder)
    assert target.read_text() == "theirs"
    assert contents(kept) == {"x": "x"}
    assert [entry.name for entry in folder.rglob("*") if entry.is_symlink()] == []
    assert (folder / MISSING).read_text() == MIGRATION


def test_a_folder_outside_of_the_checkout_is_as_the_user_says(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    written = files.write(scenarios.ALL_GREEN, workspace, tmp_path / "link" / "report")
    assert written.report == "../link/report/report.json"
    assert (tmp_path / "real" / "report" / "report.json").is_file()


def test_a_migration_whose_path_leads_out_is_not_written(workspace: Path) -> None:
    bad = (
        "../a.py",
        "/a.py",
        "a/../../b.py",
        "a//b.py",
        "./a.py",
        "a\nb.py",
        "a\u202eb.py",
        "a\udc80.py",
        "a\\b.py",
        "",
    )
    written = files.write(fixed(*bad, "good/a b.py"), workspace, workspace / "report")
    assert written.missing_migrations == ("report/missing-migration/good/a b.py",)
    assert contents(workspace / "report" / "missing-migration") == {"good/a b.py": f"# {len(bad)}"}


def test_what_cannot_be_written_is_one_sentence(workspace: Path) -> None:
    (workspace / "report").mkdir()
    (workspace / "report" / "report.json").mkdir()
    with pytest.raises(SettingsError) as caught:
        files.write(scenarios.ALL_GREEN, workspace, workspace / "report")
    assert str(caught.value) == (
        f"The report cannot be written to {workspace}/report: Is a directory.\nSet another path."
    )


def test_one_file_is_written_as_carefully(workspace: Path, tmp_path: Path) -> None:
    (workspace / "a.sarif").symlink_to(tmp_path / "target")
    write_text("x", workspace, workspace / "a.sarif")
    assert contents(workspace) == {"a.sarif": "x"}
    assert not (tmp_path / "target").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_writes_belongs_to_whom_the_workspace_does(workspace: Path) -> None:
    (workspace / "report").mkdir()
    os.chown(workspace, 1001, 1002)
    files.write(scenarios.MISSING_MIGRATION, workspace, workspace / "report" / "new")
    owners = {(entry.stat().st_uid, entry.stat().st_gid) for entry in (workspace / "report" / "new").rglob("*")}
    assert owners == {(1001, 1002)}
    assert (workspace / "report").stat().st_uid == 0


def test_text_that_utf_8_cannot_hold_is_replaced(workspace: Path) -> None:
    snippet = Snippet(title="t", text="a\udc80", language="python", path="a.py")
    report = handmade.report(Verdict.PASSED, handmade.tree(handmade.failed("drift", fixes=(snippet,))))
    files.write(report, workspace, workspace / "report")
    assert contents(workspace / "report" / "missing-migration") == {"a.py": "a?"}


def test_an_offer_lies_in_a_folder_of_its_own_that_no_output_names(workspace: Path) -> None:
    old = Snippet(title="Old", text="# old", path="versions/old.py", folded=True)
    found = handmade.failed("drift", *scenarios.ISBN, fixes=(replace(scenarios.MISSING_FIX, path="versions/x.py"), old))
    report = handmade.report(Verdict.FAILED, handmade.tree(found))
    written = files.write(report, workspace, workspace / "out")
    assert written.missing_migrations == ("out/missing-migration/versions/x.py",)
    assert contents(workspace / "out")["old-differences/versions/old.py"] == "# old"


def test_only_the_formats_that_are_asked_for(workspace: Path) -> None:
    report = scenarios.MISSING_MIGRATION
    files.write(report, workspace, workspace / "out")
    assert files.write(report, workspace, workspace / "out", (Format.SARIF, Format.JSON)) == Written(
        report="out/report.json", sarif="out/report.sarif", missing_migrations=(f"out/{MISSING}",)
    )
    assert sorted(contents(workspace / "out")) == [".gitignore", MISSING, "report.json", "report.sarif"]
