"""PyGithub's connections with limits for the whole of an answer: its time and its size."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

import requests
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from action.pull_request.call_limits import CallLimits
from action.pull_request.trouble import Unreachable
from action.pull_request.waiting import Waiting

MOST_BYTES = 64 << 20
"""Of an answer, unpacked: a page of a hundred of the longest comments has less."""
_PIECE = 1 << 16


def use_limits() -> None:
    """Let PyGithub make its connections by the classes below."""
    Requester.injectConnectionClasses(LimitedHttp, LimitedHttps)


class LimitedAdapter(HTTPAdapter):
    """Sends requests and reads their answers within limits of time and size."""

    def __init__(self, limits: CallLimits, retries: Waiting) -> None:
        self._pools = _pools(limits)
        self.limits = limits
        super().__init__(max_retries=retries)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the pools of watched connections."""
        super().init_poolmanager(*given, **named)
        self._watched(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **named: Any) -> ProxyManager:
        """Make those through a proxy."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **named)
        self._watched(manager)
        return manager

    def _watched(self, manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = dict(self._pools)

    def send(self, *given: Any, **named: Any) -> requests.Response:
        """Return an answer that is read to its end; raises OutOfTime, and Unreachable for one that is too large."""
        self.limits.check()
        try:
            answer = super().send(*given, **{**named, "stream": True})
            answer._content = _body(answer)
        except Unreachable:
            raise
        except Exception:
            self.limits.check()
            raise
        self.limits.check()  # where the end of the connection is the end of the body
        return answer


def _body(answer: requests.Response) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_content(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            answer.close()
            raise Unreachable(f"its answer has more than {MOST_BYTES >> 20} MB", maybe_done=True)
    return b"".join(pieces)


def _pools(limits: CallLimits) -> Mapping[str, type[HTTPConnectionPool]]:
    """Return the classes of pools whose connections the limits watch from their first byte on."""

    class WatchedHttp(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            made = super()._new_conn()
            limits.watch(made)
            return made

    class WatchedHttps(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            made = super()._new_conn()
            limits.watch(made)
            return made

    class PoolOfHttp(HTTPConnectionPool):
        ConnectionCls = WatchedHttp

    class PoolOfHttps(HTTPSConnectionPool):
        ConnectionCls = WatchedHttps

    return {"http": PoolOfHttp, "https": PoolOfHttps}


class LimitedHttp(HTTPRequestsConnectionClass):
    """A connection without TLS, such as to the stand-in of the tests."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.session.mount("http://", _adapter(self.retry))

    def close(self) -> None:
        """Keep the pool open, which the next object of this class uses again; the client closes it."""


class LimitedHttps(HTTPSRequestsConnectionClass):
    """A connection with TLS."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.session.mount("https://", _adapter(self.retry))

    def close(self) -> None:
        """Keep the pool open, which the next object of this class uses again; the client closes it."""


def _adapter(retry: object) -> HTTPAdapter:
    """Return the adapter of a client, which PyGithub hands on with its retries."""
    assert isinstance(retry, Waiting)
    assert retry.adapter is not None
    return retry.adapter
