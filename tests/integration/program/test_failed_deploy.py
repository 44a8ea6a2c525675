"""A deploy that fails in the ordinary way: what stays in spite of the rollback, said only where it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.rehearsal.rehearse import rehearse
from checks.findings import Finding
from checks.policy import Policy
from checks.recording.remains import Remains
from checks.recording.tree import TreeRecording
from checks.upgrade.check import CHECK
from tests.integration.rehearsal.rehearsing import Heard, prepared
from tests.projects import failing, replays
from tests.projects.builder import commit, git, tree, versions, write


@pytest.fixture(autouse=True)
def clean(databases: Databases) -> Iterator[None]:
    """Drop what a deploy leaves on the server."""
    yield
    with databases.connect(databases.create("end")) as connection, connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS reports_of_b2")
        cursor.execute("DROP ROLE IF EXISTS clerk_of_b2")


def recorded(root: Path, databases: Databases, base: str | None) -> TreeRecording:
    with prepared(root, base) as project, project.session() as session:
        plan = project.plan(compares_models=False)
        return rehearse(plan, session, [databases], project.recording, Heard())[0]


def found(recording: TreeRecording) -> Finding:
    (finding,) = CHECK.run(recording, Policy()).findings
    return finding


@pytest.mark.parametrize("name", failing.STAYS)
def test_what_stays_after_a_failed_deploy_is_said(name: str, tmp_path: Path, databases: Databases) -> None:
    stays = failing.STAYS[name]
    commit(tmp_path, replays.before())
    git(tmp_path, "checkout", "-q", "-b", "work")
    write(tmp_path, versions(*stays.revisions), {"migrations/env.py": stays.env} if stays.env else {})
    finding = found(recorded(tmp_path, databases, "main"))
    assert finding.rule == "migration-fails"
    assert finding.why == stays.why
    assert next((one.text for one in finding.evidence if one.title.startswith("Changed")), None) == stays.evidence
    assert next((one.text for one in finding.fixes), None) == stays.by_hand


def test_without_a_base_nothing_is_said_of_sequences_that_the_run_has_made(
    tmp_path: Path, databases: Databases
) -> None:
    (fails,) = failing.STAYS["the number that an INSERT took"].revisions
    for env, why in (
        ("", "A failed deploy changes nothing: everything is rolled back, and the version table is still empty."),
        (
            replays.PER_MIGRATION,
            "A failed deploy leaves the version table at a1: the revisions before this one are committed, this one is "
            "not.",
        ),
    ):
        write(tmp_path, tree(replays.DEPLOYED, fails, env=env))
        assert found(recorded(tmp_path, databases, None)).why == why


def test_a_run_that_does_not_fail_reads_nothing_more(tmp_path: Path, databases: Databases) -> None:
    write(tmp_path, tree(replays.DEPLOYED))
    recording = recorded(tmp_path, databases, None)
    assert [(leg.succeeded, leg.remains) for leg in recording.legs] == [(True, Remains())]
