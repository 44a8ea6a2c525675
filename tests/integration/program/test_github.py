"""The program as a step of a job, without its container: what events make of it, and its ends without a verdict."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.runner_commands import Annotation, Interpreter, key_values
from tests.integration.program.conftest import command, environ
from tests.projects.builder import BOOK, Revision, commit, tree

PULL = {
    "action": "opened",
    "number": 7,
    "pull_request": {
        "number": 7,
        "state": "open",
        "head": {"ref": "work", "sha": "a" * 40, "repo": {"full_name": "acme/shop"}},
        "base": {"ref": "main", "sha": "b" * 40, "repo": {"full_name": "acme/shop"}},
    },
    "repository": {"full_name": "acme/shop", "default_branch": "main"},
}
FORKED: dict[str, Any] = json.loads(
    json.dumps(PULL).replace('"repo": {"full_name": "acme/shop"}}, "base"', '"repo": null}, "base"')
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """What the runner would make of the step."""

    code: int
    log: str
    annotations: list[Annotation]
    outputs: dict[str, str]
    summary: str


def step(project: Path, files: Path, event: str, payload: dict[str, Any], **inputs: str) -> Stepped:
    """Run the program as the runner would, on this machine."""
    for name in ("output", "summary"):
        (files / name).write_text("")
    (files / "event.json").write_text(json.dumps(payload))
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(files / "event.json"),
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_WORKFLOW": "CI",
        "GITHUB_JOB": "migrations",
        "GITHUB_RUN_ID": "12",
        "GITHUB_OUTPUT": str(files / "output"),
        "GITHUB_STEP_SUMMARY": str(files / "summary"),
        **{f"INPUT_{name.replace('_', '-').upper()}": value for name, value in inputs.items()},
    }
    done = subprocess.run(
        command(),
        env=environ(variables),
        cwd=project,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    interpreter = Interpreter({}, str(project))
    for line in done.stdout.splitlines():
        interpreter.line(line)
    outputs, summary = (files / "output").read_text(), (files / "summary").read_text()
    return Stepped(
        code=done.returncode,
        log=done.stdout,
        annotations=interpreter.annotations,
        outputs=key_values(outputs),
        summary=summary,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    commit(folder, tree(BOOK))
    return folder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def shown(annotation: Annotation) -> tuple[str, str, str]:
    return annotation.level, annotation.title, annotation.message


def test_a_fork_under_pull_request_target_is_refused(project: Path, files: Path) -> None:
    ran = step(project, files, "pull_request_target", FORKED)
    message = (
        "This pull request is not checked.\nThe pull request comes from a fork, and under pull_request_target its "
        "code would run in a job whose token can write. Use the event pull_request, or set "
        "run-fork-code-on-pull-request-target to true."
    )
    assert (ran.code, ran.outputs) == (2, {})
    assert [shown(annotation) for annotation in ran.annotations] == [("error", "Not checked (alembic-checks)", message)]
    assert message in ran.summary
    assert "applying the revisions" not in ran.log


def test_unless_an_input_says_otherwise_in_so_many_words(project: Path, files: Path) -> None:
    ran = step(project, files, "pull_request_target", FORKED, run_fork_code_on_pull_request_target="true")
    assert "applying the revisions" in ran.log


def test_a_pull_request_whose_base_is_not_known_does_not_pass(project: Path, files: Path) -> None:
    ran = step(project, files, "pull_request", PULL)
    assert (ran.code, ran.outputs["verdict"]) == (1, "inconclusive")
    ((level, title, message),) = map(shown, ran.annotations)
    assert (level, title) == ("error", "Could not run (history)")
    assert message.startswith("alembic.ini: The base main ")


def test_without_an_expected_base_the_reason_is_shown_and_it_passes(project: Path, files: Path) -> None:
    ran = step(project, files, "schedule", {})
    assert (ran.code, ran.outputs["verdict"], ran.annotations) == (0, "passed", [])
    assert "The event schedule names no base, so there is nothing to compare with." in ran.summary


def test_a_closed_pull_request_is_nothing_to_check(project: Path, files: Path) -> None:
    closed = {**PULL, "action": "closed"}
    ran = step(project, files, "pull_request", closed)
    assert (ran.code, ran.outputs, ran.annotations, ran.summary) == (0, {}, [], "")
    assert "Nothing to check: The pull request is closed, so there is nothing to merge." in ran.log


@pytest.mark.parametrize(
    ("event", "inputs", "message"),
    [
        (
            "workflow_run",
            {},
            "Migrations do not run under workflow_run: the token can write, and the code is the pull request's.",
        ),
        (
            "push",
            {"post_report": "report.json"},
            "post-report works only under the event workflow_run. This run has the event push.",
        ),
    ],
)
def test_posting_belongs_to_workflow_run(
    project: Path, files: Path, event: str, inputs: dict[str, str], message: str
) -> None:
    (project / "report.json").write_text("{}")
    run = {"event": "pull_request", "head_sha": "a" * 40, "id": 3}
    ran = step(project, files, event, {"action": "completed", "workflow_run": run}, **inputs)
    assert ran.code == 2
    assert [annotation.message.splitlines()[0] for annotation in ran.annotations] == [message]


def test_wrong_inputs_are_annotated_on_the_pull_request(project: Path, files: Path) -> None:
    ran = step(project, files, "push", {}, fail_on="sometimes", comment="often")
    assert ran.code == 2
    assert [annotation.message for annotation in ran.annotations] == [
        "2 settings are wrong:\n  comment (input): 'often'; accepted: always, on-problems or never.\n"
        "  fail-on (input): 'sometimes'; accepted: error, warning or never.\n"
        "Correct the settings above; see action.yml and docs/settings.md for all settings."
    ]


def test_dependencies_that_do_not_install_leave_the_graph_to_be_judged(project: Path, files: Path) -> None:
    ran = step(project, files, "schedule", {}, install="echo '::error::no such package' && exit 3")
    assert (ran.code, ran.outputs["verdict"]) == (5, "inconclusive")
    assert [annotation.title for annotation in ran.annotations] == ["Could not run (upgrade)"]
    assert "The install command exited with code 3: echo '::error::no such package' && exit 3" in ran.log
    assert ": :error::no such package\n" in ran.log


def test_what_the_migrations_print_and_raise_commands_nobody(project: Path, files: Path) -> None:
    spoken = r"print('::error::printed', flush=True); raise ValueError('x\n::error::raised\n##[warning]old')"
    commit(project, tree(Revision(id="a1", upgrade=spoken)))
    ran = step(project, files, "schedule", {}, verbose="true")
    assert ran.code == 1
    assert [annotation.title for annotation in ran.annotations] == ["Migration fails (upgrade)"]
    assert "printed" in ran.log


def test_a_report_folder_that_is_a_link_hides_nothing_and_does_not_pass(project: Path, files: Path) -> None:
    (project / "out").symlink_to(files)
    ran = step(project, files, "schedule", {}, report_dir="out")
    assert (ran.code, ran.outputs["verdict"], ran.outputs["report"]) == (2, "passed", "")
    assert sorted(path.name for path in files.iterdir()) == ["event.json", "output", "summary"]
    assert "a part of the path is a symbolic link" in ran.log


@pytest.mark.parametrize(("label", "verdict"), [("Skip-DB", "skipped"), ("bug", "inconclusive")])
def test_a_label_skips_the_checks(project: Path, files: Path, label: str, verdict: str) -> None:
    labeled = json.loads(json.dumps(PULL).replace('"state"', f'"labels": [null, {{"name": "{label}"}}], "state"'))
    ran = step(project, files, "pull_request", labeled, skip_label="skip-db")
    assert ran.outputs["verdict"] == verdict
    if verdict == "skipped":
        said = "Skipped: the pull request has the label Skip-DB."
        assert [shown(annotation) for annotation in ran.annotations] == [("notice", "Skipped (alembic-checks)", said)]
        assert (ran.code, said in ran.summary, "PostgreSQL" in ran.log) == (0, True, False)


def test_the_log_has_folds_colors_and_no_line_twice(project: Path, files: Path) -> None:
    broken = Revision(id="a1", upgrade="raise ValueError('one of a kind')")
    commit(project, tree(broken))
    ran = step(project, files, "schedule", {})
    said = [line for line in ran.log.splitlines() if not re.fullmatch(r"::(stop-commands::)?[0-9a-f]{64}(::)?", line)]
    folds = [number for number, line in enumerate(said) if line.startswith(("::group::", "::endgroup::"))]
    assert [said[number] for number in folds] == [
        *("::group::Progress", "::endgroup::"),
        *("::group::Annotations", "::endgroup::"),
    ]
    assert (folds[0], folds[3]) == (0, len(said) - 1)
    assert all(re.match(r"\[ *[\d.]+s\] ", line) for line in said[1 : folds[1]])
    report = said[folds[1] + 1 : folds[2]]
    assert report[0] == "\x1b[1;31mFAILED\x1b[0m  \x1b[1mMigrations: do not merge yet (1 error)\x1b[0m"
    texts = [line for line in report if len(line) > 20]
    assert sorted(set(texts)) == sorted(texts)


def test_a_project_that_does_not_load_is_explained_once_and_in_order(project: Path, files: Path) -> None:
    commit(project, tree(BOOK, env="raise ValueError('one of a kind')\n"))
    ran = step(project, files, "schedule", {})
    report = ran.log[ran.log.index("INCONCLUSIVE") : ran.log.index("::group::Annotations")].splitlines()
    assert (ran.code, report.count("--- details ---")) == (5, 1)
    details = report.index("--- details ---")
    assert [number for number, line in enumerate(report) if line.startswith("ValueError: one of a kind")] > [details]
    assert details > max(number for number, line in enumerate(report) if "drift" in line)
