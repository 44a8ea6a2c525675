"""What a project decides: which checks run, how severe a rule is, and what is accepted at a line of a migration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.conftest import Run
from tests.projects.builder import BOOK, Revision, tree, write

FILES_ONLY = ("--checks", "heads,history")
HEADS = (BOOK, Revision(id="b2aa", down="a1"), Revision(id="b2bb", down="a1"))

IGNORE = "# alembic-checks: ignore[migration-fails] nobody deploys this"
HELPER = """
def helper(table):
    op.execute(
        f"DROP TABLE {table}"INNER
    )
"""


def failing(*, above: str = "", call: str = "", inner: str = "") -> dict[str, Any]:
    """Return a project whose second revision fails in a function that upgrade() calls."""
    upgrade = f"op.execute('SELECT 1')\nop.execute('SELECT 2'){above}\nhelper('gone'){call}\n"
    second = Revision(id="b2", down="a1", top=HELPER.replace("INNER", inner), upgrade=upgrade)
    return tree(BOOK, second)


@pytest.mark.parametrize(
    ("places", "suppressed", "notices"),
    [
        ({"call": f"  {IGNORE}"}, True, []),
        ({"inner": f",  {IGNORE}"}, True, []),
        ({"above": f"  {IGNORE}"}, False, ["The suppression of migration-fails suppresses nothing: the finding is at"]),
    ],
    ids=["call", "inside-the-helper", "another-line"],
)
def test_a_failure_is_accepted_where_a_comment_stands(
    run: Run, tmp_path: Path, places: dict[str, str], suppressed: bool, notices: list[str]
) -> None:
    ran = run(write(tmp_path, failing(**places)), "--checks", "heads,upgrade")
    findings = [finding for check in ran.report["trees"][0]["checks"] for finding in check["findings"]]
    failures = [finding for finding in findings if finding["rule"] == "migration-fails"]
    said = [finding["message"] for finding in findings if finding["severity"] == "notice"]
    assert [finding["suppressed"] for finding in failures] == ["nobody deploys this" if suppressed else None]
    assert [one for one, start in zip(said, notices, strict=True) if not one.startswith(start)] == []
    assert ran.code == (0 if suppressed else 1)


@pytest.mark.parametrize(
    ("start_after", "said"),
    [
        (
            "gone",
            "start-after is gone, but no version file has that revision.\n"
            "alembic.ini has 3 revisions, and none has an id or a branch label that begins with it.\n"
            "Set start-after to the id of the last revision that is not to be judged; `alembic history` lists all.\n",
        ),
        (
            "b2",
            "start-after is b2, and 2 revisions begin with it: b2aa, b2bb.\n"
            "Alembic accepts the beginning of a revision id only where it is the only one.\n"
            "Write more characters of the revision id.\n",
        ),
    ],
)
def test_2_for_a_start_that_is_no_revision(run: Run, tmp_path: Path, start_after: str, said: str) -> None:
    ran = run(write(tmp_path, tree(*HEADS)), *FILES_ONLY, "--start-after", start_after)
    assert (ran.code, ran.stderr.endswith(f"\n{said}"), ran.report) == (2, True, {})


def test_a_rule_that_is_off_is_not_reported_and_said_to_be_off(run: Run, tmp_path: Path) -> None:
    files = tree(*HEADS) | {"pyproject.toml": '[tool.alembic-checks.severity]\nmultiple-heads = "off"\n'}
    project = write(tmp_path, files)
    ran = run(project, *FILES_ONLY)
    assert ran.outline[:4] == ["passed", "alembic.ini", "  heads passed", "  history skipped"]
    assert (ran.code, ran.check("heads")["turned_off"]) == (0, {"multiple-heads": 1})
    assert "The setting `severity` turns off multiple-heads (1 finding)." in ran.stdout
    loud = run(project, *FILES_ONLY, "--severity", "multiple-heads=warning", "--start-after", "b2bb")
    assert [finding["severity"] for finding in loud.check("heads")["findings"]] == ["warning"]
    assert (loud.code, loud.report["verdict"]) == (0, "passed")


def test_checks_of_the_files_install_nothing_and_start_no_server(run: Run, tmp_path: Path) -> None:
    """The project's packages do not exist, its env.py does not load, and no server is to be had: none is needed."""
    declared = {"requirements.txt": "no-such-package-at-all==99\n", ".python-version": "2.6\n"}
    project = write(tmp_path, tree(BOOK, env="import no_such_module\n") | declared)
    unreachable = ("--database-url", "postgresql://nobody@127.0.0.1:1/none", "--install", "false")
    ran = run(project, *FILES_ONLY, *unreachable, "-v")
    assert (ran.code, ran.report["verdict"], ran.report["server"]) == (0, "passed", None)
    assert [line for line in ran.stderr.splitlines() if "install" in line or "PostgreSQL" in line] == []
