"""The workflow of the README that spreads the Alembic configs of a repository over jobs, and writes one comment."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from checks import CHECKS
from tests.house import ROOT
from tests.integration.program.test_base import branch
from tests.integration.program.workflow import Workflow
from tests.projects import builder
from tests.projects.builder import BOOK, below, tree, versions
from tests.projects.upgrades import PAGES
from tests.readme import README
from tests.standin_api.api import StandIn, serving
from tests.standin_api.state import WRITE

ORDERS, USERS, STOCK = (f"services/{name}/alembic.ini" for name in ("orders", "users", "stock"))


REUSABLE = ROOT / ".github" / "workflows" / "migrations.yml"


def shown(job: str) -> str:
    """Return the workflow of the README that has a job of that name."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (found,) = [block for block in blocks if f"\n  {job}:\n" in block]
    return str(found)


@pytest.fixture
def api() -> Iterator[StandIn]:
    standin = StandIn()
    with serving(standin):
        yield standin
    assert standin.violations == []


@pytest.fixture
def workflow(api: StandIn, tmp_path: Path) -> Workflow:
    """Return the workflow on a pull request whose models of one service lack what a migration adds."""
    services = {k: v for name in (ORDERS, USERS, STOCK) for k, v in below(str(Path(name).parent), tree(BOOK)).items()}
    project = branch(tmp_path / "project", services, below("services/users", versions(PAGES)))
    builder.git(project, "update-ref", "refs/remotes/origin/main", "main")
    head = builder.git(project, "rev-parse", "HEAD")
    api.repository().pull(7, head_sha=head)
    repository = {"full_name": "acme/shop"}
    event = {
        "action": "synchronize",
        "number": 7,
        "pull_request": {
            "number": 7,
            "state": "open",
            "head": {"ref": "work", "sha": head, "repo": repository},
            "base": {"ref": "main", "sha": builder.git(project, "rev-parse", "main"), "repo": repository},
        },
        "repository": {**repository, "default_branch": "main"},
    }
    (tmp_path / "event.json").write_text(json.dumps(event))
    variables = {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_WORKFLOW": "Migrations",
        "GITHUB_JOB": "report",
        "GITHUB_RUN_ID": "12",
        "GITHUB_API_URL": api.url,
        "GITHUB_SERVER_URL": "http://127.0.0.1:9",  # nobody listens there: the base is in the clone
    }
    return Workflow(
        text=shown("report"), repository=project, folder=tmp_path / "runner", variables=variables, token=WRITE
    )


def test_thirty_services_are_checked_by_jobs_of_their_own_and_get_one_comment(workflow: Workflow, api: StandIn) -> None:
    workflow.run()
    (listed,), checks, (report,) = workflow.jobs.values()
    assert json.loads(listed.outputs["matrix"]) == {
        "include": [
            {"tree": USERS, "name": USERS, "touched": True},
            {"tree": f"{ORDERS}\n{STOCK}", "name": "2 unchanged", "touched": False},
        ]
    }, listed.log
    assert [(job.code, job.outputs["verdict"]) for job in checks] == [(1, "failed"), (0, "passed")], checks
    assert "starting PostgreSQL" not in checks[1].log
    assert (report.code, report.outputs.get("verdict"), report.outputs.get("errors")) == (1, "failed", "1"), report.log
    (comment,) = api.repository().comments_on(7)
    assert comment.body.startswith("## \N{CROSS MARK} Migrations: do not merge yet (1 error)\n")
    passed, failed = "\N{WHITE HEAVY CHECK MARK}", "\N{CROSS MARK}&nbsp;1&nbsp;error"
    (row,) = re.findall(rf"^\| `{USERS}`<br>[^|]* \| (.*) \|$", comment.body, re.MULTILINE)
    assert row.split(" | ") == [*[passed] * 6, failed], comment.body
    assert f"Not touched by this change, so only their files were checked: {ORDERS}, {STOCK}." in comment.body
    states = {status.context: status.state for status in api.repository().shown_statuses(_head(workflow)).values()}
    names = {check.id: "failure" if check.id == "drift" else "success" for check in CHECKS}
    assert states == {f"alembic-checks / {check}": state for check, state in names.items()}

    shutil.rmtree(workflow.artifacts / "alembic-checks-1")
    workflow.run_job("report")
    (report,) = workflow.jobs["report"]
    (comment,) = api.repository().comments_on(7)
    assert report.code == 1
    assert "No report of this Alembic config was stored: its job did not finish, or did not run." in comment.body


def test_the_reusable_workflow_comments_writes_statuses_and_stores_the_report(workflow: Workflow, api: StandIn) -> None:
    workflow.text = REUSABLE.read_text(encoding="utf-8")
    declared = YAML(typ="safe").load(workflow.text)["on"]["workflow_call"]["inputs"]
    (caller,) = YAML(typ="safe").load(shown("reused"))["jobs"].values()
    assert caller["uses"] == f"alembic-checks/alembic-checks/{REUSABLE.relative_to(ROOT)}@v1"
    called = YAML(typ="safe").load(workflow.text)["jobs"]["migrations"]
    assert (caller["permissions"], set(caller["with"]) <= set(declared)) == (called["permissions"], True)
    given = {name: about["default"] for name, about in declared.items()} | {"working-directory": "services/users"}
    workflow.variables = {**workflow.variables, **{f"inputs.{name}": value for name, value in given.items()}}
    workflow.run()
    ((job,),) = workflow.jobs.values()
    assert (job.code, job.outputs["verdict"]) == (1, "failed"), job.log
    assert len(api.repository().comments_on(7)) == 1
    assert len(api.repository().shown_statuses(_head(workflow))) == len(CHECKS)
    assert (workflow.artifacts / "alembic-checks-report" / "report.json").exists()


def _head(workflow: Workflow) -> str:
    return builder.git(workflow.repository, "rev-parse", "HEAD")
