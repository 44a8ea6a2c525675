"""A server that speaks PostgreSQL's protocol to nobody's good: what a hostile process may bind to our server's port.

``python fake_server.py KIND [PORT]`` prints its port and serves until it is ended.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable

_HUGE = 1_000_000_000


def message(kind: bytes, body: bytes) -> bytes:
    """Return one message of the protocol."""
    return kind + struct.pack("!I", len(body) + 4) + body


def _setting(name: str, value: str) -> bytes:
    return message(b"S", f"{name}\0{value}\0".encode())


_WELCOME = (
    message(b"R", struct.pack("!I", 0))
    + _setting("server_version", "17.0")
    + _setting("client_encoding", "UTF8")
    + _setting("DateStyle", "ISO, MDY")
    + _setting("standard_conforming_strings", "on")
    + message(b"Z", b"I")
)
_COLUMN = message(b"T", struct.pack("!H", 1) + b"x\0" + struct.pack("!IHIHIH", 0, 0, 25, 0xFFFF, 0xFFFFFFFF, 0))
_EMPTY_ROW = message(b"D", struct.pack("!HI", 1, 0))
_NOTICE = message(b"N", b"SNOTICE\0C00000\0Mstill there\0\0")


def _welcome(peer: socket.socket) -> None:
    peer.recv(65536)
    peer.sendall(_WELCOME)
    peer.recv(65536)


def _for_ever(peer: socket.socket, data: bytes, pause: float = 0.0) -> None:
    while True:
        peer.sendall(data)
        time.sleep(pause)


def silent(peer: socket.socket) -> None:
    """Accept, and say nothing."""
    threading.Event().wait()


def silent_later(peer: socket.socket) -> None:
    """Let everybody in, and answer no query."""
    _welcome(peer)
    threading.Event().wait()


def drips_while_connecting(peer: socket.socket) -> None:
    """Send a byte of an authentication request now and then."""
    peer.recv(65536)
    peer.sendall(b"R" + struct.pack("!I", 2000))
    _for_ever(peer, b"\0", 0.2)


def authenticates_for_ever(peer: socket.socket) -> None:
    """Send one setting after another, and never that it is ready."""
    peer.recv(65536)
    peer.sendall(message(b"R", struct.pack("!I", 0)))
    _for_ever(peer, _setting("work_mem", "4MB") * 1000)


def drips(peer: socket.socket) -> None:
    """Send a byte of a row now and then."""
    _welcome(peer)
    peer.sendall(_COLUMN + b"D" + struct.pack("!IHI", 100_000, 1, 99_990))
    _for_ever(peer, b"x", 0.2)


def rows(peer: socket.socket) -> None:
    """Send rows without an end."""
    _welcome(peer)
    peer.sendall(_COLUMN)
    _for_ever(peer, _EMPTY_ROW * 50_000)


def one_row(peer: socket.socket) -> None:
    """Send one row of a gigabyte."""
    _welcome(peer)
    peer.sendall(_COLUMN + b"D" + struct.pack("!IHI", _HUGE, 1, _HUGE - 10))
    _for_ever(peer, b"x" * 1_000_000)


def notices(peer: socket.socket) -> None:
    """Send notices without an end."""
    _welcome(peer)
    _for_ever(peer, _NOTICE * 10_000)


KINDS: dict[str, Callable[[socket.socket], None]] = {
    one.__name__: one
    for one in (silent, silent_later, drips_while_connecting, authenticates_for_ever, drips, rows, one_row, notices)
}


def _behave(kind: str, peer: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side has had enough
        KINDS[kind](peer)


def serve(kind: str, port: int = 0) -> None:
    """Serve until the process is ended."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            try:
                listening.bind(("127.0.0.1", port))
                break
            except OSError:
                time.sleep(0.01)  # the server that had it is still ending
        listening.listen()
        print(listening.getsockname()[1], flush=True)
        while True:
            peer, _ = listening.accept()
            threading.Thread(target=_behave, args=(kind, peer), daemon=True).start()


if __name__ == "__main__":
    serve(sys.argv[1], *map(int, sys.argv[2:]))
