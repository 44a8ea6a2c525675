"""GitHub's published examples of events, and what becomes of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from action.base.wanted import BaseWanted
from action.pull_request.event import Situation, Target, Task

EVENTS = Path(__file__).parent / "events"


PAYLOADS: dict[str, dict[str, Any]] = {file.stem: json.loads(file.read_text()) for file in EVENTS.glob("*.json")}


SHA = "1" * 40


HEAD = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"


STALE_BASE = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"


PUSHED = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"


GROUP = "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d"


BEFORE = "a" * 40


FORK = {"pull_request.head.repo.full_name": "mallory/Hello-World"}


def environ(event: str, **more: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": event,
        "GITHUB_REPOSITORY": "octo-org/octo-repo",
        "GITHUB_SHA": SHA,
        "GITHUB_WORKFLOW": "CI",
        "GITHUB_JOB": "migrations",
        "GITHUB_RUN_ID": "42",
        "GITHUB_RUN_ATTEMPT": "3",
    } | more


def payload(name: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return an example, with other values below some dotted keys."""
    found = copy.deepcopy(PAYLOADS[name])
    for keys, value in (changes or {}).items():
        *above, last = keys.split(".")
        part = found
        for key in above:
            part = part[key]
        part[last] = value
    return found


def target(**more: Any) -> Target:
    facts: dict[str, Any] = {
        "repository": "octo-org/octo-repo",
        "run_id": 42,
        "run_attempt": 3,
        "key": "CI / migrations",
    }
    return Target(**(facts | more))


def pull(event: str = "pull_request", is_fork: bool = False) -> Situation:
    """Return what becomes of the examples' pull request."""
    return Situation(
        event=event,
        base=BaseWanted(ref="master", sha=STALE_BASE, head_sha=HEAD, pull_request=2),
        target=target(head_sha=HEAD, pull_request=2, is_fork=is_fork),
    )


def ignored(event: str, reason: str, **facts: Any) -> Situation:
    return Situation(event=event, task=Task.IGNORE, target=target(**facts), reason=reason)


def no_base(event: str, reason: str, **facts: Any) -> Situation:
    return Situation(event=event, target=target(**facts), reason=reason)
