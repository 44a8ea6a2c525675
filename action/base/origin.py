"""The server that a checkout was cloned from: its address, and the token, which goes to no other server."""

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
    """A GitHub server that is reached by HTTP."""

    url: str
    """``GITHUB_SERVER_URL``."""
    token: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return scheme, host and port."""
        url = urlsplit(self.url)
        return f"{url.scheme}://{url.netloc.rpartition('@')[2]}"

    def source(self, remote: str) -> str | None:
        """Return the URL to fetch a checkout's remote from, without secrets; None when it is on another host."""
        ssh = _SSH.fullmatch(remote)
        if ssh:  # a checkout by a deploy key, which we do not have: HTTP has the same repository
            host, path = ssh[1] or ssh[3], ssh[2] or ssh[4]
            return f"{self.address}/{path}" if host == urlsplit(self.url).hostname else None
        place = _place(remote)
        return self.address + urlsplit(remote).path if place is not None and place == _place(self.url) else None

    def config(self) -> tuple[tuple[str, str], ...]:
        """Return the Git configuration that sends the token, and no other one, to the server."""
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
