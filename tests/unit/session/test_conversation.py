"""What is believed of the lines that come from the probe, and what is not."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from action.probe.protocol.requests import (
    ApplyMigration,
    BuildModels,
    FindUnimported,
    Load,
    Request,
    Upgrade,
    WriteCandidate,
)
from action.session.conversation import Conversation, Malformed
from action.session.events import Event, LegFailed, ProbeCrashed, StepStarted

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
TYPES = {kind.__dataclass_fields__["event"].default: kind for kind in get_args(Event)}
UPGRADE = Upgrade(database="d")
APPLY = ApplyMigration(database="d", files=(("b2.py", ""),))
WRITE = WriteCandidate(database="d", head="a1", rev_id="b2", message="m")
LOAD = Load(
    server={"host": "h", "port": 1, "user": "u", "password": "p", "parameters": {}}, database="d", root="/r",
    workdir="/r", config_file="/r/alembic.ini", section="alembic", kind="ini", script_location="/r/m",
    version_locations=(), env_py="/r/m/env.py", env={}, driver=0, only_prepare=False, relocate=None, packages={},
)  # fmt: skip

STEP = {"event": "step", "revision": "a1"}
STATEMENT: dict[str, Any] = {"event": "statement", "sql": "SELECT 1", "frames": [], "transaction": None}
DONE = {"event": "statement-done", "seconds": 0.5}
FRAME = {"path": "migrations/versions/a1.py", "line": 3, "function": "upgrade"}
FAILED = {
    "event": "failed", "revision": None, "frames": [FRAME], "traceback": "", "error": "E", "message": "no",
    "sqlstate": None,
}  # fmt: skip
MODELS = {
    "event": "models", "unbuilt": None, "left_out": [], "tables": [("public", "book")], "enums": [], "sequences": [],
    "views": [], "schemas": ["public"], "default_schema": "public", "include_schemas": False, "hidden": [],
    "supplied": [("public", "book", "id")], "fetched": [],
    "literals": [{"schema": "public", "table": "book", "column": "at", "words": "now()", "refused": False}],
    "mapped": [{"schema": "public", "table": "book", "classes": ["Book"], "uses": [
        {"column": "id", "owner": "Book", "attribute": "id", "statements": ["SELECT"]},
    ]}],
}  # fmt: skip
LOADED = {"revision": "a1", "path": "versions/a1.py", "down_revisions": [], "depends_on": [], "branch_labels": []}
OF_ENV = {
    "event": "environment", "driver": "psycopg2", "heads": ["a1"], "metadata_given": True, "tables": 1,
    "revisions": [LOADED],
    "version_locations": ["/r/versions"], "recursive": False,
    "unseen": [("app.Base", 2)], "version_table": "alembic_version", "version_table_schema": None,
    "transaction_per_migration": False,
}  # fmt: skip
UNIMPORTED: dict[str, Any] = {
    "event": "unimported", "loaded": ["app/book.py"], "error": None,
    "files": [{"path": "app/loan.py", "line": 5, "module": "app.loan", "tables": ["loan"]}],
}  # fmt: skip
CANDIDATE = {
    "event": "candidate", "path": "versions/b2.py", "content": "…", "revision": "b2", "empty": False, "error": None,
    "locations": {"public.book": ("models.py", 4, "Book")},
}  # fmt: skip


def take(*lines: Any, request: Request = UPGRADE) -> list[Event]:
    conversation = Conversation(request)
    return [conversation.take(line if isinstance(line, bytes) else json.dumps(line).encode()) for line in lines]


@pytest.mark.parametrize(
    ("request_", "events"),
    [
        (UPGRADE, [STEP, STATEMENT, DONE, STATEMENT, STATEMENT, DONE, {"event": "step-done", "seconds": 1.5}]),
        (UPGRADE, [STEP, STATEMENT, FAILED, {"event": "ended", "status": 256}]),
        (UPGRADE, [STEP, {"event": "step-done", "seconds": 0.0}, {"event": "done"}, {"event": "ended", "status": 0}]),
        (LOAD, [OF_ENV, {"event": "loaded", "threads": 0}]),
        (LOAD, [{"event": "obstacle", "kind": "exited", "code": "1"}]),
        (BuildModels(database="d"), [MODELS]),
        (BuildModels(database="d"), [{"event": "obstacle", "kind": "never-ran"}]),
        (WRITE, [CANDIDATE]),
        (APPLY, [{"event": "applied", "error": None}]),
        (FindUnimported(files=("app/loan.py",)), [UNIMPORTED]),
    ],
)
def test_what_the_probe_says_is_taken_as_it_is(request_: Request, events: list[Any]) -> None:
    taken = [json.loads(EVENT.dump_json(event)) for event in take(*events, request=request_)]
    sent = json.loads(json.dumps(events))
    assert [{name: event[name] for name in line} for event, line in zip(taken, sent, strict=True)] == sent
    assert [type(event) for event in take(*events, request=request_)] == [TYPES[line["event"]] for line in sent]


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
        [{"event": "stamped", "transaction": 1}],
        [STEP, {"event": "stopped"}],
    ],
)
def test_what_comes_at_the_wrong_time_is_not_believed(events: list[Any]) -> None:
    with pytest.raises(Malformed):
        take(*events)


@pytest.mark.parametrize("event", ["models", "candidate", "applied", "environment"])
def test_an_answer_without_what_was_asked_for_is_not_believed(event: str) -> None:
    (request,) = [r for r in (LOAD, BuildModels("d"), WRITE, APPLY) if r.answer == event]
    with pytest.raises(Malformed):
        take({"event": event}, request=request)


@pytest.mark.parametrize(
    ("request_", "answer"),
    [(UPGRADE, MODELS), (BuildModels("d"), {"event": "done"}), (APPLY, CANDIDATE), (LOAD, {"event": "done"})],
)
def test_the_answer_to_another_request_is_not_believed(request_: Request, answer: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        take(answer, request=request_)


@pytest.mark.parametrize("event", [FAILED, {"event": "obstacle", "kind": "graph"}, {"event": "done"}])
def test_what_asks_for_no_more_is_an_answer(event: dict[str, Any]) -> None:
    conversation = Conversation(UPGRADE)
    conversation.take(json.dumps(STEP).encode())
    assert not conversation.is_answered
    conversation.take(json.dumps(event).encode())
    assert conversation.is_answered


def test_unknown_keys_are_dropped_and_no_text_holds_a_null() -> None:
    assert take({"event": "step", "revision": "a\x001", "more": 1}) == [StepStarted(revision="a\ufffd1")]


def test_what_an_exception_says_becomes_text() -> None:
    (failed,) = take({**FAILED, "message": {"M": 1}, "detail": 3, "hint": None})
    assert isinstance(failed, LegFailed)
    assert (failed.message, failed.detail, failed.hint) == ("{'M': 1}", "3", None)


@pytest.mark.parametrize("said", ["", " \n", "\x1c"])
def test_a_crash_says_something(said: str) -> None:
    assert take({"event": "crashed", "traceback": said}) == [ProbeCrashed(traceback="It said nothing.")]
