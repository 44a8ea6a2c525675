"""A Git server on loopback: Git's own ``http-backend``, behind a password and a log."""

from __future__ import annotations

import contextlib
import gzip
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.repositories import ENV


@dataclass(slots=True)
class GitServer:
    """What it serves, and what was asked of it."""

    folder: Path
    """Holds ``owner/name`` repositories."""
    authorization: str | None = None
    """The header that lets in; None for everybody."""
    is_down: bool = False
    send_to: str | None = None
    """Another server that every request is sent on to."""
    url: str = ""
    log: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and Authorization of each request."""
    sent: int = 0
    """Bytes of all replies."""


class _Handler(BaseHTTPRequestHandler):
    git: GitServer

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        body = self._chunks() if self.headers.get("Transfer-Encoding") else self._body()
        self._answer(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunks(self) -> bytes:
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _answer(self, body: bytes) -> None:
        given = self.headers.get("Authorization")
        self.git.log.append((urlsplit(self.path).path, given))
        if self.git.is_down:
            self._reply(503, {}, b"")
        elif self.git.send_to is not None:
            self._reply(302, {"Location": self.git.send_to + self.path}, b"")
        elif self.git.authorization is not None and given != self.git.authorization:
            self._reply(401, {"WWW-Authenticate": "Basic realm=git"}, b"")
        else:
            self._reply(*self._backend(body))

    def _backend(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(self.path)
        variables = {
            "GIT_PROJECT_ROOT": str(self.git.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "uploadpack.allowFilter",
            "GIT_CONFIG_VALUE_0": "true",
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, env={**ENV, **variables}, capture_output=True, check=False
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
        return int(headers.pop("Status", "200").split()[0]), headers, content

    def _reply(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.git.sent += len(content)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep still."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[GitServer]:
    """Serve the repositories below a folder."""
    git = GitServer(folder)
    handler = type("Handler", (_Handler,), {"git": git})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        git.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield git
        finally:
            server.shutdown()
            thread.join()


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return what everything below a folder is: mode, time of its last change, content."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            about = path.lstat()
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            found[str(path.relative_to(folder))] = (about.st_mode, about.st_mtime_ns, content)
    return found
