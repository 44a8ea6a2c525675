"""A network that drops every packet from some moment on: connections stay open, and nothing comes through."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from action.postgres.servers.interface import Address


class DroppingProxy:
    """Forwards connections to a server until ``drops`` is set or ``drops_when`` says so; a context manager."""

    def __init__(self, address: Address, drops_when: Callable[[], bool] = lambda: False) -> None:
        self._target = (address.host, address.port)
        self._drops_when = drops_when
        self.drops = threading.Event()
        self._open: list[socket.socket] = [socket.create_server(("127.0.0.1", 0))]
        self.port: int = self._open[0].getsockname()[1]

    def __enter__(self) -> DroppingProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._open[0].accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._open += [near, far]
            for pair in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                if self._drops_when():
                    self.drops.set()
                if not self.drops.is_set():
                    other.sendall(data)
            if not self.drops.is_set():
                other.shutdown(socket.SHUT_WR)
        except OSError:
            pass
