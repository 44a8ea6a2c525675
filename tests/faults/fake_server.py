"""Servers that are no PostgreSQL: they answer slowly, without end, or not at all."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable

PORT = 5433
URL = f"postgresql://ann:hush-hush-123@127.0.0.1:{PORT}/postgres"
Behaviour = Callable[[socket.socket], None]


def message(kind: bytes, body: bytes) -> bytes:
    """Return a message of PostgreSQL's protocol."""
    return kind + struct.pack("!i", len(body) + 4) + body


def text(value: str) -> bytes:
    """Return a text as the protocol ends it."""
    return value.encode() + b"\0"


WELCOME = b"".join((
    message(b"R", struct.pack("!i", 0)),
    *(message(b"S", text(name) + text(value)) for name, value in (
        ("server_version", "17.0"), ("client_encoding", "UTF8"), ("server_encoding", "UTF8"),
        ("standard_conforming_strings", "on"), ("integer_datetimes", "on"), ("DateStyle", "ISO, MDY"),
    )),
    message(b"K", struct.pack("!ii", 1, 1)),
    message(b"Z", b"I"),
))  # fmt: skip
ONE_COLUMN = message(b"T", struct.pack("!h", 1) + text("line") + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0))
ROW = message(b"D", struct.pack("!hi", 1, 1000) + b"x" * 1000)
NOTICE = message(b"N", b"SNOTICE\0VNOTICE\0C00000\0Mdrip\0\0")


def silent(client: socket.socket) -> None:
    """Accept, and say nothing."""
    while client.recv(4096):
        pass


def drips(client: socket.socket) -> None:
    """Send the answer to the login one byte at a time, and never the last."""
    _begin(client)
    for byte in WELCOME[:-1] * 1000:
        client.sendall(bytes([byte]))
        time.sleep(0.2)


def endless_notices(client: socket.socket) -> None:
    """Send notices in place of the answer to the login."""
    _begin(client)
    while True:
        client.sendall(NOTICE)
        time.sleep(0.05)


def answers_nothing(client: socket.socket) -> None:
    """Let the client log in, and leave its first question without an answer."""
    _begin(client)
    client.sendall(WELCOME)
    silent(client)


def endless_rows(client: socket.socket) -> None:
    """Answer the first question with rows that do not end."""
    _begin(client)
    client.sendall(WELCOME)
    client.recv(65536)
    client.sendall(ONE_COLUMN)
    while True:
        client.sendall(ROW * 100)


def drips_rows(client: socket.socket) -> None:
    """Answer the first question with a row now and then."""
    _begin(client)
    client.sendall(WELCOME)
    client.recv(65536)
    client.sendall(ONE_COLUMN)
    while True:
        client.sendall(ROW)
        time.sleep(0.3)


def a_huge_message(client: socket.socket) -> None:
    """Announce a message of 2 GB in place of the answer to the login."""
    _begin(client)
    client.sendall(b"E" + struct.pack("!i", 2**31 - 1))
    while True:
        client.sendall(b"x" * 65536)


def closes(client: socket.socket) -> None:
    """Take the login and hang up."""
    _begin(client)


def drips_http(client: socket.socket) -> None:
    """Answer a request with a body that comes one byte at a time and never ends."""
    client.recv(65536)
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[")
    while True:
        client.sendall(b" ")
        time.sleep(0.5)


def nonsense(client: socket.socket) -> None:
    """Answer as a web server does."""
    client.recv(4096)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def _begin(client: socket.socket) -> None:
    """Refuse encryption where it is asked for, and take the login."""
    while (asked := client.recv(4096)) and len(asked) == 8:
        client.sendall(b"N")


def start(behave: Behaviour) -> socket.socket:
    """Listen, and behave like that towards everybody."""
    listening = socket.create_server(("127.0.0.1", PORT))

    def serve() -> None:
        while True:
            client, _ = listening.accept()
            threading.Thread(target=_talk, args=(client, behave), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return listening


def _talk(client: socket.socket, behave: Behaviour) -> None:
    with client, contextlib.suppress(OSError):
        behave(client)
