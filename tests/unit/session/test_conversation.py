"""What is believed of the lines that come from the probe, and what is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from action.session.conversation import Conversation, Malformed

STEP = {"event": "step", "revision": "a1"}
STATEMENT: dict[str, Any] = {"event": "statement", "sql": "SELECT 1", "frames": [], "transaction": None}
DONE = {"event": "statement-done", "seconds": 0.5}
FRAME = {"path": "migrations/versions/a1.py", "line": 3, "function": "upgrade"}
FAILED = {
    "event": "failed", "revision": None, "frames": [FRAME], "traceback": "", "error": "E", "message": "no",
    "sqlstate": None,
}  # fmt: skip
MODELS = {
    "event": "result", "unbuilt": None, "left_out": [], "tables": [("public", "book")], "enums": [], "sequences": [],
    "views": [], "schemas": ["public"], "default_schema": "public", "include_schemas": False, "hidden": [],
}  # fmt: skip
OF_ENV = {
    "event": "environment", "driver": "psycopg2", "heads": ["a1"], "metadata_given": True, "tables": 1,
    "unseen": [("app.Base", 2)], "version_table": "alembic_version", "version_table_schema": None,
    "transaction_per_migration": False,
}  # fmt: skip
CANDIDATE = {
    "event": "result", "path": "versions/b2.py", "content": "…", "revision": "b2", "empty": False, "error": None,
    "locations": {"public.book": ("models.py", 4, "Book")},
}  # fmt: skip


def take(*lines: Any, do: str = "upgrade") -> list[Any]:
    conversation = Conversation(do)
    return [conversation.take(line if isinstance(line, bytes) else json.dumps(line).encode()) for line in lines]


@pytest.mark.parametrize(
    ("do", "events"),
    [
        ("upgrade", [STEP, STATEMENT, DONE, STATEMENT, STATEMENT, DONE, {"event": "step-done", "seconds": 1.5}]),
        ("upgrade", [STEP, STATEMENT, FAILED, {"event": "result"}, {"event": "ended", "status": 256}]),
        ("load", [OF_ENV, {"event": "loaded", "threads": 0}]),
        ("load", [{"event": "obstacle", "kind": "exited", "code": "1"}]),
        ("models", [MODELS]),
        ("models", [{"event": "obstacle", "kind": "never-ran"}, {"event": "result"}]),
        ("candidate", [CANDIDATE]),
        ("apply", [{"event": "result", "error": None}]),
        ("pending", [{"event": "result", "pending": ["a1"]}]),
    ],
)
def test_what_the_probe_says_is_taken_as_it_is(do: str, events: list[Any]) -> None:
    assert json.dumps(take(*events, do=do)) == json.dumps(events)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"nonsense", b"null", b"[]", b"1", b'"step"', b"\xff", b"[" * 100_000, b'{"event": "applause"}', b"{}",
        b'{"event": ["step"], "revision": "a1"}', b'{"event": "step"}', b'{"event": "step", "revision": 1}',
        b'{"event": "step", "revision": "\\ud800"}', b'{"event": "ended", "status": -1}',
        b'{"event": "ended", "status": 65536}', b'{"event": "ended", "status": true}',
        b'{"event": "ended", "status": "0"}', b'{"event": "loaded", "threads": 1e999}',
        b'{"event": "loaded", "threads": 1' + b"0" * 5000 + b"}", b'{"event": "started", "pid": 1}',
        b'{"event": "started", "pid": -1}', b'{"event": "started", "pid": 4194305}',
        b'{"event": "obstacle", "kind": "no-server"}', b'{"event": "obstacle", "kind": "graph", "path": "/etc/passwd"}',
        b'{"event": "obstacle", "kind": "graph", "path": "a/../../b"}',
        b'{"event": "step", "revision": "a1"} {"event": "step", "revision": "a1"}',
    ],
)  # fmt: skip
def test_anything_else_is_not_believed(line: bytes) -> None:
    with pytest.raises(Malformed):
        take(line)


@pytest.mark.parametrize(
    "events",
    [
        [STATEMENT],
        [DONE],
        [STEP, DONE],
        [STEP, STATEMENT, DONE, DONE],
        [STEP, STATEMENT, STEP, DONE],
        [{"event": "step-done", "seconds": 1}],
        [STEP, {"event": "step-done", "seconds": 1}, STATEMENT],
        [STEP, STATEMENT, {**DONE, "seconds": float("nan")}],
        [STEP, STATEMENT, {**DONE, "seconds": float("inf")}],
        [STEP, STATEMENT, {**DONE, "seconds": -1}],
        [STEP, {**STATEMENT, "frames": [{**FRAME, "line": None}]}],
        [STEP, {**STATEMENT, "frames": [FRAME] * 51}],
    ],
)
def test_what_comes_at_the_wrong_time_is_not_believed(events: list[Any]) -> None:
    with pytest.raises(Malformed):
        take(*events)


@pytest.mark.parametrize("do", ["models", "candidate", "apply", "pending"])
def test_a_result_without_what_was_asked_for_is_not_believed(do: str) -> None:
    with pytest.raises(Malformed):
        take({"event": "result"}, do=do)


def test_unknown_keys_are_dropped_and_no_text_holds_a_null() -> None:
    assert take({"event": "step", "revision": "a\x001", "more": 1}) == [{"event": "step", "revision": "a\ufffd1"}]


def test_what_an_exception_says_becomes_text() -> None:
    (told,) = take({**FAILED, "message": {"M": 1}, "detail": 3, "hint": None})
    assert (told["message"], told["detail"], told["hint"]) == ("{'M': 1}", "3", None)


@pytest.mark.parametrize("said", ["", " \n", "\x1c"])
def test_a_crash_says_something(said: str) -> None:
    assert take({"event": "crashed", "traceback": said})[0]["traceback"] == "It said nothing."
