"""A deployed database is made by the code that is deployed, a new one by the pull request: both have to be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.integration.program.test_base import PASSED, branch
from tests.projects import deployed
from tests.projects.deployed import Change

DRIFTED = "    error missing-migration public.book.isbn"


def checked(run: Run, root: Path, change: Change) -> tuple[Ran, dict[str, Any]]:
    """Run the program on a pull request, and return how it went with the only tree of its recording."""
    branch(root, change.base, change.work, change.removed)
    ran = run(root, "--base", "main", "--save-recording", "recording.json")
    (tree,) = json.loads((root / "recording.json").read_text())["trees"]
    return ran, tree


def legs(tree: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(leg["name"], leg["code"], leg["failure"] is None and leg["obstacle"] is None) for leg in tree["legs"]]


APART = [("empty-to-base", "base", True), ("base-to-heads", "head", True), ("empty-to-heads", "head", True)]


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (deployed.FORGOTTEN_AFTER_CREATE_ALL, ["models.py"]),
        (deployed.FORGOTTEN_WITH_A_SHARED_METADATA, ["models.py"]),
        (deployed.file_changed(deployed.READS_AT_IMPORT), ["migrations/schema.sql"]),
        (deployed.file_changed(deployed.READS_AS_IT_RUNS), ["migrations/schema.sql"]),
        (deployed.file_changed(deployed.READS_BY_A_HELPER), ["migrations/schema.sql"]),
        (deployed.file_changed(deployed.RUNS_A_PROGRAM), ["migrations/schema.sql"]),
        (deployed.FILE_ADDED, ["migrations/sql/2.sql"]),
        (deployed.OPERATION_CHANGED, ["operations.py"]),
    ],
)
def test_what_a_merged_revision_uses_is_taken_from_the_base(
    change: Change, changed: list[str], run: Run, tmp_path: Path
) -> None:
    ran, tree = checked(run, tmp_path, change)
    assert ran.code == 1, ran.stderr
    assert ran.report["verdict"] == "failed"
    assert (tree["deployed"]["code"], tree["deployed"]["differing"]) == ("base", changed)
    assert legs(tree) == APART
    assert any(line.startswith(DRIFTED) for line in ran.outline), ran.outline
    finding = ran.finding("two-ways-differ")
    assert finding["message"] == (
        "After this change, new and deployed databases differ: column public.book.isbn exists only in new databases."
    )
    assert finding["why"] == (
        "New databases run the base's revisions with other code than the deployed ones did: this change alters "
        f"{changed[0]}, which the base's revisions use."
    )
    assert finding["path"] == changed[0]


def test_a_constant_of_a_merged_revision_is_the_base_s(run: Run, tmp_path: Path) -> None:
    ran, tree = checked(run, tmp_path, deployed.CONSTANT_CHANGED)
    assert tree["deployed"]["differing"] == ["lengths.py"]
    assert ran.outline == [
        "failed",
        "alembic.ini",
        "  heads passed",
        "  history passed",
        "  upgrade failed",
        "    error two-ways-differ lengths.py:None",
        "  drift failed",
        "    error missing-migration public.book.title models.py:11",
    ], ran.stderr


def test_a_merged_revision_that_fails_with_the_new_models_is_the_pull_request_s(run: Run, tmp_path: Path) -> None:
    ran, tree = checked(run, tmp_path, deployed.ISBN_AFTER_A_QUERY)
    assert legs(tree) == [*APART[:2], ("empty-to-heads", "head", False)]
    place = f"migrations/versions/b1_.py:{deployed.QUERIES.line + 1}"
    assert ran.outline == [
        "failed",
        "alembic.ini",
        "  heads passed",
        "  history passed",
        "  upgrade failed",
        f"    error migration-fails b1 {place}",
        "  drift passed",
    ], ran.stderr
    finding = ran.finding("migration-fails")
    assert finding["message"] == "Revision b1 fails: column book.isbn does not exist."
    assert finding["why"] == (
        "New databases cannot be created any more: this change alters models.py, which the base's revisions use. The "
        "deploy works."
    )
    assert finding["remedy"] == (
        "Copy what the base's revisions use of models.py into their version files, as the base has it."
    )


def test_a_new_revision_that_only_a_new_database_cannot_take_is_not_called_a_failing_deploy(
    run: Run, tmp_path: Path
) -> None:
    ran, tree = checked(run, tmp_path, deployed.ADDED_AFTER_CREATE_ALL)
    assert legs(tree) == [*APART[:2], ("empty-to-heads", "head", False)]
    finding = ran.finding("migration-fails")
    assert finding["message"] == 'Revision b2 fails: column "isbn" of relation "book" already exists.'
    assert finding["why"].endswith("The deploy works.")
    assert ran.check("drift")["status"] == "passed"


@pytest.mark.parametrize("change", [deployed.NOTHING_USED_CHANGES, deployed.MODELS_OF_NO_REVISION])
def test_a_change_of_what_no_merged_revision_uses_costs_nothing(change: Change, run: Run, tmp_path: Path) -> None:
    ran, tree = checked(run, tmp_path, change)
    assert ran.report["verdict"] == "passed", ran.stdout
    assert tree["deployed"] == {
        "code": "head",
        "because": "No file that the revisions of the base use differs from the base.",
        "differing": [],
    }
    assert all(code == "head" for _, code, _ in legs(tree))
    assert tree["two_ways"] is None


def test_a_version_table_that_env_py_renames_makes_the_next_deploy_run_everything_again(
    run: Run, tmp_path: Path
) -> None:
    ran, tree = checked(run, tmp_path, deployed.VERSION_TABLE_MOVED)
    assert tree["deployed"]["differing"] == ["migrations/env.py"]
    assert ran.finding("migration-fails")["message"] == 'Revision a1 fails: relation "book" already exists.'


def test_a_base_that_cannot_be_imported_leaves_the_deployed_database_unknown(run: Run, tmp_path: Path) -> None:
    ran, tree = checked(run, tmp_path, deployed.BASELINE_WITHOUT_A_BASE)
    assert ran.outline[:3] == ["inconclusive", "alembic.ini", "  heads passed"], ran.stderr
    assert legs(tree) == [("empty-to-base", "base", False)]
    assert "library_of_nowhere" in ran.check("upgrade")["reason"]
    assert ran.check("drift")["status"] == "skipped"


def test_differences_that_the_base_cannot_date_are_neither_old_nor_new(run: Run, tmp_path: Path) -> None:
    ran, _ = checked(run, tmp_path, deployed.BASE_DOES_NOT_LOAD)
    assert ran.outline == [
        "inconclusive",
        "alembic.ini",
        "  heads passed",
        "  history passed",
        "  upgrade passed",
        "  drift skipped",
        "    notice undated-drift",
    ], ran.stderr
    assert ran.code == 1
    reason = ran.reason("drift")
    assert reason.startswith(
        "There is 1 difference, and it is not known whether it is new: the models of the base could"
    )
    assert "library_of_nowhere" in reason
    assert "it is not known whether it is new" in " ".join(ran.stdout.split())


def test_an_ignored_module_is_brought_to_the_base(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, deployed.DRIFTED_WITH_A_GENERATED_MODULE.base, deployed.DRIFTED_WITH_A_GENERATED_MODULE.work)
    (tmp_path / "_build_info.py").write_text("LENGTH = 200\n")
    ran = run(tmp_path, "--base", "main")
    assert ran.outline[0] == "passed", ran.stdout
    assert ran.finding("old-drift")["evidence"][0]["text"].startswith("Column public.book.isbn")


@pytest.mark.parametrize(
    ("change", "message", "remedy"),
    [
        (
            deployed.MODULE_REMOVED,
            "Revision a1 imports seeds, but this change removes seeds.py.",
            "Restore seeds.py, or copy what the revision needs into its version file.",
        ),
        (
            deployed.MODULE_RENAMED,
            "Revision a1 imports seeds, but this change renames seeds.py to data/cities.py.",
            "Restore seeds.py, or copy what the revision needs into its version file.",
        ),
        (
            deployed.NAME_REMOVED,
            "Revision a1 imports CITIES from seeds, but this change removes it from seeds.py.",
            "Restore CITIES in seeds.py, or copy what the revision needs into its version file.",
        ),
    ],
)
def test_an_import_that_the_pull_request_breaks_is_its_error(
    change: Change, message: str, remedy: str, run: Run, tmp_path: Path
) -> None:
    ran, _ = checked(run, tmp_path, change)
    assert ran.outline == [
        "failed",
        "alembic.ini",
        "  heads passed",
        "  history passed",
        "  upgrade failed",
        "    error removed-module a1 seeds migrations/versions/a1_.py:9",
        "  drift skipped",
    ], ran.stderr
    finding = ran.finding("removed-module")
    assert (finding["message"], finding["remedy"], ran.code) == (message, remedy, 1)
    assert "the project's dependencies" not in ran.stdout + ran.stderr  # nothing to install would help


def test_an_import_as_a_revision_runs_is_the_pull_request_s_error_too(run: Run, tmp_path: Path) -> None:
    ran, tree = checked(run, tmp_path, deployed.LATE_MODULE_REMOVED)
    assert legs(tree) == [*APART[:2], ("empty-to-heads", "head", False)]
    place = f"migrations/versions/a1_.py:{deployed.IMPORTS_SEEDS_LATE.line}"
    assert ran.outline[4:7] == [
        "  upgrade failed",
        f"    error removed-module a1 seeds {place}",
        f"    error migration-fails a1 {place}",
    ], ran.stderr


def test_a_package_that_is_not_installed_is_a_missing_dependency(run: Run, tmp_path: Path) -> None:
    ran, tree = checked(run, tmp_path, deployed.MODULE_OF_NOBODY)
    assert (ran.code, tree["obstacle"]["kind"], tree["lost_import"]) == (5, "missing-module", None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            deployed.BOGUS_WHERE_ENV_PY_LOOKS,
            ["  upgrade failed", f"    error migration-fails b2 {deployed.POSTGRESQL}/b2_.py:{deployed.BOGUS.line}"],
        ),
        (
            deployed.TWO_HEADS_WHERE_ENV_PY_LOOKS,
            ["  heads failed", f"    error multiple-heads c2 c2 {deployed.POSTGRESQL}/c2_.py:6"],
        ),
        (
            deployed.EDITED_WHERE_ENV_PY_LOOKS,
            ["  history failed", f"    error edited-revision a1 {deployed.POSTGRESQL}/a1_.py:15"],
        ),
        (
            deployed.TWO_HEADS_AT_RUN_TIME,
            ["  heads failed", "    error multiple-heads c2 c2 migrations/versions/c2_.py:6"],
        ),
    ],
)
def test_the_revisions_are_those_that_alembic_uses(
    change: Change, expected: list[str], run: Run, tmp_path: Path
) -> None:
    ran, _ = checked(run, tmp_path, change)
    assert ran.report["verdict"] == "failed", ran.stdout
    assert [line for line in ran.outline if line in expected] == expected, ran.outline


def test_where_env_py_puts_its_revisions_a_right_change_passes(run: Run, tmp_path: Path) -> None:
    ran, tree = checked(run, tmp_path, deployed.RIGHT_WHERE_ENV_PY_LOOKS)
    assert ran.outline == PASSED, ran.stderr
    assert (ran.report["trees"][0]["revisions"], tree["version_locations"]) == (2, [deployed.POSTGRESQL])


@pytest.mark.parametrize("change", [deployed.ROLE_BESIDE_A_CHANGED_FILE, deployed.LATE_ROLE_BESIDE_A_CHANGED_FILE])
def test_a_role_is_created_on_both_ways_and_in_neither_s_way(change: Change, run: Run, tmp_path: Path) -> None:
    ran, tree = checked(run, tmp_path, change)
    assert ran.outline == [*PASSED, "    notice made-by-hand"], ran.stdout
    assert legs(tree) == APART
    assert tree["two_ways"] == {"differences": []}
