"""A run that ends for another reason does not wait for an image that is still being pulled."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from action.commands.servers import ComingServers
from action.settings import load


class Engine(socketserver.ThreadingUnixStreamServer):
    """A Docker engine that pulls for ever."""

    daemon_threads = True

    def __init__(self, place: Path) -> None:
        super().__init__(str(place), Answers)
        self.pulling, self.ended = threading.Event(), threading.Event()


class Answers(BaseHTTPRequestHandler):
    """Answers of an engine without containers and images."""

    server: Engine

    def log_message(self, *args: object, **more: object) -> None:
        pass

    def address_string(self) -> str:
        return "engine"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        found: object = {"ApiVersion": "1.44"} if path.endswith("/version") else []
        missing = "/images/" in path or ("/containers/" in path and not path.endswith("/json"))
        body = json.dumps({"message": "No such image"} if missing else found).encode()
        self.send_response(404 if missing else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.server.pulling.set()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        while not self.server.ended.wait(0.2):
            self.wfile.write(b'{"status": "Downloading"}\r\n')


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "docker.sock") as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield served
        served.ended.set()
        served.shutdown()


def test_a_run_that_ends_for_another_reason_does_not_wait_for_it(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    with contextlib.ExitStack() as stack:
        ComingServers(load(["--postgres-image", "postgres:17"], tmp_path, {}), stack)
        assert engine.pulling.wait(60)
    assert not engine.ended.is_set()
