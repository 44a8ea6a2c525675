"""Reads Alembic's options from ini files and from ``[tool.alembic]`` of pyproject.toml."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from configparser import (
    BasicInterpolation,
    ConfigParser,
    DuplicateSectionError,
    Error,
    InterpolationDepthError,
    ParsingError,
)
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from action.project.alembic_tree import DEFAULT_SECTION
from action.repository.inside import read_inside

_SEPARATORS = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}
_LEGACY_LOCATIONS = re.compile(r", *|(?: +)")
_LEGACY_SYS_PATH = re.compile(r", *|(?: +)|\:")
_PADDED = re.compile(r"%\([^)]*\)[-#0 +]*[1-9]")
_MOST = 100_000
"""Limit of characters, and of parts, of an option: options that refer to each other multiply them."""


class OptionError(Exception):
    """A configuration that Alembic would refuse; ``str(error)`` is why, in a clause."""


class FilledInByCodeError(OptionError):
    """A configuration that the project's code fills in: its program gives Alembic the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of one tree: a section of an ini file first, then ``[tool.alembic]``, as Alembic merges them."""

    here: Path
    """The value of ``%(here)s``."""
    ini: ConfigParser | None = None
    section: str = DEFAULT_SECTION
    toml: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Return an option, interpolated; None when it is not set."""
        value = self._from_ini(name)
        given = self._interpolated(self.toml.get(name), name) if value is None else value
        if isinstance(given, list):
            raise OptionError(f"{name} is not a string")
        return given

    def flag(self, name: str) -> bool:
        """Return whether an option is on; in an ini only the value ``true`` is."""
        value = self._from_ini(name)
        return value == "true" if value is not None else self.toml.get(name) is True

    def version_locations(self) -> tuple[str, ...]:
        """Return ``version_locations`` as written; empty when the default applies."""
        return self._paths("version_locations", ("path_separator", "version_path_separator"), _LEGACY_LOCATIONS)

    def prepend_sys_path(self) -> tuple[str, ...]:
        """Return the entries of ``prepend_sys_path`` as written."""
        return self._paths("prepend_sys_path", ("path_separator",), _LEGACY_SYS_PATH)

    def _paths(self, name: str, separators: tuple[str, ...], legacy: re.Pattern[str]) -> tuple[str, ...]:
        """Split as ``alembic.config.Config.get_version_locations_list`` does (Alembic 1.20)."""
        value = self._from_ini(name)
        if value:
            separator = self._separator(separators)
            parts = legacy.split(value) if separator is None else value.split(separator)
            return tuple(part.strip() for part in parts if part.strip())
        listed = self._interpolated(self.toml.get(name), name) or []
        return tuple(listed) if isinstance(listed, list) else (listed,)

    def _separator(self, names: tuple[str, ...]) -> str | None:
        given = next(((name, value) for name in names if (value := self._from_ini(name)) is not None), None)
        if given is None:
            return None
        if given[1] not in _SEPARATORS:
            raise OptionError(f"{given[0]} is {given[1]!r}, which is not one of space, newline, os, : and ;")
        return _SEPARATORS[given[1]]

    def _from_ini(self, name: str) -> str | None:
        try:
            if self.ini is not None and self.ini.has_option(self.section, name):
                return self.ini.get(self.section, name)
        except Error as error:
            raise OptionError(f"{name} cannot be interpolated ({_first_line(error)})") from error
        return None

    def _interpolated(self, value: object, name: str) -> str | list[str] | None:
        try:
            if isinstance(value, str):
                return self._filled(value)
            if isinstance(value, list):
                return [self._filled(str(part)) for part in value]
        except (KeyError, ValueError, TypeError) as error:
            raise OptionError(f"{name} cannot be interpolated ({error})") from error
        if value is None:
            return None
        raise OptionError(f"{name} is neither a string nor a list")

    def _filled(self, text: str) -> str:
        if _PADDED.search(text):
            raise ValueError("it is padded")  # to any number of characters
        return text % {"here": self.here.as_posix()}


class _TooLong(Exception):
    """An option that expands beyond the limit."""


class _Parts(list[str]):
    """The parts of an expanded option, up to a limit."""

    def append(self, part: str) -> None:
        if len(self) > _MOST:
            raise _TooLong
        super().append(part)


class _Interpolation(BasicInterpolation):
    """Alembic's interpolation with a limit: ten options of ten parts each would take forever."""

    def before_get(self, parser: object, section: str, option: str, value: str, defaults: object) -> str:
        parts = _Parts()
        try:
            self._interpolate_some(parser, option, parts, value, section, defaults, 1)  # type: ignore[attr-defined]
        except _TooLong:
            raise InterpolationDepthError(option, section, value) from None
        if sum(map(len, parts)) > _MOST:
            raise InterpolationDepthError(option, section, value)
        return "".join(parts)


def read_ini(path: Path, repository: Path) -> ConfigParser:
    """Read an ini file as Alembic does. Raises OptionError, and OutsideError for a file outside the repository."""
    parser = ConfigParser({"here": path.parent.as_posix().replace("%", "%%")}, interpolation=_Interpolation())
    try:
        parser.read_string(_text(path, repository), source=path.name)
    except (DuplicateSectionError, ParsingError, Error) as error:
        raise OptionError(f"Python cannot read it as an ini file ({_first_line(error)})") from error
    return parser


def sections(ini: ConfigParser) -> tuple[str, ...]:
    """Return the sections that describe a tree of their own.

    Alembic's ``--name`` reads one section and what it inherits from ``[DEFAULT]``; the other sections of an ini
    (loggers, databases) inherit that too, so a section other than ``[alembic]`` counts when it says itself where
    its scripts or versions are.
    """
    return tuple(
        name
        for name in ini.sections()
        if ini.has_option(name, "script_location")
        and (name == DEFAULT_SECTION or _own(ini, name) & {"script_location", "version_locations"})
    )


def read_tool_table(path: Path, repository: Path) -> Mapping[str, Any] | None:
    """Return ``[tool.alembic]`` of a pyproject.toml, None when it has none; raises as ``read_ini`` does."""
    return tool_table(read_inside(path, repository))


def tool_table(content: bytes) -> Mapping[str, Any] | None:
    """Return ``[tool.alembic]`` of a pyproject.toml's content, None when it has none. Raises OptionError."""
    text = _decoded(content)
    if "alembic" not in text:
        return None
    try:
        table = tomllib.loads(text).get("tool", {}).get("alembic")
    except (ValueError, RecursionError, AttributeError) as error:
        raise OptionError(f"it is not valid TOML ({_first_line(error)})") from error
    return table if isinstance(table, dict) else None


def _own(ini: ConfigParser, section: str) -> set[str]:
    # Only the parser's private table separates a section's own keys from those of [DEFAULT].
    own: Mapping[str, Mapping[str, str]] = ini._sections  # type: ignore[attr-defined]
    return set(own[section])


def _text(path: Path, repository: Path) -> str:
    return _decoded(read_inside(path, repository))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
