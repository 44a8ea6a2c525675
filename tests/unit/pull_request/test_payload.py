"""Reading the event's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.errors import SettingsError
from action.pull_request.payload import commit, number, part, read_payload, text


def test_the_event_is_read(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text('{"action": "öffnet"}', encoding="utf-8")
    assert read_payload({"GITHUB_EVENT_PATH": str(file)}) == {"action": "öffnet"}


@pytest.mark.parametrize("environ", [{}, {"GITHUB_EVENT_PATH": ""}])
def test_no_event_is_an_empty_one(environ: dict[str, str]) -> None:
    assert read_payload(environ) == {}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file or directory."),
        (b"", "It is not JSON: Expecting value: line 1 column 1 (char 0)."),
        (b"\xff", "It is not JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte."),
        (b"[]", "It is not a JSON object."),
    ],
)
def test_an_event_that_cannot_be_read(tmp_path: Path, content: bytes | None, why: str) -> None:
    file = tmp_path / "event.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as raised:
        read_payload({"GITHUB_EVENT_PATH": str(file)})
    assert str(raised.value) == (
        f"The event file {file} cannot be read.\n{why}\n"
        "Set GITHUB_EVENT_PATH as the runner does, and mount that file into the container."
    )


def test_a_deep_event_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text("[" * 200_000)
    with pytest.raises(SettingsError):
        read_payload({"GITHUB_EVENT_PATH": str(file)})


def test_facts_have_their_type_or_are_missing() -> None:
    payload = {"a": {"text": "x", "empty": "", "n": 3, "yes": True, "zero": 0, "sha": "a" * 40, "none": "0" * 64}}
    assert part(payload, "a", "text") == part(payload, "b") == {}
    assert [text(payload, "a", key) for key in ("text", "empty", "n", "b")] == ["x", None, None, None]
    assert [number(payload, "a", key) for key in ("n", "yes", "zero", "text")] == [3, None, None, None]
    assert [commit(payload, "a", key) for key in ("sha", "none", "text", "n")] == ["a" * 40, None, None, None]
    assert text(payload, "a", "text", "deeper") is None
