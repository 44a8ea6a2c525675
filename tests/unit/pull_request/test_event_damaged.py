"""A payload that lacks what GitHub sends, or has something else there, never breaks a run."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from action.pull_request.event import Situation, Task, situation
from action.pull_request.payload import text

EVENTS = Path(__file__).parent / "events"
PAYLOADS: dict[str, dict[str, Any]] = {file.stem: json.loads(file.read_text()) for file in EVENTS.glob("*.json")}
VARIABLES = {
    "GITHUB_REPOSITORY": "octo-org/octo-repo",
    "GITHUB_REF": "refs/pull/2/merge",
    "GITHUB_SHA": "1" * 40,
    "GITHUB_WORKFLOW": "CI",
    "GITHUB_JOB": "migrations",
    "GITHUB_RUN_ID": "42",
    "GITHUB_RUN_ATTEMPT": "3",
}
JUNK = st.sampled_from([None, 0, -1, True, "", "x", "0" * 40, "refs/heads/", [], [None], {}, {"full_name": 1}])


def places(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the way to everything in a payload."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, below in items for place in [(*above, key), *places(below, (*above, key))]]


@st.composite
def damaged(draw: st.DrawFn, names: tuple[str, ...] = tuple(sorted(PAYLOADS))) -> dict[str, Any]:
    """Take some keys out of an example, or put something else there."""
    found = copy.deepcopy(PAYLOADS[draw(st.sampled_from(names))])
    for _ in range(draw(st.integers(1, 4))):
        *above, last = draw(st.sampled_from(places(found) or [("action",)]))
        part: Any = found
        for key in above:
            part = part[key]
        if draw(st.booleans()) and isinstance(part, dict):
            part.pop(last, None)
        else:
            part[last] = copy.deepcopy(draw(JUNK))  # it may be damaged itself, next
    return found


def variables(event: str, unset: set[str]) -> dict[str, str]:
    kept = {name: value for name, value in VARIABLES.items() if name not in unset}
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, **kept}


@given(
    st.sampled_from(sorted({name.partition(".")[0] for name in PAYLOADS} | {"pull_request_target"})),
    damaged(),
    st.sets(st.sampled_from(sorted(VARIABLES))),
)
def test_any_payload_gives_a_situation(event: str, payload: dict[str, Any], unset: set[str]) -> None:
    found = situation(variables(event, unset), payload)
    assert isinstance(found, Situation)
    assert found.event == event
    assert found.base is not None or found.reason or found.task is Task.POST


@given(damaged(("pull_request.opened", "pull_request.synchronize")))
def test_whatever_is_not_known_to_be_ours_is_a_forks(payload: dict[str, Any]) -> None:
    found = situation(variables("pull_request_target", set()), payload)
    if found.task is Task.CHECK:
        ours = text(payload, "pull_request", "base", "repo", "full_name") or text(payload, "repository", "full_name")
        assert text(payload, "pull_request", "head", "repo", "full_name") == ours
        assert ours is not None
