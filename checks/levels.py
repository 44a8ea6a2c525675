"""Reads the setting ``severity``: a level for each rule, in each of the forms in which it may be written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checks.plural import listed
from checks.policy import Level
from checks.rules import RULES, rules_of

KEYS = tuple(key for rule in RULES for key in rule.keys)
_NEAR = 0.6
"""The similarity (difflib's ratio) from which an unknown rule counts as a misspelling of a known one."""


def levels(value: object) -> dict[str, Level]:
    """Return the level of each rule; raise ValueError with a clause for a rule or a level that does not exist.

    A text has RULE=LEVEL once or several times, separated by commas or white space. A table has rules as keys; what
    TOML makes a table of its own, such as ``missing-migration.breaks = "off"``, is a part of that rule.
    """
    pairs = _of_table(value) if isinstance(value, Mapping) else _of_texts(value)
    read: dict[str, Level] = {}
    for rule, text in pairs:
        key, level = rule.strip().lower(), text.strip().lower()
        if rules_of(key):
            raise ValueError(f"{key!r} is a check; its rules are {listed(rules_of(key))}")
        if key not in KEYS:
            raise ValueError(f"there is no rule {key!r}{_meant(key, KEYS)}")
        if level not in tuple(Level):
            raise ValueError(f"{text.strip()!r} is no severity{_meant(level, tuple(Level))}")
        if read.setdefault(key, Level(level)) is not Level(level):
            raise ValueError(f"{key} is set twice")
    return read


def _of_table(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for rule, level in table.items():
        if isinstance(level, Mapping):
            yield from ((f"{rule}.{part}", str(one)) for part, one in level.items())
        else:
            yield str(rule), str(level)


def _of_texts(value: Any) -> Iterator[tuple[str, str]]:
    texts: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
    for text in texts:
        for word in re.split(r"[\s,]+", re.sub(r"\s*=\s*", "=", str(text).strip())):
            rule, separator, level = word.partition("=")
            if not separator:
                raise ValueError(f"{word!r} has no =")
            yield rule, level


def _meant(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, tuple(known), n=1, cutoff=_NEAR)
    return f" (did you mean {near[0]}?)" if near else ""
