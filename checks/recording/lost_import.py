"""An import that fails because the change under check has removed or renamed what it names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LostImport:
    """What is imported, from where, and what became of it."""

    module: str
    name: str = ""
    """The name that is taken from the module; empty where the module itself is missing."""
    path: str | None
    """The file that imports it, relative to the repository's root."""
    line: int | None
    old_path: str
    """The module's file at the merge base."""
    new_path: str | None = None
    """Where the working tree has that file now; None where it is gone, or where only the name is."""
