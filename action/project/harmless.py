"""Make the value of an example harmless: a server's address in it becomes the scratch database's, or leads nowhere."""

from __future__ import annotations

import re

from action.probe.placeholders import DISCARD, NOWHERE, URL, part_of

SCRATCH = "the scratch database"
_IN_TEXT = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>(?:\{\w*\}|%\(\w+\)s|[^\s\"'<>\[\]{}()|\\^`])*)")
_TEMPLATE = re.compile(r"\{\w*\}|%\(\w+\)s|%s")
"""What the project's code fills in: for str.format, or for the operator %."""
_POSTGRES = re.compile(r"postgres(ql|is)?(\+\w+)?$")
_OTHER_DATABASE = re.compile(r"(sqlite|mysql|mariadb|oracle|mssql)(\+\w+)?$")
_PLACE = "{user}:{password}@{host}:{port}/{database}"
_NAMES_A_SERVER = re.compile(r"(^|_)(HOST|HOSTNAME|SERVER|ADDR|ADDRESS|BROKER|ENDPOINT|DOMAIN|NODE)S?$")
_NAMES_A_PORT = re.compile(r"(^|_)PORT$")
_HOST = r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"
_IS_HOST = re.compile(rf"({_HOST})(:\d+)?$")
_SURELY_A_HOST = re.compile(
    r"(localhost|\d{1,3}(\.\d{1,3}){3}"
    r"|([A-Za-z0-9-]+\.)+(com|net|org|io|dev|app|co|cloud|ai|local|localhost|internal|lan|example|test|invalid))(:\d+)?$"
    rf"|{_HOST}:\d{{2,5}}$"
)
_IS_NO_HOST = re.compile(r"(true|false|yes|no|on|off|none|null|\d+)$", re.IGNORECASE)


def harmless(name: str, value: str) -> tuple[str, str]:
    """Return a value that reaches no real server, and what it has in place of one; empty where nothing was replaced.

    ``{url}`` and its like in the value stand for the scratch database.
    """
    part = part_of(name)
    if _IN_TEXT.search(value):
        return _without_addresses(value, part)
    if part is not None:
        return part, SCRATCH
    if value.isdigit() and _NAMES_A_PORT.search(name.upper()):
        return DISCARD, DISCARD
    return _without_hosts(value, is_named=_NAMES_A_SERVER.search(name.upper()) is not None)


def _without_addresses(value: str, part: str | None) -> tuple[str, str]:
    """Replace the server in each URL of a text."""
    replaced: list[str] = []

    def nowhere(match: re.Match[str]) -> str:
        scheme, rest = match["scheme"], match["rest"]
        if _TEMPLATE.search(rest):
            made = _without_place(scheme, rest)
            replaced.extend([] if made == match[0] else [NOWHERE])
            return made
        if _POSTGRES.search(scheme.lower()):
            replaced.append(SCRATCH)
            return f"{scheme}://{_PLACE}"
        if part == URL and _OTHER_DATABASE.match(scheme.lower()):
            replaced.append(SCRATCH)
            return URL
        if scheme.lower() in ("file", "sqlite") or (_OTHER_DATABASE.match(scheme.lower()) and rest.startswith("/")):
            return match[0]
        replaced.append(NOWHERE)
        return _without_place(scheme, rest)

    done = _IN_TEXT.sub(nowhere, value)
    return done, next(iter(replaced), "")


def _without_place(scheme: str, rest: str) -> str:
    """Return a URL that leads nowhere, unless the project's code fills in its host."""
    place, slash, path = rest.partition("/")
    user, at, server = place.rpartition("@")
    kept = server if _TEMPLATE.match(server) else f"{NOWHERE}:{DISCARD}"
    return f"{scheme}://{user}{at}{kept}{slash}{path}"


def _without_hosts(value: str, *, is_named: bool) -> tuple[str, str]:
    """Replace each host in a list with commas: what looks like one, or anything where the name says so."""
    parts = value.split(",")
    kept = [_nowhere(part) if _is_host(part.strip(), is_named=is_named) else part for part in parts]
    return ",".join(kept), NOWHERE if kept != parts else ""


def _is_host(text: str, *, is_named: bool) -> bool:
    if _IS_NO_HOST.match(text):
        return False
    return bool(_SURELY_A_HOST.match(text) or (is_named and _IS_HOST.match(text)))


def _nowhere(text: str) -> str:
    return f"{NOWHERE}:{DISCARD}" if re.search(r":\d+$", text) else NOWHERE
