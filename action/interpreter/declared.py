"""Finds the files that declare a project's dependencies: nearest to the Alembic config first, a lock before all."""

from __future__ import annotations

import configparser
import enum
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from action.project.alembic_tree import Tree
from action.repository.inside import read_inside
from action.sandbox.looking import entries, is_file, is_folder

_LARGEST = 8 << 20
"""Bytes of a file that people write; locks are not read here."""
HAS_ALEMBIC = re.compile(r"alembic|flask[-_.]?migrate|advanced[-_.]alchemy", re.IGNORECASE)
INCLUDES = re.compile(r"^\s*(-r|--requirement|-e|--editable|\.)", re.MULTILINE)
_BEST_FIRST = ("production", "prod", "base", "common", "main", "requirements", "app", "backend", "server", "api", "web")
_LAST = ("dev", "develop", "development", "local", "test", "tests", "testing", "ci", "lint", "docs")
_CONDA = ("environment.yml", "environment.yaml", "conda.yml", "conda.yaml")
_SKIPPED = ("node_modules", "tests", "test", "docs", "examples")


class Shape(enum.StrEnum):
    """The kinds of files that declare dependencies, in order of preference within a folder."""

    UV = "uv.lock"
    POETRY = "poetry.lock"
    PDM = "pdm.lock"
    PIPENV = "Pipfile.lock"
    PYLOCK = "pylock.toml"
    REQUIREMENTS = "requirements.txt"
    PROJECT = "pyproject.toml"
    SETUP = "setup.py"
    PIPFILE = "Pipfile"
    CONDA = "environment.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaringFile:
    """What declares the dependencies of a project."""

    shape: Shape
    file: Path
    """Absolute: the lock, or the file that names the dependencies."""
    folder: Path
    """The project's folder; the lock of a uv workspace lies above it."""
    root: Path
    """The repository's root."""

    @property
    def name(self) -> str:
        """Return the file's path below the root."""
        return self.file.relative_to(self.root).as_posix()

    @property
    def is_lock(self) -> bool:
        """Return whether the file says the version of each package."""
        return self.shape.value.endswith((".lock", "lock.toml"))

    @property
    def pyproject(self) -> dict[str, Any]:
        """Return the content of the project's pyproject.toml; empty where there is none."""
        return toml_of(self.folder / "pyproject.toml", self.root)


def declared_for(tree: Tree, root: Path) -> DeclaringFile | None:
    """Return what declares the dependencies of a tree's project: in its folder or the nearest one above it."""
    above = [tree.workdir, tree.config_file.parent, *tree.workdir.parents, *tree.script_location.parents]
    for folder in dict.fromkeys(above):
        if folder.is_relative_to(root):
            found = declared_in(folder, root)
            if found is not None:
                return found
    return None


def declared_below(root: Path) -> list[str]:
    """Return the files of other folders, near the root, that declare dependencies; paths relative to the root."""
    folders = [each for each in entries(root) if is_folder(each) and not each.is_symlink()]
    near = [each for each in folders if not each.name.startswith(".") and each.name not in _SKIPPED]
    return [found.name for found in (declared_in(folder, root) for folder in near) if found is not None]


def declared_in(folder: Path, root: Path) -> DeclaringFile | None:
    """Return the best of the files in one folder: one that names Alembic before one that does not."""
    found = [DeclaringFile(shape=shape, file=file, folder=folder, root=root) for shape, file in _found(folder, root)]
    naming = [one for one in found if _names_alembic(one)]
    return next(iter([*naming, *found]), None)


def _found(folder: Path, root: Path) -> Iterator[tuple[Shape, Path]]:
    for shape, look in _LOOKS.items():
        file = look(folder, root)
        if file is not None:
            yield shape, file


def _names_alembic(found: DeclaringFile) -> bool:
    """Return whether a file names Alembic, or includes another one that may do so; a lock counts as one that does."""
    if found.is_lock:
        return True
    text = text_of(found.file, found.root)
    return HAS_ALEMBIC.search(text) is not None or (
        found.shape is Shape.REQUIREMENTS and INCLUDES.search(text) is not None
    )


def _uv(folder: Path, root: Path) -> Path | None:
    about = toml_of(folder / "pyproject.toml", root)
    if not about:
        return None
    if is_file(folder / "uv.lock"):
        return folder / "uv.lock" if "project" in about or _workspace(about) is not None else None
    if "project" not in about:
        return None
    for above in folder.parents:
        if not above.is_relative_to(root):
            return None
        workspace = _workspace(toml_of(above / "pyproject.toml", root))
        if workspace is not None and is_file(above / "uv.lock"):
            return above / "uv.lock" if _is_member(folder, above, workspace) else None
    return None


def _workspace(about: dict[str, Any]) -> dict[str, Any] | None:
    found = table(about, "tool", "uv").get("workspace")
    return found if isinstance(found, dict) else None


def _is_member(folder: Path, above: Path, workspace: dict[str, Any]) -> bool:
    inside = folder.relative_to(above)

    def matches(key: str) -> bool:
        patterns = workspace.get(key, [])
        return isinstance(patterns, list) and any(_glob(str(pattern), inside) for pattern in patterns)

    return matches("members") and not matches("exclude")


def _glob(pattern: str, path: Path) -> bool:
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if "**" in parts:
        return path.match(pattern.replace("**", "*"))
    return len(parts) == len(path.parts) and path.match("/".join(parts))


def _poetry(folder: Path, root: Path) -> Path | None:
    return _beside(folder, root, "poetry.lock", "tool", "poetry") or _beside(folder, root, "poetry.lock", "project")


def _pdm(folder: Path, root: Path) -> Path | None:
    return _beside(folder, root, "pdm.lock", "project")


def _beside(folder: Path, root: Path, lock: str, *keys: str) -> Path | None:
    is_there = is_file(folder / lock) and table(toml_of(folder / "pyproject.toml", root), *keys)
    return folder / lock if is_there else None


def _pylock(folder: Path, root: Path) -> Path | None:
    locks = [path for path in entries(folder) if re.fullmatch(r"pylock(\.[^.]+)?\.toml", path.name)]
    return min((path for path in locks if is_file(path)), key=lambda path: _rank(path.name[7:-5]), default=None)


def requirement_files(folder: Path) -> list[Path]:
    """Return the requirements files of a folder and of its ``requirements``, the best first, then the rest."""
    beside = [
        path
        for path in entries(folder)
        if re.fullmatch(r"(\w+[-_.])?requirements?([-_.]\w+)*\.(txt|in|lock)", path.name)
    ]
    inside = [
        path for name in ("requirements", "reqs") for path in entries(folder / name) if path.suffix in (".txt", ".in")
    ]
    files = [path for path in (*beside, *inside) if is_file(path)]
    compiled = {path.with_suffix("") for path in files if path.suffix != ".in"}
    files = [path for path in files if path.suffix != ".in" or path.with_suffix("") not in compiled]
    return sorted(files, key=lambda path: (_rank(_kind(path)), path.suffix != ".txt", str(path)))


def _kind(path: Path) -> str:
    """Return what a requirements file is for: ``dev`` for requirements-dev.txt, dev-requirements.txt and dev.txt."""
    return re.sub(r"^requirements?[-_.]?|[-_.]?requirements?$", "", path.stem.lower())


def _rank(kind: str) -> int:
    if kind == "":
        return 0
    if kind in _LAST:
        return 200
    return 1 + _BEST_FIRST.index(kind) if kind in _BEST_FIRST else 100


def _requirements(folder: Path, root: Path) -> Path | None:
    return next(iter(requirement_files(folder)), None)


def _project(folder: Path, root: Path) -> Path | None:
    about = toml_of(folder / "pyproject.toml", root)
    poetry = table(about, "tool", "poetry")
    names = "dependencies" in poetry or "group" in poetry
    declares = any(key in table(about, "project") for key in ("dependencies", "dynamic", "optional-dependencies"))
    return folder / "pyproject.toml" if declares or names or "dependency-groups" in about else None


def _setup(folder: Path, root: Path) -> Path | None:
    can_be_built = any(is_file(folder / name) for name in ("setup.py", "pyproject.toml"))  # as pip sees it
    if can_be_built and "install_requires" in text_of(folder / "setup.cfg", root):
        return folder / "setup.cfg"
    return folder / "setup.py" if "setup(" in text_of(folder / "setup.py", root) else None


def _pipenv(folder: Path, root: Path) -> Path | None:
    return folder / "Pipfile.lock" if is_file(folder / "Pipfile.lock") else None


def _pipfile(folder: Path, root: Path) -> Path | None:
    return folder / "Pipfile" if is_file(folder / "Pipfile") else None


def _conda(folder: Path, root: Path) -> Path | None:
    return next((folder / name for name in _CONDA if is_file(folder / name)), None)


_LOOKS: dict[Shape, Callable[[Path, Path], Path | None]] = {
    Shape.UV: _uv,
    Shape.POETRY: _poetry,
    Shape.PDM: _pdm,
    Shape.PIPENV: _pipenv,
    Shape.PYLOCK: _pylock,
    Shape.REQUIREMENTS: _requirements,
    Shape.PROJECT: _project,
    Shape.SETUP: _setup,
    Shape.PIPFILE: _pipfile,
    Shape.CONDA: _conda,
}


def text_of(file: Path, root: Path) -> str:
    """Return the text of a file in the repository; empty where it cannot be read."""
    try:
        return read_inside(file, root, most=_LARGEST).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return ""


def toml_of(file: Path, root: Path) -> dict[str, Any]:
    """Return the content of a TOML file in the repository; empty where it cannot be read."""
    try:
        return tomllib.loads(text_of(file, root))
    except (ValueError, RecursionError):
        return {}


def cfg_of(file: Path, root: Path) -> configparser.ConfigParser:
    """Return the content of a setup.cfg in the repository; empty where it cannot be read."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text_of(file, root))
    except configparser.Error:
        return configparser.ConfigParser(interpolation=None)
    return parser


def table(content: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return a table of a TOML file; empty where it is missing or is something else."""
    for key in keys:
        found = content.get(key)
        content = found if isinstance(found, dict) else {}
    return content
