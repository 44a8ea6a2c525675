"""A deployed database is made by the code that is deployed, a new one by the pull request: both have to be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.integration.program.test_base import branch
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
