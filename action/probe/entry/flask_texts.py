"""Where the Flask application may be, read from the project's files: what Flask itself does not look at."""

from __future__ import annotations

import os
import re
from typing import Iterator, List, Optional

_SAYS = re.compile(
    r"(?:\bFLASK_APP[\"']?\s*(?:\]\s*=|[=:,\s])\s*|\bflask\s+(?:--app|-A)[\s=]+)[\"']?"
    r"(?P<app>[\w./:-]+(?:\([^)\n]*\))?)"
)
_FILES = re.compile(
    r"(^\.env|^\.flaskenv|dockerfile|compose.*\.ya?ml$|^procfile|^makefile|^justfile|^readme|\.sh$|\.ya?ml$|\.toml$|\.ini$"
    r"|\.cfg$|\.md$|\.rst$|\.json$|^manage\.py$)",
    re.IGNORECASE,
)
_FOLDERS = (".", "bin", "scripts", "docker", "deploy", ".github/workflows")
_APPLICATION = re.compile(
    r"^(?:(?P<name>\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)*(?:Flask|APIFlask|create_\w*app\w*|make_app|FlaskGroup)\(|"
    r"\w+\s*,\s*\w+\s*=\s*(?:\w+\.)*create_\w*app\w*\(|def\s+(?:create_app|make_app)\()",
    re.MULTILINE,
)
_DEFINES = re.compile(r"\b(?:def\s+(?:create_app|make_app)|Migrate|Alembic)\(")
_LARGEST = 1 << 18
"""Bytes of a file that is read."""
_FIRST = ("wsgi", "app", "manage", "run", "main", "server", "application", "autoapp", "__init__", "factory")
_MOST = 12
"""Places that are tried."""


def places_of_application(folder: str) -> List[str]:
    """Return what FLASK_APP may be in a folder: what the project's files say first, then what its code shows."""
    said = [place for text in _texts(folder) for place in _said(text, folder)]
    return list(dict.fromkeys([*said, *_shown(folder)]))[:_MOST]


def _texts(folder: str) -> Iterator[str]:
    for below in _FOLDERS:
        for name in sorted(_listed(os.path.join(folder, below))):
            if _FILES.search(name):
                yield _read(os.path.join(folder, below, name))


def _said(text: str, folder: str) -> Iterator[str]:
    for found in _SAYS.finditer(text):
        place = found["app"].rstrip(".,:")
        parts = place.split("/")
        # A path in a container starts with folders that are not here.
        for count in range(len(parts)):
            rest = "/".join(parts[count:])
            name = rest.partition(":")[0]
            if rest and _is_there(folder, name):
                yield rest
                break


def _is_there(folder: str, name: str) -> bool:
    path = os.path.join(folder, name)
    module = os.path.join(folder, *name.split("."))
    return os.path.isfile(path) or os.path.isfile(module + ".py") or os.path.isdir(module)


def _shown(folder: str) -> Iterator[str]:
    """Yield the modules of a folder, and of the packages in it, that create an application."""
    # A package itself is found from the folder above it.
    modules = [name[:-3] for name in _listed(folder) if name.endswith(".py") and name != "__init__.py"]
    for name in sorted(modules, key=_order):
        yield from _applications(os.path.join(folder, name + ".py"), name)
    for package in sorted(_listed(folder)):
        inside = os.path.join(folder, package)
        if not os.path.isfile(os.path.join(inside, "__init__.py")) or package.startswith("test"):
            continue
        for name in sorted((name[:-3] for name in _listed(inside) if name.endswith(".py")), key=_order):
            module = package if name == "__init__" else "%s.%s" % (package, name)
            yield from _applications(os.path.join(inside, name + ".py"), module)


def _order(name: str) -> "tuple[int, str]":
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _applications(path: str, module: str) -> Iterator[str]:
    if os.path.basename(path).startswith(("test_", "conftest")):
        return
    text = _read(path)
    # A script of another name may do what it is for as soon as it is imported, such as import.py or populate.py.
    is_meant = os.path.basename(path)[:-3] in _FIRST or _DEFINES.search(text) is not None
    found: Optional[re.Match[str]] = _APPLICATION.search(text) if is_meant else None
    if found is not None:
        yield module if found["name"] in (None, "app", "application") else "%s:%s" % (module, found["name"])


def _listed(folder: str) -> List[str]:
    try:
        return [name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name)) or "." not in name]
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > _LARGEST:
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
