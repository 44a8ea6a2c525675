"""Variables that a Compose file sets for its services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 256 << 10
"""Bytes of a Compose file: the parser is slow."""
_FILE = re.compile(r"(docker[-_.]?)?compose([._-][\w.-]+)?\.ya?ml$")
_OVERRIDES = re.compile(r"prod", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeService:
    """What a service gets, values as they are written."""

    is_built: bool
    """Whether its image is built from the repository, which a database's is not."""
    variables: Mapping[str, str | None]
    """None for a variable that is only passed on."""
    files: tuple[str, ...]
    """Files of further variables, relative to the Compose file."""


def is_compose_file(name: str) -> bool:
    """Tell by its name whether a file is a Compose file; not one of production's."""
    return _FILE.match(name) is not None and not _OVERRIDES.search(name)


def services(text: str) -> list[ComposeService]:
    """Return the services of a Compose file, those that are built here first; none where it cannot be read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        document: Any = YAML(typ="base", pure=True).load(text)  # every scalar stays the text that it is
        found = [_service(item) for item in _mapping(_mapping(document).get("services")).values()]
    except (YAMLError, RecursionError, ValueError):
        return []
    return sorted(found, key=lambda service: not service.is_built)


def _service(item: Any) -> ComposeService:
    service = _mapping(item)
    listed = service.get("env_file")
    files = listed if isinstance(listed, list) else [listed]
    paths = [entry.get("path") if isinstance(entry, dict) else entry for entry in files]
    return ComposeService(
        is_built="build" in service,
        variables=dict(_variables(service.get("environment"))),
        files=tuple(path for path in paths if isinstance(path, str) and path and not Path(path).is_absolute()),
    )


def _variables(given: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(given, list):
        for item in given:
            name, equals, value = str(item).partition("=")
            yield name, value if equals else None
    for name, value in _mapping(given).items():
        yield str(name), str(value) if value not in (None, "", "null", "~") else None


def _mapping(value: Any) -> dict[str, Any]:
    """Return a mapping with what its ``<<`` merges into it; empty for anything else."""
    if not isinstance(value, dict):
        return {}
    merged = value.get("<<")
    above = merged if isinstance(merged, list) else [merged]
    found: dict[str, Any] = {}
    for one in above:
        found |= _mapping(one)
    return found | {name: item for name, item in value.items() if name != "<<"}
