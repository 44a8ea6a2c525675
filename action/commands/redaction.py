"""Takes secrets out of a report: the runner masks its log, and nobody masks what we post."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from action.runner import ORDINARY_WORDS
from action.settings import Settings

MASK = "***"
_SHORTEST = 8
"""Characters: below that, hiding a value would hide ordinary words too."""
_WORD = re.compile(r"[a-z_-]{1,15}")
"""What could as well be the name of a folder: hidden, it would be missing from every path of the report."""
_NAMES = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|PRIVATE|API_?KEY|_KEY$|^KEY$", re.IGNORECASE)
_Value = TypeVar("_Value")


def secrets_of(settings: Settings, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return what must not be shown: our token, the server's password, and what variables named like secrets hold.

    The longest first, so that a part of one never uncovers the rest.
    """
    found = {secret.get_secret_value() for secret in (settings.github_token,) if secret is not None}
    if settings.database_url is not None:
        found |= _password(settings.database_url.get_secret_value())
    for name, value in (*environ.items(), *settings.env.items()):
        found |= _password(value) or ({value} if _NAMES.search(name) else set())
    return tuple(sorted(filter(_can_be_hidden, found), key=len, reverse=True))


def _can_be_hidden(value: str) -> bool:
    return len(value) >= _SHORTEST and not _WORD.fullmatch(value) and value.lower() not in ORDINARY_WORDS


def redacted(value: _Value, secrets: Iterable[str]) -> _Value:
    """Return the same dataclass, tuple or dict with every secret in its texts replaced by ``***``."""
    pattern = "|".join(map(re.escape, secrets))
    return _walk(value, re.compile(pattern)) if pattern else value


def _walk(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str) and type(value) is str:
        return pattern.sub(MASK, value)
    if isinstance(value, tuple):
        return tuple(_walk(part, pattern) for part in value)
    if isinstance(value, dict):
        return {_walk(name, pattern): _walk(part, pattern) for name, part in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(value, **dict(_fields(value, pattern)))
    return value


def _fields(value: Any, pattern: re.Pattern[str]) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(value):
        yield field.name, _walk(getattr(value, field.name), pattern)


def _password(text: str) -> set[str]:
    """Return the password of a URL, as written and decoded; nothing for what is no URL.

    ``shop:shop@`` is no secret, and hiding the word would make a report unreadable.
    """
    if "://" not in text or "@" not in text:
        return set()
    try:
        url = urlsplit(text.strip())
        password, words = url.password or "", {url.username, url.hostname, url.path.strip("/")}
    except ValueError:
        return set()
    return {password, unquote(password)} - words - {""}
