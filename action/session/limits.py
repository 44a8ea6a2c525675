"""What is believed of a value that comes from the probe: its type and its limits."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from action.probe.protocol.caps import FILE, capped

MOST = 1_000_000
"""Entries in one list: names of tables, say."""


def _printable(text: str) -> str:
    return _without_null(capped(text))


def _without_null(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # neither PostgreSQL nor a terminal takes it


def not_empty(text: str) -> str:
    """Return a text that says at least that it says nothing."""
    return text.strip() or "It said nothing."


def _relative(path: str) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("not below the repository's root")
    return path


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else str(value)


Text: TypeAlias = Annotated[str, AfterValidator(_printable)]
File: TypeAlias = Annotated[str, Field(max_length=FILE), AfterValidator(_without_null)]
"""The text of a file: whole, or none."""
Words: TypeAlias = Annotated[Text | None, BeforeValidator(_as_text)]
"""What an exception says: a driver's may hold anything in place of a text."""
Below: TypeAlias = Annotated[Text, AfterValidator(_relative)]
"""A path below the repository's root."""
Count: TypeAlias = Annotated[int, Field(ge=0, le=2**31 - 1)]
Seconds: TypeAlias = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Texts: TypeAlias = Annotated[tuple[Text, ...], Field(max_length=MOST)]
Files: TypeAlias = Annotated[tuple[tuple[Text, File], ...], Field(max_length=100)]
Pairs: TypeAlias = Annotated[tuple[tuple[Text, Text], ...], Field(max_length=MOST)]
Triples: TypeAlias = Annotated[tuple[tuple[Text, Text, Text], ...], Field(max_length=MOST)]
STRICT = ConfigDict(strict=True, extra="ignore")
