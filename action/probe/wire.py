"""JSON lines over two private pipes: the only way the probe speaks."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Optional


class Wire:
    """Requests come in, events go out; standard output belongs to the project."""

    def __init__(self, fd_in: int, fd_out: int) -> None:
        for fd in (fd_in, fd_out):
            os.set_inheritable(fd, False)  # programs that the project starts must not hold the pipe open
        self._requests = os.fdopen(fd_in, "r", encoding="utf-8")
        self._fd_out = fd_out

    def receive(self) -> Optional[Dict[str, Any]]:
        """Return the next request; None when the session has gone."""
        line = self._requests.readline()
        return json.loads(line) if line else None

    def send(self, event: str, **fields: Any) -> None:
        """Send one event, whole."""
        text = json.dumps(dict(fields, event=event), default=str, ensure_ascii=False)
        data = (text + "\n").encode("utf-8", "replace")  # half of a surrogate pair is no text that the session takes
        while data:
            data = data[os.write(self._fd_out, data) :]
