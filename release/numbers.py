"""Numbers of releases, as the project's metadata and the tags have them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from release.mistakes import Mistake

_NUMBER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)((?:a|b|rc)\d+)?")
_LINE = re.compile(r'^version = "[^"]*"(?=\s*(?:#.*)?$)', re.MULTILINE)
_DEVELOPMENT = ".dev0"


@dataclass(frozen=True, slots=True)
class Number:
    """``1.4.0``, or ``1.4.0rc1`` with its suffix."""

    major: int
    minor: int
    patch: int
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}{self.suffix}"

    @property
    def order(self) -> tuple[int, int, int]:
        """Return what final releases are ordered by."""
        return self.major, self.minor, self.patch

    @property
    def tag(self) -> str:
        """Return the tag of this release alone."""
        return f"v{self}"

    @property
    def moving_tags(self) -> tuple[str, str]:
        """Return the tags that lead to the newest release of the minor version and of the major version."""
        return f"v{self.major}.{self.minor}", f"v{self.major}"

    @property
    def following(self) -> Number:
        """Return the next patch release."""
        return Number(self.major, self.minor, self.patch + 1)


def parse(text: str) -> Number:
    """Return the number that a text is. Raises Mistake."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Mistake(f"{text} is no version: write three numbers, as in 1.4.0, or 1.4.0rc1 for a pre-release.")
    return Number(int(match[1]), int(match[2]), int(match[3]), match[4] or "")


def of_tag(tag: str) -> Number:
    """Return the number of the release that a tag names. Raises Mistake."""
    if not tag.startswith("v"):
        raise Mistake(f"{tag} is no tag of a release: write v and the version, as in v1.4.0.")
    return parse(tag.removeprefix("v"))


def of_project(pyproject: str) -> Number:
    """Return the version in the text of pyproject.toml, without ``.dev0``. Raises Mistake."""
    return parse(_version(pyproject).removesuffix(_DEVELOPMENT))


def can_become(pyproject: str, number: Number) -> bool:
    """Tell whether a release with this number can be made of a project: its own, or any that ``.dev0`` leads to."""
    if _version(pyproject).endswith(_DEVELOPMENT):
        return of_project(pyproject).order == number.order
    return of_project(pyproject) == number


def with_number(pyproject: str, number: Number) -> str:
    """Return the text of pyproject.toml with another version. Raises Mistake."""
    changed = _LINE.sub(f'version = "{number}"', pyproject, count=1)
    if _version(changed) != str(number):
        raise Mistake('pyproject.toml has no line `version = "…"` in [project].')
    return changed


def _version(pyproject: str) -> str:
    return str(tomllib.loads(pyproject)["project"]["version"])
