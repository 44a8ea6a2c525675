"""Values that a repository's own examples have for environment variables: dotenv files and Compose files."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from action.project.compose_files import LARGEST, is_compose_file, services
from action.project.files_below import files_below
from action.project.folders import relative
from action.project.harmless import harmless
from action.repository.inside import read_inside
from action.sandbox.looking import entries, is_folder

ALL, NONE = "all", "none"
"""Settings in place of names of files."""
_KINDS = (
    ("example", "sample", "template", "tmpl", "tpl", "dist", "default", "defaults"),
    ("test", "tests", "testing", "ci"),
    ("dev", "development", "local", "docker", "demo"),
)
_BESIDE = ("docker", "deploy", "deployment", "compose", "env", "envs", ".envs", "config", ".devcontainer")
"""Folders in which examples lie, too."""
_REFERENCE = re.compile(r"\$(\$)|\$\{(\w+)(?::?([-?+])([^}]*))?\}|\$([A-Za-z_]\w*)")
_BRACED = re.compile(r"()\$\{(\w+)(?::?([-?+])([^}]*))?\}()")
"""The references of dotenv files: a dollar sign alone is a part of the value."""
_MOST_FILES = 50

Readable = Callable[[Sequence[Path]], Collection[Path]]
"""Returns which of these files may be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleValue:
    """What an example has for a variable."""

    value: str
    """Harmless: ``{url}`` and its like stand for the scratch database."""
    file: str
    """Relative to the repository's root."""
    replaced: str = ""
    """What stands in it in place of a server's address."""


def example_values(
    folders: Sequence[Path], root: Path, chosen: Sequence[str], readable: Readable
) -> dict[str, ExampleValue]:
    """Return the values that the examples of these folders have for variables; the nearest folder's count first.

    ``chosen`` are files, or ``all`` or ``none``. An empty value counts where no other file has one.
    """
    found: dict[str, ExampleValue] = {}
    for path, text in _texts(list(_files(folders, chosen)), root, readable):
        for name, value in _values(path, text, root, readable):
            if name not in found or not found[name].value:
                made, replaced = harmless(name, value)
                found[name] = ExampleValue(value=made, file=relative(path, root), replaced=replaced)
    return found


def _files(folders: Sequence[Path], chosen: Sequence[str]) -> Iterator[Path]:
    if NONE in chosen:
        return
    if ALL not in chosen:
        yield from (folder / name for name in chosen for folder in folders)
        return
    beside = [folder / name for folder in folders for name in _BESIDE if is_folder(folder / name)]
    for folder in dict.fromkeys([*folders, *beside]):
        names = [path for path in entries(folder) if rank(path.name) is not None]
        yield from sorted(names, key=lambda path: (rank(path.name) or 0, path.name))
    yield from (path for path in files_below(folders) if rank(path.name) in (0, 1))


def rank(name: str) -> int | None:
    """Return how far behind others a file counts, by its name; None for one that is no example."""
    if is_compose_file(name):
        return len(_KINDS)
    words = [word for word in re.split(r"[._-]", name.lower()) if word]
    if not {"env", "dotenv", "envrc", "environment"} & set(words):
        return None
    others = [word for word in words if word not in ("env", "dotenv", "environment")]
    kinds = [number for word in others for number, kind in enumerate(_KINDS) if word in kind]
    return min(kinds) if kinds and len(kinds) == len(others) else None


def is_example(name: str) -> bool:
    """Tell by its name whether a file is made to be published: ``.env.local`` is somebody's own, if Git has it not."""
    return is_compose_file(name) or rank(name) in (0, 1)


def _texts(paths: Sequence[Path], root: Path, readable: Readable) -> Iterator[tuple[Path, str]]:
    """Yield the files of the repository that can be read, each with its text; no link leads out of it."""
    existing = [path for path in dict.fromkeys(paths) if os.path.lexists(path)][:_MOST_FILES]
    allowed = readable(existing)
    for path in existing:
        if path in allowed:
            try:
                yield path, read_inside(path, root, most=LARGEST).decode("utf-8", "replace")
            except OSError:
                continue  # what cannot be read offers nothing


def _values(path: Path, text: str, root: Path, readable: Readable) -> Iterator[tuple[str, str]]:
    if path.suffix not in (".yml", ".yaml"):
        yield from _dotenv(text)
        return
    for service in services(text):
        further = [Path(os.path.normpath(path.parent / name)) for name in service.files]
        given = dict(pair for _, part in _texts(further, root, readable) for pair in _dotenv(part))
        for name, value in [*service.variables.items(), *given.items()]:
            filled = None if value is None else resolved(value, given, _REFERENCE)
            if filled is not None:
                yield name, filled


def _dotenv(text: str) -> Iterator[tuple[str, str]]:
    from dotenv.parser import parse_stream

    known: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text.lstrip("\ufeff"))):
        if binding.key and not binding.error:
            known[binding.key] = resolved(binding.value or "", known) or ""
    yield from known.items()


def resolved(value: str, known: Mapping[str, str], reference: re.Pattern[str] = _BRACED) -> str | None:
    """Return a value with its references to other variables filled in; None where one is known nowhere.

    Our own environment is never looked at: it holds what the project may not see.
    """
    unknown: list[str] = []

    def text(match: re.Match[str]) -> str:
        dollar, name, sign, default, plain = match.groups()
        if dollar:
            return "$"
        if sign == "-":
            return known.get(name) or str(default)
        if (name or plain) not in known:
            unknown.append(name or plain)
        return known.get(name or plain, "")

    done = reference.sub(text, value)
    return None if unknown else done
