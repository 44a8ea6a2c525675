"""Values for variables that are not set: such that nothing real is reached, and the scratch database for a database."""

from __future__ import annotations

import re
from typing import Iterable, Iterator, List, Optional

from .url_variables import PARTS

NOWHERE = "127.0.0.1"
"""A host in place of a real one."""
DISCARD = "9"
"""A port that nothing listens on."""
URL = "{url}"
_OTHERS = re.compile(r"REDIS|MONGO|MYSQL|MARIADB|ELASTIC|RABBIT|AMQP|KAFKA|NEO4J|CASSANDRA|CLICKHOUSE|ORACLE|MSSQL")
_DATABASE = re.compile(
    r"(^|_)(PG|POSTGRES|POSTGRESQL|PSQL|DB|DATABASE|SQL|SQLALCHEMY)(_|$|(?=UR[IL]|DSN|HOST|PORT|NAME))"
)
_IS_URL = re.compile(r"(UR[IL]|DSN|CONNECTION|CONNECTION_?STRING|CONN_STR)$")
_SCHEMES = (
    ("REDIS|CELERY|CACHE|BROKER", "redis://127.0.0.1:9/0"),
    ("AMQP|RABBIT", "amqp://127.0.0.1:9/"),
    ("MONGO", "mongodb://127.0.0.1:9/test"),
    ("DSN", "http://key@127.0.0.1:9/1"),  # Sentry's
)
_FORMS = (
    (re.compile(r"(PORT)$"), DISCARD),
    (re.compile(r"(URL|URI|ENDPOINT)$"), "http://127.0.0.1:9"),
    (re.compile(r"(HOST|HOSTNAME|SERVER|DOMAIN|ADDR|ADDRESS)$"), NOWHERE),
    (re.compile(r"(EMAIL|MAIL_FROM|SENDER)$"), "nobody@example.com"),
)
_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
"""32 bytes in base64, as a Fernet key has them."""
_BY_MESSAGE = (
    (re.compile(r"SQLAlchemy URL|sqlalchemy\.dialects|dialect", re.IGNORECASE), (URL,)),
    (re.compile(r"Expecting value|JSON|Extra data", re.IGNORECASE), ("{}", "[]")),
    (re.compile(r"base64|Fernet|padding|hexadecimal", re.IGNORECASE), (_KEY, "00" * 32)),
    (re.compile(r"truth value|boolean|\bbool\b", re.IGNORECASE), ("false",)),
    (re.compile(r"\bint\b|integer|float|number|decimal", re.IGNORECASE), ("1",)),
    (re.compile(r"\burl\b|scheme|dsn", re.IGNORECASE), ("http://127.0.0.1:9",)),
    (re.compile(r"director|folder", re.IGNORECASE), ("/tmp",)),
    (re.compile(r"\b(file|path)\b", re.IGNORECASE), ("/etc/hosts", "/tmp")),
    (re.compile(r"\be-?mail", re.IGNORECASE), ("nobody@example.com",)),
)
_ANY = ("1", URL, "http://127.0.0.1:9", _KEY, "{}", "[]", "false")


def text_of(name: str) -> str:
    """Return a text that names its variable, and no other."""
    return name.lower().replace("_", "-").strip("-") or "placeholder"


def is_of_database(name: str) -> bool:
    """Tell whether a variable is named as one of an SQL database that may be the project's."""
    return bool(_DATABASE.search(name.upper())) and not _OTHERS.search(name.upper())


def part_of(name: str) -> Optional[str]:
    """Return what stands for a part of the scratch database's address, such as ``{port}``, by a variable's name."""
    upper = name.upper()
    if not is_of_database(name):
        return None
    if _IS_URL.search(upper):
        return URL
    for part, suffixes in PARTS.items():
        if upper.endswith(suffixes):
            return "{%s}" % part
    return None


def guesses(name: str, message: str = "", samples: Iterable[str] = ()) -> List[str]:
    """Return values to try for a variable, the likeliest first; ``message`` says what was wrong with the last one."""
    return list(dict.fromkeys(_guesses(name, message, samples)))


def _guesses(name: str, message: str, samples: Iterable[str]) -> Iterator[str]:
    part = part_of(name)
    if part is not None:
        yield part
    yield from samples
    if message:
        for pattern, values in _BY_MESSAGE:
            if pattern.search(message):
                yield from values
    yield from _by_name(name)
    yield text_of(name)
    yield from _ANY


def _by_name(name: str) -> Iterator[str]:
    upper = name.upper()
    if _IS_URL.search(upper):
        yield from (value for words, value in _SCHEMES if re.search(words, upper))
    for pattern, value in _FORMS:
        if pattern.search(upper):
            yield value
