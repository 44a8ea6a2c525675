"""A deploy that is stopped half-way and runs again: every row of tests/projects/replays.py on a real server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.rehearsal.rehearse import rehearse
from checks.check import Outcome
from checks.findings import Finding
from checks.policy import Policy
from checks.recording.replays import Replays
from checks.recording.tree import TreeRecording
from checks.replay.check import CHECK
from tests.integration.rehearsal.rehearsing import Heard, prepared
from tests.projects import replays
from tests.projects.builder import Revision, commit, git, versions, write


def recorded(root: Path, databases: Databases, revisions: tuple[Revision, ...], env: str) -> TreeRecording:
    """Deploy the base, and stop the deploy of the revisions half-way."""
    commit(root, replays.before())
    git(root, "checkout", "-q", "-b", "work")
    write(root, versions(*revisions), {"migrations/env.py": env} if env else {})
    with prepared(root, "main") as project, project.session() as session:
        plan = project.plan(replays=True, compares_models=False)
        return rehearse(plan, session, [databases], project.recording, Heard())[0]


def outcome(recording: TreeRecording) -> Outcome:
    return CHECK.run(recording, Policy())


def numbered(text: str, first: int) -> str:
    """Return a sentence with the numbers of lines that are counted from the first of ``upgrade``."""
    return re.sub(r"\{(\d+)\}", lambda found: str(first + int(found[1])), text)


def snippets(finding: Finding) -> tuple[tuple[str, ...], str | None]:
    """Return what is run by hand, and the lines that can run again."""
    by_hand = tuple(one.text for one in finding.fixes if one.language != "python")
    return by_hand, next((one.text for one in finding.fixes if one.language == "python"), None)


@pytest.mark.parametrize("name", replays.WRONG)
def test_what_does_not_run_again_is_found(name: str, tmp_path: Path, databases: Databases) -> None:
    torn = replays.WRONG[name]
    recording = recorded(tmp_path, databases, torn.revisions, torn.env)
    assert isinstance(recording.replays, Replays), recording.legs
    found = outcome(recording)
    assert (found.unjudged, found.reason) == (None, None)
    assert len(recording.replays.replays) == torn.stops
    last = torn.revisions[-1]
    assert [(f.message, f.path, f.line) for f in found.findings] == [
        (message, "migrations/versions/b2_.py", last.line + line)
        for message, line in zip(torn.messages, torn.lines, strict=True)
    ]
    (finding,) = found.findings
    assert finding.remedy == numbered(torn.remedy, last.line)
    assert snippets(finding) == (torn.by_hand, torn.repeatable)


@pytest.mark.parametrize("name", replays.RIGHT)
def test_what_runs_again_raises_nothing(name: str, tmp_path: Path, databases: Databases) -> None:
    revisions, env, note = replays.RIGHT[name]
    found = outcome(recorded(tmp_path, databases, revisions, env))
    assert found == Outcome(note=note)
