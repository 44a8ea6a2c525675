"""The project's own command: that of the settings, or that of a framework whose Config no other program makes."""

from __future__ import annotations

import os
import re
import shlex
from importlib.util import find_spec
from typing import Dict, Iterator, List, Optional, Tuple

from ..protocol.requests import Load
from .own_programs import program_with, text_of

_ADVANCED_ALCHEMY = re.compile(r"\badvanced_alchemy\b")
_DECLARES = re.compile(r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)*SQLAlchemy(?:Async|Sync)Config\(", re.MULTILINE)
_REGISTERS = re.compile(r"\bregister_database_commands\(")
_GROUP = re.compile(r"\bregister_database_commands\([^()]*\)\s*,\s*(?:name\s*=\s*)?[\"'](\w+)[\"']")
_FOUND = ("app", "application")
_LITESTAR_APP = re.compile(r"\bLITESTAR_APP\b[\"']?\s*[,:=\s]\s*[\"']?([\w.]+:\w+)")
_SAYS = re.compile(r"^\.env|dockerfile|compose.*\.ya?ml$|^makefile|\.py$", re.IGNORECASE)
_SKIPPED = ("node_modules", "site-packages", "__pycache__", "tests", "test", "docs")


def command_of(request: Load) -> Optional[List[str]]:
    """Return the command to run; None where Alembic's Config is enough. Raises ValueError for a quote left open."""
    if request.command:
        return shlex.split(request.command)
    if request.alembic_config or request.framework:
        return None
    return _advanced_alchemy(request)


def _advanced_alchemy(request: Load) -> Optional[List[str]]:
    if _ADVANCED_ALCHEMY.search(text_of(request.env_py)) is None or not is_installed("advanced_alchemy"):
        return None
    upgrade = ["database", "upgrade", "--no-prompt"]
    if is_installed("litestar"):
        if request.env.get("LITESTAR_APP") or os.environ.get("LITESTAR_APP"):
            return ["litestar", *upgrade]
        said = _said(request)
        if said is not None:
            return ["litestar", "--app", said[0], "--app-dir", os.path.relpath(said[1], request.workdir), *upgrade]
        if _litestar_finds(request.workdir):
            return ["litestar", *upgrade]
    program = program_with(_REGISTERS, request.workdir, request.root)
    # It knows the models, which a configuration alone may not. But an application gives the configuration the bind key
    # `default`, and the metadata of that name is empty (advanced-alchemy 1.12).
    if program is not None and "bind_key" not in text_of(request.env_py):
        named = _GROUP.search(program.text)
        return program.command(request.workdir, named[1] if named else "database", "upgrade", "--no-prompt")
    config = next(_configs(request.workdir), None)
    return None if config is None else ["alchemy", "--config", config, "upgrade", "--no-prompt"]


def _litestar_finds(workdir: str) -> bool:
    """Tell whether Litestar finds the application by itself (litestar.cli._utils.AUTODISCOVERY_FILE_NAMES)."""
    inside = ["%s/%s.py" % (folder, name) for folder in _FOUND for name in ("__init__", "app", "asgi", "main")]
    names = [*inside, *("%s.py" % name for name in _FOUND)]
    return any("Litestar" in text_of(os.path.join(workdir, name)) for name in names)


def _said(request: Load) -> Optional[Tuple[str, str]]:
    """Return the application that a file of the project gives to LITESTAR_APP, with the folder of its package.

    Of several, the one that lies nearest to the migrations.
    """
    every: List[str] = []
    named: Dict[str, None] = {}
    for folder, folders, files in os.walk(request.root):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED)
        every.append(folder)
        for name in sorted(name for name in files if _SAYS.search(name)):
            named.update(dict.fromkeys(_LITESTAR_APP.findall(text_of(os.path.join(folder, name)))))
    found: List[Tuple[int, str, str]] = []
    for app in named:
        module, _, name = app.partition(":")
        path = os.path.join(*module.split(".")) + ".py"
        places = [folder for folder in every if re.search(r"\b%s\b" % name, text_of(os.path.join(folder, path)))]
        found += [(_shared(os.path.join(place, path), request.script_location), app, place) for place in places]
    best = max(found, key=lambda one: one[0], default=None)
    return None if best is None else best[1:]


def _shared(path: str, other: str) -> int:
    return len(os.path.commonpath([path, other]))


def _configs(workdir: str) -> Iterator[str]:
    """Yield the configurations of SQLAlchemy that modules below the folder have, as ``package.module.name``."""
    for base in (os.path.join(workdir, "src"), workdir):
        for folder, folders, files in os.walk(base):
            folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in (*_SKIPPED, "src"))
            for name in sorted(name for name in files if name.endswith(".py")):
                found = _DECLARES.search(text_of(os.path.join(folder, name)))
                if found is not None:
                    path = os.path.relpath(os.path.join(folder, name[:-3]), base)
                    yield "%s.%s" % (path.replace(os.sep, ".").replace(".__init__", ""), found[1])


def is_installed(name: str) -> bool:
    """Tell whether a package can be imported."""
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False
