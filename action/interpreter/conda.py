"""The packages of a conda environment file that pip can install."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_NOT_FOR_PIP = frozenset({
    "python", "pip", "conda", "mamba", "nodejs", "npm", "yarn", "postgresql", "libpq", "openssl", "gcc", "gxx", "make",
    "cmake", "git", "curl", "wget", "ca-certificates", "c-compiler", "cxx-compiler", "compilers", "redis",
    "redis-server", "nginx", "zlib", "libffi", "sqlite", "readline", "tk", "xz", "ncurses", "bzip2", "graphviz",
    "geos", "gdal", "proj",
    "postgis", "pandoc", "java-jdk", "openjdk", "rust", "go",
})  # fmt: skip
"""Packages of conda's that are no Python packages."""
_OTHER_NAMES = {"psycopg2": "psycopg2-binary", "pytables": "tables", "pytorch": "torch", "msgpack-python": "msgpack",
                "matplotlib-base": "matplotlib", "python-graphviz": "graphviz"}  # fmt: skip
_SPEC = re.compile(r"(?:[\w.-]+::)?(?P<name>[A-Za-z0-9][\w.-]*)\s*(?P<version>[<>=!~].*)?")


def requirements_of(text: str) -> list[str]:
    """Return the requirements of a conda environment file, as lines for pip; raises ValueError where it is none."""
    try:
        content: Any = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError) as error:
        raise ValueError(str(error)) from None
    listed = content.get("dependencies") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise ValueError("it has no list `dependencies`")
    return list(_lines(listed))


def _lines(listed: list[Any]) -> Iterator[str]:
    for each in listed:
        if isinstance(each, dict):
            inner = each.get("pip")
            yield from (str(line) for line in inner) if isinstance(inner, list) else ()
            continue
        found = _SPEC.fullmatch(str(each).strip())
        if found and found["name"].lower() not in _NOT_FOR_PIP and not found["name"].startswith(("lib", "_")):
            name = found["name"]
            yield f"{_OTHER_NAMES.get(name.lower(), name)}{_versions(found['version'] or '')}"


def _versions(written: str) -> str:
    """Return conda's versions as pip's: ``=1.2`` is any 1.2, and what follows a second ``=`` names a build."""
    if not written.startswith("=") or written.startswith("=="):
        return re.split(r"(?<=[\w*])=(?!=)", written.strip())[0] if written else ""
    version = written[1:].split("=")[0].strip()
    return f"=={version}" if version.endswith("*") else f"=={version}.*"
