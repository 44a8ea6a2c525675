"""The settings of a repository with several Alembic configs, and of the jobs that share them."""

from __future__ import annotations

import enum
import json
from typing import Annotated, Any

from pydantic import Field, field_validator

from action.settings.declaring import FILES, PROJECT, Declared, Setting, Text, Texts


class Rehearse(enum.StrEnum):
    """Of several Alembic configs, those whose migrations run; the files of all are read."""

    TOUCHED = "touched"
    """Those that use a file which the change touches."""
    ALL = "all"


class ListAs(enum.StrEnum):
    """The entries of the matrix that a run prints instead of checking."""

    ALL = "all"
    """One for each Alembic config."""
    TOUCHED = "touched"
    """One for each that the change touches."""
    TOGETHER = "together"
    """The same, and a last one for all the others."""


class MatrixSettings(Declared):
    """Which of several Alembic configs run, and how jobs share them."""

    rehearse: Annotated[
        Rehearse,
        Setting(
            help="Of several Alembic configs, run those that the change touches, or all: touched or all. "
            "Default: touched",
            group=PROJECT,
            metavar="WHICH",
            accepts="touched or all",
        ),
    ] = Rehearse.TOUCHED
    list_as: Annotated[
        ListAs | None,
        Field(alias="list"),
        Setting(
            help="Only write the Alembic configs to the output `matrix`, and check nothing: all of them, touched for "
            "those that the change touches, or together for these and one entry for all others. Default: none",
            group=PROJECT,
            accepts="all, touched or together",
            place="action",
            trusted=True,
        ),
    ] = None
    merge_reports: Annotated[
        Texts,
        Setting(
            help="Merge stored reports of other jobs into one, and run nothing: files report.json, folders or "
            "patterns, one on each line. Folders and patterns need `expected`. Default: none",
            group=FILES,
            accepts="files, folders or patterns such as reports/*/report.json",
            place="action",
            trusted=True,
        ),
    ] = ()
    expected: Annotated[
        tuple[Text, ...],
        Setting(
            help="Alembic configs that the merged reports must have: the output `matrix` of the step with `list`, or "
            "one config on each line. Default: none",
            group=FILES,
            accepts="the output `matrix`, or Alembic configs",
            place="action",
            trusted=True,
        ),
    ] = ()

    @field_validator("expected", mode="before")
    @classmethod
    def _from_a_matrix(cls, value: Any) -> Any:
        lines = [value] if isinstance(value, str) else list(value)
        text = "\n".join(map(str, lines)).strip()
        return _trees_of(text) if text.startswith("{") else tuple(lines)


def _trees_of(text: str) -> tuple[str, ...]:
    """Return the Alembic configs of a matrix, as ``list`` writes it."""
    try:
        entries = json.loads(text)["include"]
        names = [name for entry in entries for name in entry["tree"].splitlines()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("not a matrix that `list` writes") from None
    if not names:
        raise ValueError("it names no Alembic config")
    return tuple(names)
