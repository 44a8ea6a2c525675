"""The files of the repository that declare tables: those that env.py imports, and those that it does not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UnimportedModels:
    """A file that env.py does not import, with tables that it declares on the metadata of env.py."""

    path: str
    """Relative to the repository's root."""
    line: int
    """Of the first of the tables."""
    module: str
    """The name by which env.py can import it, such as ``app.models.loan``."""
    tables: tuple[str, ...]
    """With their schema, where they name one."""
    changed: bool = False
    """Whether its content differs from the merge base; False where there is no base to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """What became of the files that may declare tables."""

    imported: tuple[str, ...] = ()
    """Relative to the repository's root."""
    unimported: tuple[UnimportedModels, ...] = ()
