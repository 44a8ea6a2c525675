"""Reads from the event what to do, what to compare with, and where to report. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from action.base.wanted import BaseWanted
from action.errors import SettingsError
from action.pull_request.payload import Payload, commit, number, part, text


class Task(enum.StrEnum):
    """What a run does for an event."""

    CHECK = "check"
    POST = "post"
    """Post the report that another run stored, because it could not write to the pull request."""
    IGNORE = "ignore"
    """Do nothing: there is nothing to check, such as for a closed pull request."""
    REFUSE = "refuse"
    """Refuse: a check would run a fork's code with a token that can write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The repository, commit and pull request to report on."""

    repository: str
    """``owner/name``."""
    head_sha: str | None = None
    """The commit that statuses go to."""
    pull_request: int | None = None
    """None where none is known, or where it has to be looked up by ``head`` (POST)."""
    head: str | None = None
    """``owner:branch`` of a pull request that has to be looked up."""
    run_id: int = 0
    run_attempt: int = 1
    key: str = ""
    """Which of the reports on a pull request this is: workflow and job; of a stored report only the workflow."""
    workflow: str = ""
    """What tells the workflow that stored the report from all others of the repository; empty for a run's own."""
    is_fork: bool = False
    head_repository: str | None = field(default=None, compare=False)
    """The fork that has ``head_sha``, as ``owner/name``; None where it is ``repository``, or was deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a run does, as its event says."""

    event: str
    """``pull_request``, ``push``, …; empty outside GitHub Actions."""
    task: Task = Task.CHECK
    base: BaseWanted | None = None
    target: Target | None = None
    """None where there is nothing to write to: no GitHub."""
    reason: str = ""
    """Why it is ignored or refused, why there is no base, or which pull request is queued; a sentence for the log."""
    labels: tuple[str, ...] = ()
    """The labels of the pull request at the time of the event."""


def situation(environ: Mapping[str, str], payload: Payload, *, run_fork_code: bool = False) -> Situation:
    """Return what to do for the event that ``environ`` and ``payload`` (the event's file) describe.

    Parts that the payload does not have are left out. Raises SettingsError where the runner does not name the event.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return Situation(event="")
    event = environ.get("GITHUB_EVENT_NAME")
    if not event:
        raise SettingsError(
            "The event that started the workflow is not known.",
            why="GITHUB_ACTIONS is true, but GITHUB_EVENT_NAME is not set.",
            remedy="Pass on the variables that the runner sets, or unset GITHUB_ACTIONS.",
        )
    found = _READERS.get(event, _without_base)(event, environ, payload)
    if event == "pull_request_target" and found.task is Task.CHECK and _is_fork(payload) and not run_fork_code:
        return replace(found, task=Task.REFUSE, base=None, reason=_REFUSED)
    return found


_REFUSED = (
    "The pull request comes from a fork, and under pull_request_target its code would run in a job whose token can "
    "write. Use the event pull_request, or set run-fork-code-on-pull-request-target to true."
)


def _of_pull_request(event: str, environ: Mapping[str, str], payload: Payload) -> Situation:
    """Check at every action that leaves the pull request open, also ``labeled``, ``edited`` and the like.

    They only come where the workflow's ``types`` name them. A run that checked nothing would put a green mark on the
    head commit, over the red one of an earlier run.
    """
    pull = part(payload, "pull_request")
    found = re.match(r"refs/pull/([0-9]{1,18})/", environ.get("GITHUB_REF", ""))
    known = number(payload, "number") or number(pull, "number") or (int(found.group(1)) if found else None)
    head_sha = commit(pull, "head", "sha")
    target = _target(environ, payload, head_sha=head_sha, pull_request=known, is_fork=_is_fork(payload))
    if target is not None:
        target = replace(target, head_repository=_other(text(pull, "head", "repo", "full_name"), target.repository))
    if payload.get("action") == "closed" or pull.get("state") == "closed":
        reason = "The pull request is closed, so there is nothing to merge."
        return Situation(event=event, task=Task.IGNORE, target=target, reason=reason)
    ref = text(pull, "base", "ref") or environ.get("GITHUB_BASE_REF")
    labels = _labels(pull)
    if not ref:
        reason = "The event does not name the pull request's base."
        return Situation(event=event, target=target, reason=reason, labels=labels)
    base = BaseWanted(ref=ref, sha=commit(pull, "base", "sha"), head_sha=head_sha, pull_request=known)
    return Situation(event=event, base=base, target=target, labels=labels)


def _labels(pull: Payload) -> tuple[str, ...]:
    listed = pull.get("labels")
    labels = [label for label in (listed if isinstance(listed, list) else []) if isinstance(label, Mapping)]
    names = [text(label, "name") for label in labels]
    return tuple(name for name in names if name)


def _of_merge_group(event: str, environ: Mapping[str, str], payload: Payload) -> Situation:
    group = part(payload, "merge_group")
    target = _target(environ, payload, head_sha=commit(group, "head_sha") or _sha(environ))
    if payload.get("action") == "destroyed":
        reason = "The merge group was dissolved, so there is nothing to merge."
        return Situation(event=event, task=Task.IGNORE, target=target, reason=reason)
    # Only for the log: one group may have several pull requests, and each has its own report.
    queued = re.search(r"/pr-([0-9]+)-[0-9a-f]+$", text(group, "head_ref") or "")
    reason = f"The merge group ends with pull request {queued.group(1)}." if queued else ""
    sha = commit(group, "base_sha")
    if sha is None:
        return Situation(event=event, target=target, reason="The event does not name the merge group's base.")
    ref = (text(group, "base_ref") or sha).removeprefix("refs/heads/")
    return Situation(event=event, base=BaseWanted(ref=ref, sha=sha, moving=False), target=target, reason=reason)


def _of_push(event: str, environ: Mapping[str, str], payload: Payload) -> Situation:
    """Compare a branch with the default branch, and the default branch with what it was before the push."""
    target = _target(environ, payload, head_sha=commit(payload, "after") or _sha(environ))
    ref = text(payload, "ref") or environ.get("GITHUB_REF", "")
    branch = ref.removeprefix("refs/heads/")
    if payload.get("deleted") is True:
        reason = f"{ref} was deleted, so there is nothing to check."
        return Situation(event=event, task=Task.IGNORE, target=target, reason=reason)
    if branch == ref:
        return Situation(
            event=event, target=target, reason=f"{ref or 'The pushed ref'} is not a branch, so it has no base."
        )
    default = text(payload, "repository", "default_branch")
    if default is not None and branch != default:
        return Situation(event=event, base=BaseWanted(ref=default), target=target)
    before = commit(payload, "before")
    if before is None:
        reason = f"The push does not name the commit of {branch} before it, so there is no base."
        return Situation(event=event, target=target, reason=reason)
    base = BaseWanted(ref=f"{branch} before this push", sha=before, moving=False)
    return Situation(event=event, base=base, target=target)


def _of_workflow_run(event: str, environ: Mapping[str, str], payload: Payload) -> Situation:
    """Post the report that the ended run stored; only that report names its job."""
    run = part(payload, "workflow_run")
    target = _target(environ, payload, head_sha=commit(run, "head_sha"))
    if target is not None:
        owner, branch = text(run, "head_repository", "owner", "login"), text(run, "head_branch")
        target = replace(
            target,
            pull_request=_listed(run, payload),
            head=f"{owner}:{branch}" if owner and branch else None,
            run_id=number(run, "id") or 0,
            run_attempt=number(run, "run_attempt") or 1,
            key=text(payload, "workflow", "name") or text(run, "name") or "",
            workflow=_workflow(run, payload),
            is_fork=_differ(text(run, "head_repository", "full_name"), target.repository),
            head_repository=_other(text(run, "head_repository", "full_name"), target.repository),
        )
    by = text(run, "event") or "another event"
    if _READERS.get(by) is not _of_pull_request:
        reason = f"The workflow was run by {by}, not by a pull request."
        return Situation(event=event, task=Task.IGNORE, target=target, reason=reason)
    if payload.get("action") in ("requested", "in_progress"):
        reason = "The workflow has not ended yet, so there is no report."
        return Situation(event=event, task=Task.IGNORE, target=target, reason=reason)
    return Situation(event=event, task=Task.POST, target=target)


def _workflow(run: Payload, payload: Payload) -> str:
    """Return the id of the workflow that ended, else its file: its name is any text, and another one may have it."""
    id_ = number(payload, "workflow", "id") or number(run, "workflow_id")
    return str(id_) if id_ else text(payload, "workflow", "path") or text(run, "path") or "unknown"


def _without_base(event: str, environ: Mapping[str, str], payload: Payload) -> Situation:
    reason = f"The event {event} names no base, so there is nothing to compare with."
    return Situation(event=event, target=_target(environ, payload, head_sha=_sha(environ)), reason=reason)


_READERS: Mapping[str, Callable[[str, Mapping[str, str], Payload], Situation]] = {
    "pull_request": _of_pull_request,
    "pull_request_target": _of_pull_request,
    # These two check out the merge commit, as pull_request does.
    "pull_request_review": _of_pull_request,
    "pull_request_review_comment": _of_pull_request,
    "merge_group": _of_merge_group,
    "push": _of_push,
    "workflow_run": _of_workflow_run,
}


def _target(
    environ: Mapping[str, str],
    payload: Payload,
    *,
    head_sha: str | None,
    pull_request: int | None = None,
    is_fork: bool = False,
) -> Target | None:
    repository = environ.get("GITHUB_REPOSITORY") or text(payload, "repository", "full_name")
    if not repository:
        return None
    names = (environ.get("GITHUB_WORKFLOW"), environ.get("GITHUB_JOB"))
    return Target(
        repository=repository,
        head_sha=head_sha,
        pull_request=pull_request,
        run_id=_whole(environ.get("GITHUB_RUN_ID"), 0),
        run_attempt=_whole(environ.get("GITHUB_RUN_ATTEMPT"), 1),
        key=" / ".join(name for name in names if name),
        is_fork=is_fork,
    )


def _is_fork(payload: Payload) -> bool:
    """Return whether the head is in another repository, or in a fork that was deleted since."""
    pull = part(payload, "pull_request")
    ours = text(pull, "base", "repo", "full_name") or text(payload, "repository", "full_name")
    return _differ(text(pull, "head", "repo", "full_name"), ours)


def _differ(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one.lower() != other.lower()


def _other(head: str | None, repository: str) -> str | None:
    """Return the repository of the head, where it is another one."""
    return head if head is not None and _differ(head, repository) else None


def _listed(run: Payload, payload: Payload) -> int | None:
    """Return the pull request that the event lists for the run's head; it lists no pull request of a fork."""
    pulls = run.get("pull_requests")
    repository, head_sha = number(payload, "repository", "id"), commit(run, "head_sha")
    numbers = {
        number(pull, "number")
        for pull in (pulls if isinstance(pulls, list) else [])
        if head_sha is not None
        and commit(pull, "head", "sha") == head_sha
        and number(pull, "base", "repo", "id") == repository
    }
    return numbers.pop() if len(numbers) == 1 else None


def _sha(environ: Mapping[str, str]) -> str | None:
    return commit(environ, "GITHUB_SHA")


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"[0-9]{1,18}", value) else default
