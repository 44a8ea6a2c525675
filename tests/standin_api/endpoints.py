"""What each endpoint does to the stand-in's state, and GitHub's own rules that its schemas do not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.standin_api.faults import DOCS, NOT_ACCESSIBLE, NOT_FOUND, Reply, error, too_long
from tests.standin_api.state import CheckRun, Comment, Pull, Repository, Status, Token

COMMENT = "issues=write; pull_requests=write"
READS = "metadata=read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that GitHub's description has nothing against."""

    repository: Repository
    token: Token
    path: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """Return a number in the path."""
        return int(self.path[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What an operation does, and the permissions that it accepts in the words of GitHub's header."""

    run: Callable[[Asked], Reply]
    accepted: str = READS


def list_comments(asked: Asked) -> Reply:
    number = asked.number("issue_number")
    if number not in asked.repository.pulls:
        return NOT_FOUND
    return Reply(status=200, body=[shown_comment(comment) for comment in asked.repository.comments_on(number)])


def create_comment(asked: Asked) -> Reply:
    number = asked.number("issue_number")
    if number not in asked.repository.pulls:
        return NOT_FOUND
    if len(asked.body["body"]) > 65_536:
        return too_long("IssueComment", "body", 65_536)
    return Reply(
        status=201, body=shown_comment(asked.repository.comment(number, asked.body["body"], asked.token.login))
    )


def edit_comment(asked: Asked) -> Reply:
    found = _comment(asked)
    if found is None:
        return NOT_FOUND
    if len(asked.body["body"]) > 65_536:
        return too_long("IssueComment", "body", 65_536)
    found.body = asked.body["body"]
    return Reply(status=200, body=shown_comment(found))


def delete_comment(asked: Asked) -> Reply:
    found = _comment(asked)
    if found is None:
        return NOT_FOUND
    asked.repository.comments.remove(found)
    return Reply(status=204)


def _comment(asked: Asked) -> Comment | None:
    wanted = asked.number("comment_id")
    return next((comment for comment in asked.repository.comments if comment.id == wanted), None)


def shown_comment(comment: Comment) -> dict[str, Any]:
    """Return a comment as GitHub shows it."""
    page = f"https://github.example/acme/shop/pull/{comment.pull}#issuecomment-{comment.id}"
    return {"id": comment.id, "body": comment.body, "html_url": page, "user": shown_user(comment.author)}


def shown_user(login: str | None) -> dict[str, Any] | None:
    """Return an account as GitHub shows it."""
    return {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"} if login is not None else None


def create_status(asked: Asked) -> Reply:
    sha, given = asked.path["sha"], asked.body
    if not asked.repository.knows(sha):
        return error(422, f"No commit found for SHA: {sha}", errors=[])
    if len(given.get("description") or "") > 140:
        return too_long("Status", "description", 140)
    if re.search("[\U00010000-\U0010ffff]", f"{given.get('description')}{given['context']}"):
        return error(
            422, "Validation Failed", errors=[{"resource": "Status", "code": "custom", "field": "description"}]
        )
    asked.repository.statuses.append(Status(sha=sha, **given))
    return Reply(status=201, body=dict(given))


def create_check_run(asked: Asked) -> Reply:
    given = dict(asked.body)
    if not asked.repository.knows(given["head_sha"]):
        return error(422, f"No commit found for SHA: {given['head_sha']}")
    output = given["output"]
    made = CheckRun(
        id=1 + len(asked.repository.check_runs),
        name=given["name"],
        head_sha=given["head_sha"],
        conclusion=given["conclusion"],
        details_url=given.get("details_url"),
        title=output["title"],
        summary=output["summary"],
        annotations=list(output.get("annotations", ())),
    )
    if any(len(annotation.get("title", "")) > 255 for annotation in made.annotations):
        return too_long("CheckRun", "title", 255)
    asked.repository.check_runs.append(made)
    return Reply(status=201, body=_shown_check_run(made))


def edit_check_run(asked: Asked) -> Reply:
    wanted = asked.number("check_run_id")
    found = next((run for run in asked.repository.check_runs if run.id == wanted), None)
    if found is None:
        return NOT_FOUND
    found.annotations += asked.body["output"].get("annotations", ())
    return Reply(status=200, body=_shown_check_run(found))


def _shown_check_run(run: CheckRun) -> dict[str, Any]:
    output = {"title": run.title, "summary": run.summary, "annotations_count": len(run.annotations)}
    return {"id": run.id, "name": run.name, "head_sha": run.head_sha, "output": output, "check_suite": {"id": 1}}


def list_pulls(asked: Asked) -> Reply:
    state, head = asked.query.get("state", "open"), asked.query.get("head")
    found = [
        pull for pull in asked.repository.pulls.values() if state in ("all", pull.state) and head in (None, pull.head)
    ]
    return Reply(status=200, body=[_shown_pull(pull) for pull in found])


def _shown_pull(pull: Pull) -> dict[str, Any]:
    owner, _, branch = pull.head.partition(":")
    head = {"label": pull.head, "ref": branch, "sha": pull.head_sha, "user": shown_user(owner)}
    return {"number": pull.number, "state": pull.state, "head": head}


def list_files(asked: Asked) -> Reply:
    pull = asked.repository.pulls.get(asked.number("pull_number"))
    return Reply(status=200, body=list(pull.files)) if pull else NOT_FOUND


def compare(asked: Asked) -> Reply:
    sha = asked.repository.merge_bases.get(asked.path["basehead"])
    return Reply(status=200, body={"merge_base_commit": {"sha": sha}}) if sha else NOT_FOUND


def show_user(asked: Asked) -> Reply:
    if asked.token.is_app:
        return error(403, NOT_ACCESSIBLE)
    return Reply(status=200, body={**(shown_user(asked.token.login) or {}), "url": DOCS})


_REPOSITORY = "/repos/{owner}/{repo}"
ENDPOINTS = {
    ("GET", "/user"): Endpoint(run=show_user),
    ("GET", f"{_REPOSITORY}/issues/{{issue_number}}/comments"): Endpoint(run=list_comments),
    ("POST", f"{_REPOSITORY}/issues/{{issue_number}}/comments"): Endpoint(run=create_comment, accepted=COMMENT),
    ("PATCH", f"{_REPOSITORY}/issues/comments/{{comment_id}}"): Endpoint(run=edit_comment, accepted=COMMENT),
    ("DELETE", f"{_REPOSITORY}/issues/comments/{{comment_id}}"): Endpoint(run=delete_comment, accepted=COMMENT),
    ("POST", f"{_REPOSITORY}/statuses/{{sha}}"): Endpoint(run=create_status, accepted="statuses=write"),
    ("POST", f"{_REPOSITORY}/check-runs"): Endpoint(run=create_check_run, accepted="checks=write"),
    ("PATCH", f"{_REPOSITORY}/check-runs/{{check_run_id}}"): Endpoint(run=edit_check_run, accepted="checks=write"),
    ("GET", f"{_REPOSITORY}/pulls"): Endpoint(run=list_pulls),
    ("GET", f"{_REPOSITORY}/pulls/{{pull_number}}/files"): Endpoint(run=list_files),
    ("GET", f"{_REPOSITORY}/compare/{{basehead}}"): Endpoint(run=compare),
}
