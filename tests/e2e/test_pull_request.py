"""The whole story on the built image: a pull request is checked, follows its report, and its comment turns green."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests import standin_git
from tests.e2e.ours import with_our_packages
from tests.e2e.runner import Job, Runner
from tests.e2e.runner_step import StepResult
from tests.projects import bookstore
from tests.projects.bookstore import CUSTOMER, GIFT, MODELS, PullRequest
from tests.standin_api import api
from tests.standin_api.state import READ_ONLY, WRITE, Comment, Repository
from tests.standin_git import GitServer

NAME = "acme/bookstore"
ACCOUNTS = {"acme/bookstore": "acme", "zoe/bookstore": "zoe"}


@dataclass(slots=True)
class GitHub:
    """The pull request as GitHub has it, and a runner that runs our action for it."""

    api: api.StandIn
    git: GitServer
    pull: PullRequest
    runner: Runner
    folder: Path
    head: str = NAME
    """The repository that the branch is in."""
    workspaces: list[Path] = field(default_factory=list)

    @property
    def repository(self) -> Repository:
        """Return the state of the repository."""
        return self.api.repository(NAME)

    @property
    def comments(self) -> list[Comment]:
        """Return what is written on the pull request."""
        return self.repository.comments_on(self.pull.number)

    def payload(self) -> dict[str, Any]:
        """Return the event of the pull request."""
        head, base = {"full_name": self.head, "fork": self.head != NAME}, {"full_name": NAME}
        return {
            "action": "synchronize",
            "number": self.pull.number,
            "pull_request": {
                "number": self.pull.number,
                "state": "open",
                "head": {"ref": "gift", "sha": self.pull.head_sha, "repo": head},
                "base": {"ref": "main", "sha": self.pull.base_sha, "repo": base},
            },
            "repository": {"full_name": NAME, "default_branch": "main"},
        }

    def open(self) -> None:
        """Let GitHub know the head of the branch."""
        owner = ACCOUNTS[self.head]
        self.repository.pull(self.pull.number, head_sha=self.pull.head_sha, head=f"{owner}:gift")

    def check(self, run_id: int, *, token: str = WRITE) -> StepResult:
        """Run the action for the pull request as it is now, on a checkout with no history."""
        self.open()
        secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        self.git.authorization = f"basic {secret}"
        remote = f"{self.git.url}/{NAME}"
        workspace = bookstore.check_out(self.pull, self.folder / f"run{run_id}" / "bookstore" / "bookstore", remote)
        self.workspaces.append(workspace)
        return self.runner.run(self._job(workspace, run_id, token))

    def _job(self, workspace: Path, run_id: int, token: str) -> Job:
        github = {
            "event_name": "pull_request",
            "api_url": self.api.url,
            "server_url": self.git.url,
            "ref": f"refs/pull/{self.pull.number}/merge",
            "base_ref": "main",
            "head_ref": "gift",
            "sha": self.pull.merge_sha,
            "run_id": str(run_id),
        }
        return with_our_packages(workspace=workspace, event=self.payload(), github=github, token=token, reach_host=True)

    def post(self, run_id: int, stored: Path) -> StepResult:
        """Run the second workflow, which got the report of a run as an artifact and has no checkout."""
        workspace = self.folder / f"post{run_id}" / "bookstore" / "bookstore"
        workspace.mkdir(parents=True)
        shutil.copy2(stored, workspace / "report.json")
        github = {"event_name": "workflow_run", "run_id": "9000000001", "workflow": "Migrations comment"}
        job = self._job(workspace, run_id, WRITE)
        return self.runner.run(
            replace(
                job,
                event=self._ended(run_id),
                github={**job.github, **github, "ref": "refs/heads/main", "base_ref": "", "head_ref": ""},
                inputs={"options": "post-report=report.json"},
            )
        )

    def _ended(self, run_id: int) -> dict[str, Any]:
        run = {
            "id": run_id,
            "name": "Migrations",
            "run_attempt": 1,
            "event": "pull_request",
            "head_sha": self.pull.head_sha,
            "head_branch": "gift",
            "head_repository": {"full_name": self.head, "owner": {"login": ACCOUNTS[self.head]}},
            "pull_requests": [],
        }
        repository = {"full_name": NAME, "default_branch": "main"}
        return {
            "action": "completed",
            "workflow_run": run,
            "workflow": {"name": "Migrations"},
            "repository": repository,
        }


@pytest.fixture
def github(runner: Runner, tmp_path: Path) -> Iterator[GitHub]:
    pull = bookstore.pull_request(tmp_path)
    bare = tmp_path / "served" / f"{NAME}.git"
    bare.parent.mkdir(parents=True)
    bare.symlink_to(pull.origin)
    with api.serving(api.StandIn()) as standin, standin_git.serving(bare.parents[1]) as git:
        yield GitHub(api=standin, git=git, pull=pull, runner=runner, folder=tmp_path / "runner")
        assert standin.violations == []


def apply_fixes(clone: Path, report: dict[str, Any]) -> None:
    """Do what the report says, by its own fixes and nothing else."""
    (tree,) = report["trees"]
    checks = {check["id"]: check for check in tree["checks"]}
    (heads,) = checks["heads"]["findings"]
    file = clone / heads["path"]
    lines = file.read_text().splitlines()
    lines[heads["line"] - 1] = heads["fixes"][0]["text"]
    file.write_text("\n".join(lines) + "\n")
    edited = next(finding for finding in checks["history"]["findings"] if finding["rule"] == "edited-revision")
    (restore,) = [fix for fix in edited["fixes"] if fix["language"] == "shell"]
    subprocess.run(["sh", "-ec", restore["text"]], cwd=clone, check=True)
    (missing,) = checks["drift"]["fixes"]
    (clone / missing["path"]).write_text(missing["text"])


STATES = {
    **dict.fromkeys(("heads", "history", "upgrade", "drift"), "failure"),
    **dict.fromkeys(("downgrade", "loss", "replay"), "success"),
}
BAD_LINE = "## \N{CROSS MARK} Migrations: do not merge yet (3 errors)\n"


def test_a_pull_request_that_follows_its_report_turns_green(github: GitHub) -> None:
    first = github.check(4000000001)
    assert first.exit_code == 1, first.log
    report = json.loads((github.workspaces[0] / first.outputs["report"]).read_text())
    assert_everything_is_shown(github, first, report)
    comment = github.comments[0]

    remote = ["git", "remote", "add", "origin", str(github.pull.origin)]
    subprocess.run(remote, cwd=github.pull.clone, check=True)
    apply_fixes(github.pull.clone, report)
    github.pull.push("Follow the report")
    second = github.check(4000000002)
    assert (second.exit_code, second.succeeded, second.annotations) == (0, True, ()), second.log
    assert second.outputs["verdict"] == "passed"
    assert [found.id for found in github.comments] == [comment.id]
    assert github.comments[0].body.startswith("## \N{WHITE HEAVY CHECK MARK} Migrations: no problems found\n")
    assert set(states(github).values()) == {"success"}


def assert_everything_is_shown(github: GitHub, run: StepResult, report: dict[str, Any]) -> None:
    """Assert what a first, failing run leaves: annotations, outputs, files, the comment, the summary, statuses."""
    assert [(shown.level, shown.file, shown.line, shown.title) for shown in run.annotations] == [
        ("error", GIFT, 16, "Multiple heads (heads)"),
        ("error", CUSTOMER, 26, "Edited revision (history)"),
        ("error", MODELS, 58, "Missing migration (drift)"),
        ("error", MODELS, 29, "Missing migration (drift)"),
        ("error", MODELS, 51, "Missing migration (drift)"),
    ]
    missing = [fix for check in report["trees"][0]["checks"] for fix in check["fixes"]]
    comment = github.comments[0]
    assert run.outputs == outputs(missing[0]["path"], comment.id)
    assert (github.workspaces[0] / run.outputs["missing-migration"]).read_text() == missing[0]["text"]
    assert (len(github.comments), comment.author) == (1, "github-actions[bot]")
    assert comment.body.startswith(BAD_LINE)
    assert missing[0]["text"].strip() in comment.body
    assert run.summary.startswith(BAD_LINE)
    assert states(github) == STATES
    assert github.api.log == [
        f"GET /repos/{NAME}/issues/7/comments?per_page=100",
        f"POST /repos/{NAME}/issues/7/comments",
        *[f"POST /repos/{NAME}/statuses/{github.pull.head_sha}"] * len(STATES),
    ]


def outputs(missing: str, comment: int) -> dict[str, str]:
    """Return the outputs of the failing run."""
    return {
        "verdict": "failed",
        "errors": "3",
        "warnings": "0",
        "notices": "0",
        "report": "alembic-checks-report/report.json",
        "summary": "alembic-checks-report/report.md",
        "sarif": "alembic-checks-report/report.sarif",
        "junit": "alembic-checks-report/report.junit.xml",
        "missing-migration": f"alembic-checks-report/missing-migration/{missing}",
        "comment-url": f"https://github.example/acme/shop/pull/7#issuecomment-{comment}",
    }


def test_a_fork_s_report_is_posted_by_the_second_workflow(github: GitHub) -> None:
    github.head = "zoe/bookstore"
    first = github.check(4000000001, token=READ_ONLY)
    assert first.exit_code == 1, first.log
    assert [(shown.level, shown.title) for shown in first.annotations if shown.level == "notice"] == [
        ("notice", "alembic-checks")
    ]
    assert len([shown for shown in first.annotations if shown.level == "error"]) == 5
    assert (first.outputs["comment-url"], github.comments, github.repository.statuses) == ("", [], [])

    second = github.post(4000000001, github.workspaces[0] / first.outputs["report"])
    assert (second.exit_code, second.annotations) == (0, ()), second.log
    (comment,) = github.comments
    assert comment.body.startswith("## \N{CROSS MARK} Migrations: do not merge yet (3 errors)\n")
    assert "The fork's own run made this report, and the fork's code could change it." in comment.body
    assert states(github) == {f"{check} / Migrations": state for check, state in STATES.items()}


def states(github: GitHub) -> dict[str, str]:
    """Return what the pull request shows of each check."""
    shown = github.repository.shown_statuses(github.pull.head_sha)
    return {status.context.removeprefix("alembic-checks / "): status.state for status in shown.values()}
