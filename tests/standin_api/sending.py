"""Sends answers that never come to their end, or that are far larger than they look."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable
from io import BufferedIOBase

from tests.standin_api.faults import Manner

_START = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_PIECE = b" " * (1 << 20)
_PAUSE = 0.05
"""Seconds between two bytes: far less than any limit for a read."""


def send_badly(manner: Manner, out: BufferedIOBase, pause: Callable[[float], bool]) -> None:
    """Write such an answer until the other end closes, or ``pause`` says that the stand-in ends."""
    match manner:
        case Manner.DRIPPING_HEADERS:
            out.write(_START)
            _drip(out, b"X-Padding: ", pause)
        case Manner.DRIPPING_BODY:
            out.write(_START + b"Content-Length: 1000000\r\n\r\n")
            _drip(out, b"[", pause)
        case Manner.ENDLESS_BODY:
            out.write(_START + b"Content-Length: 1000000000000\r\n\r\n")
            _flood(out, _PIECE, pause)
        case Manner.ENDLESS_CHUNKS:
            out.write(_START + b"Transfer-Encoding: chunked\r\n\r\n")
            _flood(out, b"%x\r\n%s\r\n" % (len(_PIECE), _PIECE), pause)
        case Manner.BOMB:
            packed = gzip.compress(_PIECE * 64) * 16
            out.write(_START + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(packed), packed))


def _drip(out: BufferedIOBase, first: bytes, pause: Callable[[float], bool]) -> None:
    for byte in itertools.chain(first, itertools.repeat(ord("x"))):
        out.write(bytes([byte]))
        if not pause(_PAUSE):
            return


def _flood(out: BufferedIOBase, piece: bytes, pause: Callable[[float], bool]) -> None:
    while pause(0):
        out.write(piece)
