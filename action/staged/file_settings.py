"""The settings in pyproject.toml that the hook follows; the program itself validates all of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from action.errors import SettingsError
from action.repository.inside import read_inside
from checks.policy import FailOn, Level

STATIC = ("heads", "history")
"""The checks of files alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """Settings of ``[tool.alembic-checks]``."""

    fail_on: FailOn = FailOn.ERROR
    checks: tuple[str, ...] = STATIC
    allow_heads: tuple[str, ...] = ()
    tree: tuple[str, ...] = ()
    severity: Mapping[str, Level] = field(default_factory=dict)


def file_settings(root: Path) -> FileSettings:
    """Return the settings in the pyproject.toml at the repository's root. Raises SettingsError for unusable ones."""
    try:
        table = tomllib.loads(read_inside(root / "pyproject.toml", root).decode("utf-8-sig"))
        written = table.get("tool", {}).get("alembic-checks", {})
        given = {name.replace("_", "-"): value for name, value in written.items()}
        named = [name for text in _texts(given, "checks") for name in re.split(r"[\s,]+", text.strip())]
        return FileSettings(
            fail_on=FailOn(given.get("fail-on", FailOn.ERROR)),
            checks=tuple(name for name in STATIC if name in named or not named),
            allow_heads=_texts(given, "allow-heads"),
            tree=_texts(given, "tree"),
            severity=_levels(given["severity"]) if "severity" in given else {},
        )
    except FileNotFoundError:
        return FileSettings()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise SettingsError(f"pyproject.toml: its table [tool.alembic-checks] cannot be read: {error}.") from error


def _levels(value: Any) -> dict[str, Level]:
    from checks.levels import levels  # few projects set it, and the hook has a third of a second

    return levels(value)


def _texts(given: dict[str, Any], name: str) -> tuple[str, ...]:
    value = given.get(name, ())
    texts = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{name} is not a text or a list of texts")
    return texts
