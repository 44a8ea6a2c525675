"""Shell commands that differ only in the files at their end, as one command."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

_FILES = " -- "


def in_one_command(texts: Sequence[str], language: str) -> str:
    """Return texts below each other; shell commands that differ only in what comes after ``--`` become one."""
    if language != "shell":
        return "\n".join(texts)
    together: dict[str, list[str]] = {}
    for text in texts:
        command, separator, files = text.partition(_FILES)
        if separator and "\n" not in text and _is_whole(command):
            together.setdefault(command, []).append(files)
        else:
            together.setdefault(text, [])
    return "\n".join(
        _FILES.join([command, " ".join(files)]) if files else command for command, files in together.items()
    )


def _is_whole(command: str) -> bool:
    """Return whether no quotation is open at the end of a command."""
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True
