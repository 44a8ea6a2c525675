"""An edit of a merged revision is judged by what it does: the old and the new code are run and compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from action.postgres.databases import Databases
from checks import CHECKS
from checks.findings import Finding, Severity
from checks.judge import judge
from checks.policy import Policy
from checks.recording.edit_runs import Sameness
from checks.recording.tree import Recording, TreeRecording
from tests.integration.program.test_base import branch
from tests.integration.rehearsal.rehearsing import rehearsed
from tests.projects import builder, edits
from tests.projects.edits import RevisionEdit

CHANGED = (
    "Databases that already ran this revision never run it again. They keep the result of the old code; new databases "
    "get the result of the new code."
)
REVERTED = (
    "Nothing happens until a database is downgraded. The new downgrade() then has to undo the upgrade() that the base "
    "has."
)
REWRITTEN = ["history passed", "notice rewritten-revision b2", "upgrade passed"]
EDITED = ["history failed", "error edited-revision b2", "upgrade passed"]


def recorded(root: Path, databases: Databases, change: RevisionEdit) -> TreeRecording:
    branch(root, edits.base_of(change), edits.work_of(change), change.removed)
    return rehearsed(root, databases, base="main")[0]


def judged(recording: TreeRecording) -> tuple[list[str], list[Finding]]:
    """Return what history and upgrade say, in lines, and the findings of history."""
    checks = [check for check in CHECKS if check.id in ("history", "upgrade")]
    report = judge(Recording(trees=(recording,)), Policy(), checks)
    lines: list[str] = []
    found: list[Finding] = []
    for _, result in report.results():
        lines.append(f"{result.id} {result.status}")
        lines += [f"{one.severity} {one.rule} {one.revision}" for one in result.findings]
        found += result.findings if result.id == "history" else ()
    return lines, found


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """A pull request with all edits, each of a revision of its own."""

    recording: TreeRecording
    revisions: dict[str, str]

    def finding(self, name: str) -> Finding:
        """Return the only finding of an edit, as if it were that of b2."""
        _, findings = judged(self.recording)
        (found,) = [finding for finding in findings if finding.revision == self.revisions[name]]
        return found


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Several:
    root, many = tmp_path_factory.mktemp("several"), edits.many(edits.all_of_one_file())
    branch(root, many.base, many.work)
    return Several(recording=rehearsed(root, databases, base="main")[0], revisions=many.revisions)


@pytest.mark.parametrize("name", edits.SAME_STATEMENTS)
def test_the_same_statements_are_a_notice(name: str, several: Several) -> None:
    finding, id_ = several.finding(name), several.revisions[name]
    assert (finding.rule, finding.severity) == ("rewritten-revision", Severity.NOTICE), finding.why
    assert finding.message == (
        f"{id_} (Revision {id_}.) is written differently from main, and its upgrade() does the same."
    )
    assert finding.why.startswith("The old and the new upgrade() send the same ")
    assert [snippet.title for snippet in finding.evidence] == ["What changed"]


@pytest.mark.parametrize("name", edits.SAME_RESULT)
def test_other_statements_of_the_same_result_are_a_notice(name: str, several: Several) -> None:
    finding = several.finding(name)
    assert (finding.rule, finding.severity) == ("rewritten-revision", Severity.NOTICE), finding.why
    assert finding.why == (
        "The old and the new upgrade() send different statements, and the same schema and rows come out of both."
    )
    assert [snippet.title for snippet in finding.evidence] == ["What changed", "What upgrade() sends"]


@pytest.mark.parametrize("name", edits.DIFFERENT)
def test_another_schema_is_an_error(name: str, several: Several) -> None:
    finding, id_ = several.finding(name), several.revisions[name]
    assert (finding.rule, finding.severity) == ("edited-revision", Severity.ERROR), finding.why
    assert finding.message == f"{id_} (Revision {id_}.) is already on main, and its upgrade() has changed."
    assert finding.why == (
        f"{CHANGED} The old and the new upgrade() were run on copies of the same database, and 1 object came out "
        "differently."
    )
    texts = {snippet.title: snippet.text for snippet in finding.evidence}
    assert list(texts) == ["What changed", "What differs after upgrade()", "What upgrade() sends"]
    assert texts["What differs after upgrade()"].replace(f"_{id_}", "") == edits.DIFFERENT[name][1]


@pytest.mark.parametrize("name", edits.OTHER_ROWS)
def test_other_rows_are_an_error(name: str, several: Several) -> None:
    finding = several.finding(name)
    assert (finding.rule, finding.severity) == ("edited-revision", Severity.ERROR), finding.why
    assert finding.why == (
        f"{CHANGED} The old and the new upgrade() were run on copies of the same database, and the rows of "
        f"public.book_{several.revisions[name]} came out differently."
    )


@pytest.mark.parametrize("name", edits.UNDECIDED)
def test_what_a_new_database_does_not_tell_stays_an_error(name: str, several: Several) -> None:
    finding = several.finding(name)
    assert (finding.rule, finding.severity) == ("edited-revision", Severity.ERROR), finding.why
    assert finding.why == (
        f"{CHANGED} Running the old and the new upgrade() on a new database does not show that they do the same: "
        f"{edits.UNDECIDED[name][1]}."
    )


@pytest.mark.parametrize("name", edits.WITH_FILES)
def test_both_run_with_the_code_of_their_own_commit(name: str, tmp_path: Path, databases: Databases) -> None:
    change, expected = edits.WITH_FILES[name]
    recording = recorded(tmp_path, databases, change)
    assert [(run.revision, run.sameness.value) for run in recording.edit_runs] == [("b2", expected)]
    lines, _ = judged(recording)
    assert lines[:2] == (REWRITTEN if expected == "same-statements" else EDITED)[:2]


@pytest.mark.parametrize("name", edits.STATIC)
def test_what_surely_does_the_same_is_not_run(name: str, tmp_path: Path, databases: Databases) -> None:
    recording = recorded(tmp_path, databases, edits.STATIC[name])
    assert judged(recording)[0] == ["history passed", "upgrade passed"]
    assert (recording.edit_runs, [leg.code for leg in recording.legs]) == ((), ["head"])


@pytest.mark.parametrize("name", edits.DOWNGRADES)
def test_a_downgrade_is_compared_too(name: str, tmp_path: Path, databases: Databases) -> None:
    change, expected, sentence = edits.DOWNGRADES[name]
    lines, (finding,) = judged(recorded(tmp_path, databases, change))
    assert lines == ["history passed", f"{expected} b2", "upgrade passed"]
    assert finding.why == (f"{REVERTED} {sentence}" if finding.rule == "edited-revision" else sentence)


def test_only_the_part_that_differs_is_an_edit(tmp_path: Path, databases: Databases) -> None:
    recording = recorded(tmp_path, databases, edits.BOTH_PARTS)
    assert [(run.part, run.sameness) for run in recording.edit_runs] == [
        ("upgrade", Sameness.SAME_STATEMENTS),
        ("downgrade", Sameness.DIFFERENT),
    ]
    lines, (finding,) = judged(recording)
    assert lines == ["history passed", "warning edited-revision b2", "upgrade passed"]
    assert finding.message == "b2 (Revision b2.) is already on main, and its downgrade() has changed."
    assert finding.evidence[1].text == "column public.book.pages exists only after the new downgrade()"


@pytest.mark.parametrize("name", edits.NOT_RUN)
def test_what_could_not_be_run_is_judged_by_its_text(name: str, tmp_path: Path, databases: Databases) -> None:
    change, reason = edits.NOT_RUN[name]
    _, findings = judged(recorded(tmp_path, databases, change))
    (finding,) = [one for one in findings if one.rule == "edited-revision"]
    assert finding.why == f"{CHANGED} The old and the new upgrade() were not compared by running them: {reason}."


@pytest.mark.parametrize("name", edits.HISTORIES)
def test_each_edited_revision_is_run_at_its_own_parents(name: str, tmp_path: Path, databases: Databases) -> None:
    history = edits.HISTORIES[name]
    branch(tmp_path, history.base, history.work, history.removed)
    recording, _ = rehearsed(tmp_path, databases, base="main")
    found = {(run.revision, run.part): run.sameness.value for run in recording.edit_runs}
    assert found == history.expected


def test_a_role_of_an_edited_revision_is_created_by_both(tmp_path: Path, databases: Databases) -> None:
    recording = recorded(tmp_path, databases, edits.ROLE)
    assert [run.sameness for run in recording.edit_runs] == [Sameness.SAME_RESULT]
    assert judged(recording)[0] == REWRITTEN
    databases.drop_new_roles()


def test_an_asynchronous_env_py_shows_as_much(tmp_path: Path, databases: Databases) -> None:
    many = edits.many(edits.IN_SHORT)
    branch(tmp_path, {**many.base, "migrations/env.py": edits.ASYNCHRONOUS}, many.work)
    recording, _ = rehearsed(tmp_path, databases, base="main")
    found = {run.revision: run.sameness for run in recording.edit_runs}
    assert found == {
        many.revisions["a loop unrolled"]: Sameness.SAME_STATEMENTS,
        many.revisions["a bound parameter renamed"]: Sameness.SAME_STATEMENTS,
        many.revisions["an inserted parameter"]: Sameness.DIFFERENT,
        many.revisions["a branch that a new database does not take"]: Sameness.UNDECIDED,
    }


def test_what_the_base_edited_as_well_is_not_run(tmp_path: Path, databases: Databases) -> None:
    change = edits.DIFFERENT["a length"][0]
    branch(tmp_path, edits.base_of(change), edits.work_of(change))
    builder.git(tmp_path, "switch", "-q", "main")
    builder.commit(tmp_path, edits.work_of(change))
    builder.git(tmp_path, "switch", "-q", "work")
    recording, _ = rehearsed(tmp_path, databases, base="main")
    assert (recording.edit_runs, judged(recording)[1]) == ((), [])


def test_nothing_is_compared_without_an_edit(tmp_path: Path, databases: Databases) -> None:
    change = edits.DIFFERENT["a length"][0]
    recording = recorded(tmp_path, databases, replace(change, new=change.old))
    assert recording.edit_runs == ()
