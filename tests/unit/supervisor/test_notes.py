"""What the parent of a run knows of it, also of one that was killed in the middle of a word."""

from __future__ import annotations

import json

from action.supervisor.notes import Notes


def line(kind: str, name: str, note: object) -> bytes:
    return json.dumps({"kind": kind, "name": name, "note": note}).encode() + b"\n"


def test_a_note_stands_until_it_is_taken_back() -> None:
    notes = Notes()
    for told in (
        line("folders", "/tmp/a", {}),
        line("folders", "/tmp/b", {}),
        line("servers", "/dev/shm/a", {"pid": 7, "data": "/dev/shm/a/data", "kept": False}),
        line("servers", "/dev/shm/b", {"pid": 8, "data": "/dev/shm/b/data", "kept": True}),
        line("folders", "/tmp/a", None),
    ):
        notes.take(told)
    assert (list(notes.folders), list(notes.servers), notes.kept) == (["/tmp/b"], ["/dev/shm/a", "/dev/shm/b"], (8,))


def test_what_was_cut_off_says_nothing() -> None:
    notes = Notes()
    for told in (line("folders", "/tmp/a", {})[:20], b"\n", b"[]", b'{"kind": "folders"}', b"\xff\n"):
        notes.take(told)
    assert notes == Notes()
