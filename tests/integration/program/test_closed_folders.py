"""What a user may not read: it is passed over and named where it is none of the project's, and never passes unread."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.program.conftest import Ran
from tests.projects.builder import BOOK, INI, Revision, below, commit, tree, write

Close = Callable[[Path], None]
Ordinary = Callable[..., Ran]
SECOND = Revision(id="b2", down="a1", upgrade="op.execute('SELECT 1')")
PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
OF_A_FOLDER = "Make it a folder that the user who runs the check may list and enter: chmod a+rx "
OF_A_FILE = "Give the user who runs the check the right to read it: chmod a+r "


@pytest.fixture
def project(ordinary_project: Path) -> Path:
    write(ordinary_project, tree(BOOK, SECOND))
    return ordinary_project


@pytest.mark.parametrize("name", ["pgdata", ".cache", "node_modules", "a\nb"])
@pytest.mark.parametrize("mode", [0o000, 0o711, 0o744])
def test_a_closed_folder_is_none_of_the_projects(
    name: str, mode: int, project: Path, close: Callable[[Path, int], None], ordinary: Ordinary
) -> None:
    (project / name / "inner").mkdir(parents=True)
    close(project / name, mode)
    ran = ordinary(project, "--checks", "heads")
    assert (ran.code, ran.report["verdict"]) == (0, "passed"), ran.stderr
    searched = name in (".cache", "node_modules")
    place = f"{name}/inner" if mode == 0o744 else name
    named = [] if searched else [f"{place} (permission denied)"]
    assert ran.report["unsearched"] == named
    shown = f"These places cannot be read, so no Alembic config was looked for there: {place} (permission denied)."
    assert (shown.replace("\n", " ") in ran.stderr) is not searched or name == "a\nb"


@pytest.mark.parametrize(
    ("path", "mode", "unread"),
    [
        ("migrations/versions", 0o000, "migrations/versions"),
        ("migrations/versions", 0o711, "migrations/versions"),
        ("migrations", 0o000, "migrations/versions"),
        ("migrations", 0o744, "migrations/versions"),
    ],
)
def test_a_closed_folder_of_versions_has_revisions(
    path: str, mode: int, unread: str, project: Path, close: Callable[[Path, int], None], ordinary: Ordinary
) -> None:
    close(project / path, mode)
    ran = ordinary(project)
    assert ran.code == 5, ran.stderr
    assert ran.outline == [
        "inconclusive",
        "alembic.ini",
        "  heads skipped",
        f"    warning unreadable-revision {unread} {unread}:None",
        "  history skipped",
        "  upgrade error",
        "  drift error",
    ]
    finding = ran.finding("unreadable-revision")
    assert finding["message"] == f"The revisions in {unread} cannot be read: permission denied."
    assert finding["remedy"] == OF_A_FOLDER + unread
    assert ran.check("upgrade")["reason"] == (
        f"The folder {unread} cannot be read: permission denied.\n"
        "Alembic would pass over the revisions in it, and the migration runs would lack them.\n" + OF_A_FOLDER + unread
    )


def test_a_closed_folder_below_recursive_versions(
    project: Path, close: Callable[[Path, int], None], ordinary: Ordinary
) -> None:
    write(project, {"alembic.ini": INI + "recursive_version_locations = true\n"})
    (project / "migrations" / "versions" / "2026").mkdir()
    close(project / "migrations" / "versions" / "2026", 0)
    ran = ordinary(project, "--checks", "heads")
    assert (ran.code, ran.reason("heads")) == (
        1,
        "1 folder of version files cannot be read: migrations/versions/2026.",
    )


def test_a_closed_version_file(project: Path, close: Callable[[Path, int], None], ordinary: Ordinary) -> None:
    path = "migrations/versions/b2_.py"
    close(project / path, 0)
    ran = ordinary(project)
    assert ran.code == 5, ran.stderr
    finding = ran.finding("unreadable-revision")
    assert (finding["message"], finding["remedy"]) == (
        f"The revision in {path} cannot be read: permission denied.",
        OF_A_FILE + path,
    )
    assert ran.check("upgrade")["reason"] == (
        f"The version file {path} cannot be read: permission denied.\n"
        f"Alembic loads every version file before it runs a migration.\n{OF_A_FILE}{path}"
    )


@pytest.mark.parametrize("path", ["migrations/versions/a1_.py", "migrations/versions"])
def test_what_cannot_be_read_was_not_removed(
    path: str, ordinary_project: Path, close: Callable[[Path, int], None], ordinary: Ordinary
) -> None:
    commit(ordinary_project, tree(BOOK, SECOND))
    close(ordinary_project / path, 0)
    ran = ordinary(ordinary_project, "--base", "HEAD", "--checks", "heads,history")
    noun = "folder" if path.endswith("versions") else "version file"
    assert ran.reason("history") == f"1 {noun} could not be compared with HEAD: {path} (permission denied)."
    rules = [finding["rule"] for name in ("heads", "history") for finding in ran.check(name)["findings"]]
    assert (ran.code, rules) == (1, ["unreadable-revision"])


@pytest.mark.parametrize("path", ["migrations/env.py", "models.py"])
def test_closed_code(path: str, project: Path, close: Callable[[Path, int], None], ordinary: Ordinary) -> None:
    close(project / path, 0)
    ran = ordinary(project)
    assert ran.code == 5, ran.stderr
    what, _, remedy = ran.check("upgrade")["reason"].splitlines()
    error = f"PermissionError: [Errno 13] Permission denied: '{project / path}'"
    assert what == f"The project's own code failed to load: {error}"
    assert remedy == f"Give the user who runs the check the right to use {project / path}."


@pytest.mark.parametrize("closed", ["svc", "svc/alembic.ini"])
def test_a_config_that_is_known_to_be_unread_ends_the_run(
    closed: str, ordinary_project: Path, close: Callable[[Path, int], None], ordinary: Ordinary
) -> None:
    commit(ordinary_project, tree(BOOK), below("svc", tree(BOOK)))
    close(ordinary_project / closed, 0)
    ran = ordinary(ordinary_project, "--checks", "heads")
    assert (ran.code, ran.report) == (2, {})
    assert ran.stderr.splitlines()[-3:] == [
        "1 Alembic config cannot be read: svc/alembic.ini (permission denied).",
        "The migrations that it configures would not be checked.",
        "Give the user who runs the check the right to read it, or name the configs to check with --tree.",
    ]
    chosen = ordinary(ordinary_project, "--checks", "heads", "--tree", "alembic.ini")
    assert (chosen.code, chosen.report["verdict"]) == (0, "passed")


def test_nothing_but_what_is_closed(project: Path, close: Callable[[Path, int], None], ordinary: Ordinary) -> None:
    close(project / "alembic.ini", 0)
    ran = ordinary(project)
    assert ran.code == 2
    assert ran.stderr.splitlines()[-3:] == [
        "1 Alembic config cannot be read: alembic.ini (permission denied).",
        "The migrations that it configures would not be checked.",
        "Give the user who runs the check the right to read it, or name the configs to check with --tree.",
    ]


@pytest.mark.parametrize("mode", [0o000, 0o711])
def test_the_folder_itself(mode: int, project: Path, close: Callable[[Path, int], None], ordinary: Ordinary) -> None:
    close(project, mode)
    ran = ordinary(project, cwd="/")
    assert ran.code == 2
    assert ran.stderr.splitlines()[-3:] == [
        f"The folder {project} cannot be read: permission denied.",
        "The Alembic configs and the migrations are looked for in it.",
        "Give the user who runs the check the right to list and to enter it, or set another path.",
    ]


@pytest.mark.parametrize("path", [".env", "migrations/script.py.mako", ".venv/pyvenv.cfg", ".git/HEAD", ".git/index"])
def test_files_that_no_check_needs(
    path: str, ordinary_project: Path, close: Callable[[Path, int], None], ordinary: Ordinary
) -> None:
    commit(ordinary_project, tree(BOOK), dict.fromkeys((".env", ".venv/pyvenv.cfg"), ""))
    close(ordinary_project / path, 0)
    ran = ordinary(ordinary_project)
    assert ran.outline == PASSED, ran.stderr
    assert os.path.lexists(ordinary_project / path)
