"""The protocol: its page, the types of both ends, and the bytes between them say the same."""

from __future__ import annotations

import dataclasses
import inspect
import json
import os
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints, is_typeddict

import pytest

from action.probe.operations import OPERATIONS
from action.probe.protocol import event_fields, requests
from action.probe.protocol.requests import Load, Request, Upgrade, decode, encode
from action.probe.protocol.wire import Wire
from action.session.conversation import Conversation
from action.session.event_parts import Failing
from action.session.events import Event, LegStarted
from action.session.model_events import CandidateWritten

PAGE = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
EVENTS: dict[str, Any] = {kind.__dataclass_fields__["event"].default: kind for kind in get_args(Event)}
SENDERS = {
    name: method for name, method in vars(Wire).items() if not name.startswith("_") and name not in ("receive", "close")
}
LOAD = Load(
    server={"host": "h", "port": 5432, "user": "u", "password": "p", "parameters": {"sslmode": "disable"}},
    database="d", root="/r", workdir="/r", config_file="/r/alembic.ini", section="alembic", kind="ini",
    script_location="/r/m", version_locations=("/r/m/versions",), env_py="/r/m/env.py", env={"A": "{url}"}, driver=1,
    only_prepare=True, relocate=("/r", "/base"), packages={"shop": ["src"]},
)  # fmt: skip


def rows(title: str) -> list[list[str]]:
    """Return the cells of a table of the page, without the backticks of names."""
    table = re.search(rf"## {title}\n\n\|.*\n\| -.*\n((?:\|.*\n)+)", PAGE)
    assert table is not None
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in table[1].splitlines()]


def fields(kind: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(kind) if field.name != "event"]


def test_the_page_lists_every_request_with_its_fields_and_its_answer() -> None:
    listed = [(name, kind, names.split(), answer) for name, kind, _, names, answer in rows("Requests")]
    assert listed == [(kind.do, kind.__name__, fields(kind), kind.answer) for kind in requests.ALL]


def test_the_page_lists_every_event_with_its_fields() -> None:
    listed = {name: (kind, names.split()) for name, kind, _, names in rows("Events")}
    assert listed == {name: (kind.__name__, fields(kind)) for name, kind in EVENTS.items()}


def test_every_request_is_one_of_the_union_and_every_one_on_a_database_is_an_operation() -> None:
    assert set(requests.ALL) == set(get_args(Request))
    assert set(OPERATIONS) == set(get_args(requests.LegRequest))
    assert {kind.answer for kind in requests.ALL} <= set(EVENTS)
    assert {kind.until for kind in requests.ALL} <= set(EVENTS)


def test_the_probe_has_a_method_for_every_event_that_sends_its_fields_and_no_others() -> None:
    assert {name.replace("_", "-") for name in SENDERS} == set(EVENTS)
    for name, method in SENDERS.items():
        hints = get_type_hints(method, vars(event_fields) | vars(inspect.getmodule(method)))
        sent: set[str] = set()
        for parameter, hint in hints.items():
            if parameter != "return":
                sent |= set(get_type_hints(hint)) if is_typeddict(hint) else {parameter}
        assert sent == set(fields(EVENTS[name.replace("_", "-")])), name


@pytest.mark.parametrize("request_", [LOAD, Upgrade(database="d", target=("a", "b"), fork=False)])
def test_a_request_comes_out_of_the_pipe_as_it_went_in(request_: Request) -> None:
    assert decode(encode(request_)) == request_


def test_what_the_probe_sends_is_what_the_session_takes() -> None:
    incoming, outgoing = os.pipe()
    wire = Wire(os.dup(incoming), outgoing)
    wire.started(pid=7)
    wire.candidate({
        "path": "v/é.py", "content": "x\ny", "revision": "r", "empty": False, "error": ValueError("no"),
        "locations": {"public.t": ("m.py", 3, "T")}, "operations": ["op.f()"], "hooks": None, "more": [("v/b.py", "z")],
        "failing": [{"first": 3, "last": 4, "error": "no"}],
    })  # fmt: skip
    conversation = Conversation(requests.WriteCandidate(database="d", head="a", rev_id="r", message="m"))
    taken = [conversation.take(line) for line in os.read(incoming, 1 << 16).splitlines()]
    wire.close()
    os.close(incoming)
    assert taken == [
        LegStarted(pid=7),
        CandidateWritten(
            path="v/é.py", content="x\ny", revision="r", empty=False, error="no",
            locations={"public.t": ("m.py", 3, "T")}, operations=("op.f()",), more=(("v/b.py", "z"),),
            failing=(Failing(first=3, last=4, error="no"),),
        ),
    ]  # fmt: skip
    assert json.loads(encode(LOAD))["do"] == "load"
