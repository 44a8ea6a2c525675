"""Writes the events of this folder: GitHub's published examples, cut down to what is read and some of what is not.

npm pack @octokit/webhooks-examples@7.6.1   (MIT), unpacked
python tests/unit/pull_request/events/prune.py package/api.github.com/index.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

EXAMPLES = {
    "pull_request.opened": ("pull_request", 0),
    "pull_request.labeled": ("pull_request", 8),
    "pull_request.closed": ("pull_request", 3),
    "pull_request.synchronize": ("pull_request", 22),
    "push.branch-created": ("push", 4),
    "push.tag-deleted": ("push", 1),
    "merge_group.checks_requested": ("merge_group", 0),
    "workflow_run.completed": ("workflow_run", 2),
    "workflow_run.requested": ("workflow_run", 3),
    "workflow_dispatch": ("workflow_dispatch", 0),
    "repository_dispatch": ("repository_dispatch", 0),
}
"""File here: event and which of its examples."""

_REPOSITORY = ("id", "full_name", "name", "private", "fork", "default_branch", "owner")
_ENDS = {"ref": None, "sha": None, "label": None, "repo": dict.fromkeys(_REPOSITORY)}
_PULL = dict.fromkeys(("number", "state", "title", "draft", "merged", "merge_commit_sha", "author_association"))
_RUN = ("id", "name", "event", "status", "conclusion", "head_branch", "head_sha", "run_number", "run_attempt")
KEPT: dict[str, Any] = {
    **dict.fromkeys(("action", "number", "label", "before", "after", "ref", "base_ref", "inputs", "workflow")),
    **dict.fromkeys(("created", "deleted", "forced", "merge_group", "branch", "client_payload")),
    "pull_request": {**_PULL, "head": _ENDS, "base": _ENDS},
    "repository": dict.fromkeys(_REPOSITORY),
    "workflow_run": {**dict.fromkeys((*_RUN, "pull_requests")), "head_repository": dict.fromkeys(_REPOSITORY)},
}
_DROPPED = ("url", "node_id", "gravatar_id", "events_url")


def pruned(value: Any, kept: dict[str, Any] | None) -> Any:
    """Return the kept keys of an object; all but the addresses where nothing is said."""
    if isinstance(value, list):
        return [pruned(item, kept) for item in value]
    if not isinstance(value, dict):
        return value
    if kept is None:
        return {key: pruned(item, None) for key, item in value.items() if not key.endswith(_DROPPED)}
    return {key: pruned(value[key], kept[key]) for key in kept if key in value}


def main(index: Path) -> None:
    """Write each file anew."""
    examples = {event["name"]: event["examples"] for event in json.loads(index.read_text())}
    for name, (event, position) in EXAMPLES.items():
        text = json.dumps(pruned(examples[event][position], KEPT), indent=1)
        (HERE / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
