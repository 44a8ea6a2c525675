"""Removes secrets from a report: the runner masks only its own log, not what we post."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from action.runner import ORDINARY_WORDS
from action.settings import Settings
from action.settings.declaring import Secrecy, setting_of

MASK = "***"
_SHORTEST = 8
"""Characters of the shortest value that is hidden: hiding shorter ones would hide ordinary words too."""
_WORD = re.compile(r"[a-z_-]{1,15}")
"""A value that may be a folder's name is not hidden: it would be missing from every path of the report."""
_NAMES = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|PRIVATE|API_?KEY|_KEY$|^KEY$", re.IGNORECASE)
_Value = TypeVar("_Value")


def secrets_of(settings: Settings, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values to hide: settings declared as secret, and variables with names like those of secrets.

    The longest come first: replacing a part of one first would leave the rest of it visible.
    """
    found = _of_variables(environ)
    for name, declared in type(settings).model_fields.items():
        found |= _of_setting(setting_of(declared).secrecy, getattr(settings, name))
    return tuple(sorted(filter(_can_be_hidden, found), key=len, reverse=True))


def _of_setting(secrecy: Secrecy, value: Any) -> set[str]:
    match secrecy:
        case Secrecy.NONE:
            return set()
        case Secrecy.VALUE:
            return set(_texts(value))
        case Secrecy.PASSWORD:
            return {password for text in _texts(value) for password in _password(text)}
        case Secrecy.VARIABLES:
            return _of_variables(value)


def _of_variables(variables: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for name, value in variables.items():
        found |= _password(value) or ({value} if _NAMES.search(name) else set())
    return found


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a setting's value: of one, of several, of none."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)


def _can_be_hidden(value: str) -> bool:
    return len(value) >= _SHORTEST and not _WORD.fullmatch(value) and value.lower() not in ORDINARY_WORDS


def redacted(value: _Value, secrets: Iterable[str]) -> _Value:
    """Return the same dataclass, tuple or dict with every secret in its texts replaced by ``***``."""
    pattern = "|".join(map(re.escape, secrets))
    return _walk(value, re.compile(pattern)) if pattern else value


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return a function that replaces every secret in a line of JSON, where it may be escaped."""
    written = {form for secret in secrets for form in (secret, json.dumps(secret)[1:-1])}
    pattern = re.compile("|".join(map(re.escape, sorted(written, key=len, reverse=True))) or "(?!)")
    return lambda line: pattern.sub(MASK, line)


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
    """Return the password of a URL, as written and decoded; nothing for a text that is no URL.

    The password of ``shop:shop@`` is no secret, and a report without the word would be unreadable.
    """
    if "://" not in text or "@" not in text:
        return set()
    try:
        url = urlsplit(text.strip())
        password, words = url.password or "", {url.username, url.hostname, url.path.strip("/")}
    except ValueError:
        return set()
    return {password, unquote(password)} - words - {""}
