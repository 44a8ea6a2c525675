"""Connects to the API at the first call: its library takes a quarter of a second to import, and is needed late."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from action.base.interface import ApiError, ChangedFile
from action.pull_request.trouble import Trouble

if TYPE_CHECKING:
    from action.pull_request.client import Client


class OnDemand:
    """The API for the search of the base (base.interface.Api), and its client; a context manager that closes it."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._client: Client | None = None

    def __enter__(self) -> OnDemand:
        # While the rehearsal waits for the project's process, the other core is free.
        threading.Thread(target=importlib.import_module, args=("action.pull_request.client",), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()

    def client(self) -> Client:
        """Return the client; raises SettingsError for an impossible token or address."""
        if self._client is None:
            self._client = self._connect()
        return self._client

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit where ``head`` left ``base``; raises ApiError."""
        with _as_api_error(), self.client().task():
            return self.client().merge_base(base, head)

    def pull_files(self, number: int) -> Sequence[ChangedFile]:
        """Return the files that a pull request changes; raises ApiError."""
        with _as_api_error(), self.client().task():
            return self.client().pull_files(number)


@contextlib.contextmanager
def _as_api_error() -> Iterator[None]:
    """Raise the errors of the client as the error that the search for the base expects."""
    try:
        yield
    except Trouble as trouble:
        raise ApiError(str(trouble).rstrip(".")) from trouble
