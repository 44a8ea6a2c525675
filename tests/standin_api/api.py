"""A stand-in for api.github.com on loopback: real state, each request and reply held against GitHub's description."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.standin_api.contract import Operation, amiss_in_headers, contract
from tests.standin_api.endpoints import ENDPOINTS, READS, Asked, Endpoint
from tests.standin_api.faults import BAD_CREDENTIALS, NOT_FOUND, Fault, Reply, error, forbidden
from tests.standin_api.filler import filled
from tests.standin_api.sending import send_badly
from tests.standin_api.state import TOKENS, Repository, Token

_LIMITS = {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "987", "X-RateLimit-Reset": "1772473269"}


class StandIn:
    """The state, the faults to come, and what was asked so far."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.origin = ""
        """Filled in by the server: ``http://127.0.0.1:12345``."""
        self.repositories: dict[str, Repository] = {}
        self.tokens: dict[str, Token] = dict(TOKENS)
        self.log: list[str] = []
        """Each request: method, path below the prefix, query."""
        self.violations: list[str] = []
        """What was not as GitHub describes it, in requests and in our own replies; a test asserts that it is empty."""
        self.links_lead_to: str | None = None
        """Another origin in the Link headers, as from somebody who wants the token."""
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()

    @property
    def url(self) -> str:
        """Return what GITHUB_API_URL would be."""
        return f"{self.origin}{self.prefix}"

    def repository(self, name: str = "acme/shop") -> Repository:
        """Return a repository, made when first asked for."""
        return self.repositories.setdefault(name, Repository())

    def fail(self, reply: Reply, method: str = "", path: str = "", **more: Any) -> None:
        """Let requests fail: the next that fits, or as ``Fault`` says."""
        self._faults.append(Fault(reply=reply, method=method, path=path, **more))

    def end(self) -> None:
        """Let go of what is held back."""
        self._ended.set()

    def answer(self, method: str, target: str, headers: Mapping[str, str], sent: bytes) -> Reply:
        """Answer a request, and note it."""
        parts = urlsplit(target)
        path, query = parts.path.removeprefix(self.prefix), dict(parse_qsl(parts.query, keep_blank_values=True))
        with self._lock:
            self.log.append(f"{method} {path}" + (f"?{parts.query}" if parts.query else ""))
            fault = next((fault for fault in self._faults if fault.fits(method, path)), None)
            if fault is not None:
                fault.times -= 1
            lost = fault is not None and not fault.after
            reply = fault.reply if fault and lost else self._judged(method, parts.path, query, headers, sent)
            if fault is not None and fault.reply.status in range(400, 500):
                self._checked(None, fault.reply, f"{method} {path}")
        if fault is not None and fault.hold:
            self._ended.wait()
        if fault is not None and fault.manner is not None:
            return dataclasses.replace(fault.reply, manner=fault.manner)
        return fault.reply if fault is not None else reply

    def pause(self, seconds: float) -> bool:
        """Wait between two bytes; return whether to go on."""
        return not self._ended.wait(seconds)

    def _judged(
        self, method: str, target: str, query: dict[str, str], headers: Mapping[str, str], sent: bytes
    ) -> Reply:
        path = target.removeprefix(self.prefix)
        found = [(o, m) for o in contract().operations if (m := o.matched(method, path)) is not None]
        if not found or not target.startswith(self.prefix):
            return self._violated(f"{method} {target}", ["no such endpoint"])
        (operation, names), *_ = found
        body = json.loads(sent) if sent else None
        amiss = [
            *amiss_in_headers(headers, has_body=body is not None),
            *contract().amiss_in_request(operation, names, query, body),
        ]
        if amiss:
            return self._violated(f"{method} {path}", amiss)
        reply = self._run(operation, names, query, headers, body or {})
        return self._checked(operation, reply, f"{method} {path}")

    def _run(
        self,
        operation: Operation,
        names: Mapping[str, str],
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Mapping[str, Any],
    ) -> Reply:
        token = self.tokens.get((headers.get("Authorization") or "").partition(" ")[2])
        endpoint = ENDPOINTS[operation.method, operation.path]
        if token is None:
            return BAD_CREDENTIALS
        repository = self.repositories.get(f"{names.get('owner')}/{names.get('repo')}")
        if repository is None and "owner" in names:
            return NOT_FOUND
        if endpoint.accepted != READS and not token.allows(endpoint.accepted):
            return forbidden(endpoint.accepted)
        asked = Asked(repository=repository or Repository(), token=token, path=names, query=query, body=body)
        return self._shown(endpoint, operation, asked)

    def _shown(self, endpoint: Endpoint, operation: Operation, asked: Asked) -> Reply:
        reply = endpoint.run(asked)
        headers = {**_LIMITS, "X-Accepted-GitHub-Permissions": endpoint.accepted, **reply.headers}
        if reply.status >= 400 or reply.body is None:
            return Reply(status=reply.status, body=reply.body, headers=headers)
        body = reply.body
        if isinstance(body, list):
            body, links = self._page(body, operation, asked)
            headers |= {"Link": links} if links else {}
        schema = contract().reply_schema(operation, reply.status)
        return Reply(status=reply.status, body=filled(contract(), schema, body), headers=headers)

    def _page(self, items: list[Any], operation: Operation, asked: Asked) -> tuple[list[Any], str]:
        size, page = int(asked.query.get("per_page", 30)), int(asked.query.get("page", 1))
        last = max(1, -(-len(items) // size))
        pages = {"prev": page - 1, "first": 1} if page > 1 else {}
        pages |= {"next": page + 1, "last": last} if page < last else {}
        path = operation.path.format(**asked.path)
        origin = self.links_lead_to or self.origin
        links = [
            f'<{origin}{self.prefix}{path}?{urlencode({**asked.query, "page": number})}>; rel="{rel}"'
            for rel, number in pages.items()
        ]
        return items[(page - 1) * size : page * size], ", ".join(links)

    def _checked(self, operation: Operation | None, reply: Reply, named: str) -> Reply:
        amiss = list(contract().amiss_in_reply(operation, reply.status, reply.body))
        self.violations += [f"reply to {named}: {one}" for one in amiss]
        return reply

    def _violated(self, named: str, amiss: list[str]) -> Reply:
        self.violations += [f"{named}: {one}" for one in amiss]
        return error(
            422, "Not as GitHub's description has it", errors=[{"code": "custom", "message": "; ".join(amiss)}]
        )


@contextlib.contextmanager
def serving(standin: StandIn) -> Iterator[StandIn]:
    """Serve on a free port of loopback, which containers with the host's network reach too."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply = standin.answer(self.command, self.path, dict(self.headers.items()), sent)
            if reply.manner is not None:
                with contextlib.suppress(OSError):  # the client gave up reading
                    send_badly(reply.manner, self.wfile, standin.pause)
                self.close_connection = True
                return
            content = reply.text if reply.text is not None else "" if reply.body is None else json.dumps(reply.body)
            encoded = content.encode()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client gave up waiting
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json; charset=utf-8", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        standin.origin = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield standin
        finally:
            standin.end()
            server.shutdown()
            thread.join()
