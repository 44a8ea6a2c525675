"""The folders of a project that have to be on sys.path, as an installation in place would put them there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from action.interpreter.declared import cfg_of, table, text_of, toml_of
from action.sandbox.looking import entries, is_file, is_folder, resolved


def is_package(folder: Path, root: Path) -> bool:
    """Return whether a project is meant to be installed itself."""
    about = toml_of(folder / "pyproject.toml", root)
    uv, poetry = table(about, "tool", "uv"), table(about, "tool", "poetry")
    if uv.get("package") is False or poetry.get("package-mode") is False:
        return False
    built = "build-system" in about and ("project" in about or bool(poetry))
    return built or uv.get("package") is True or is_file(folder / "setup.py") or is_file(folder / "setup.cfg")


def source_roots(folder: Path, root: Path) -> list[Path]:
    """Return the folders that a project's modules lie in: those of its metadata, ``src``, and its own.

    Only folders of the repository that exist, without links out of it.
    """
    about = toml_of(folder / "pyproject.toml", root)
    named = [*_of_pyproject(about), *_of_setup(folder, root), *_src(folder)]
    found = (folder / name for name in (*dict.fromkeys(named), "."))
    return [path for path in found if is_folder(path) and resolved(path).is_relative_to(resolved(root))]


def _src(folder: Path) -> list[str]:
    inside = entries(folder / "src")
    has_modules = any(path.suffix == ".py" or is_folder(path) for path in inside)
    return ["src"] if has_modules and not is_file(folder / "src" / "__init__.py") else []


def _of_pyproject(about: dict[str, Any]) -> Iterator[str]:
    setuptools = table(about, "tool", "setuptools")
    yield from _texts(table(setuptools, "packages", "find").get("where"))
    yield from _texts(table(setuptools, "package-dir").get(""))
    for package in _dicts(table(about, "tool", "poetry").get("packages")):
        yield from _texts(package.get("from"))
    wheel = table(about, "tool", "hatch", "build", "targets", "wheel")
    yield from (str(Path(name).parent) for name in _texts(wheel.get("packages")))
    yield from _texts(wheel.get("sources"))
    yield from _texts(table(about, "tool", "pdm", "build").get("package-dir"))
    yield from _texts(table(about, "tool", "uv", "build-backend").get("module-root"))
    yield from _texts(table(about, "tool", "maturin").get("python-source"))


def _of_setup(folder: Path, root: Path) -> Iterator[str]:
    cfg = cfg_of(folder / "setup.cfg", root)
    yield from filter(None, [cfg.get("options.packages.find", "where", fallback=None)])
    yield from re.findall(r"^\s*=\s*(\S+)\s*$", cfg.get("options", "package_dir", fallback=""), re.MULTILINE)
    written = text_of(folder / "setup.py", root)
    yield from re.findall(r"package_dir\s*=\s*\{\s*[\"']{2}\s*:\s*[\"']([^\"']+)[\"']", written)


def _texts(found: Any) -> list[str]:
    listed = found if isinstance(found, list) else [found]
    return [text for text in listed if isinstance(text, str)]


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
