"""The server that a checkout was cloned from: where it is reached, and what lets us in there and nowhere else."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# As ssh://git@host:22/owner/name and as git@host:owner/name.
_SSH = re.compile(r"(?:ssh://)(?:[^@/]+@)?([^:/]+)(?::[0-9]+)?/(.+)|(?:[^@/:]+@)([^:/]+):(?!/)(.+)")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A GitHub, by HTTP."""

    url: str
    """``GITHUB_SERVER_URL``."""
    token: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return scheme, host and port."""
        url = urlsplit(self.url)
        return f"{url.scheme}://{url.netloc.rpartition('@')[2]}"

    def source(self, remote: str) -> str | None:
        """Return where a checkout's remote is fetched from, with no secret in it; None when it is on another host."""
        ssh = _SSH.fullmatch(remote)
        if ssh:  # a checkout by a deploy key, which we have not got: the same repository is there by HTTP
            host, path = ssh[1] or ssh[3], ssh[2] or ssh[4]
            return f"{self.address}/{path}" if host == urlsplit(self.url).hostname else None
        place = _place(remote)
        return self.address + urlsplit(remote).path if place is not None and place == _place(self.url) else None

    def config(self) -> tuple[tuple[str, str], ...]:
        """Return the part of Git's configuration that brings the token, and no other one, to the server."""
        if not self.token:
            return ()
        secret = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
        name = f"http.{self.address}/.extraheader"
        return ((name, ""), (name, f"AUTHORIZATION: basic {secret}"))


def _place(url: str) -> tuple[str, str | None, int] | None:
    """Return scheme, host and port of an HTTP URL, None for any other."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
