"""Finds the Alembic configs of a project."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from action.errors import NoProjectError, SettingsError
from action.project.alembic_tree import DEFAULT_SECTION, Tree
from action.project.bare_folders import bare_trees
from action.project.folders import Source, relative, resolve
from action.project.hidden_configs import refuse_hidden_configs
from action.project.options import FilledInByCodeError, OptionError, Options, read_ini, read_tool_table, sections
from action.repository import git
from action.repository.inside import OutsideError, read_inside
from action.repository.regular import TooLargeError, reason
from action.sandbox.looking import is_file, is_folder, resolved
from checks.plural import listed

_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__"})
_INI = (".ini", ".cfg")
_MOST_BYTES = 1 << 20
"""Bytes; a larger ini file is data, not a configuration."""
_MOST_NAMED = 10
"""Places that a sentence names."""


def repository_root(path: Path) -> Path:
    """Return the top folder of the Git repository that a folder is in, or the folder itself; absolute."""
    path = resolved(path)
    return git.top(path) or path


@dataclass(frozen=True, slots=True)
class Found:
    """The trees of a project, and what may have hidden others."""

    trees: tuple[Tree, ...]
    unsearched: tuple[str, ...] = ()
    """Folders and files that could not be read, as ``path (why)``, relative to the repository's root."""
    every: tuple[Tree, ...] = ()
    """All trees of the project, also those that were not chosen."""


def find_trees(root: Path, chosen: Sequence[str] = ()) -> tuple[Tree, ...]:
    """Return the trees of ``find_project``."""
    return find_project(root, chosen).trees


def find_project(root: Path, chosen: Sequence[str] = ()) -> Found:
    """Return the trees below ``root``, a repository or a folder of one, or only those ``chosen``.

    ``chosen`` holds ``FILE``, ``FILE:SECTION`` or a folder, relative to ``root`` or to the repository's root.
    Configurations that name the same scripts and versions are one tree, named after the first of them; each can be
    chosen. Raises NoProjectError when there is no tree, SettingsError when a chosen one does not exist, or when a
    configuration is known to lie where nothing can be read.
    """
    root = resolved(root)
    _refuse_unlistable(root)
    looked_at = _Survey(repository_root(root))
    for path in _walk(root, looked_at.skip):
        looked_at.read(path)
    every = tuple(_distinct(looked_at.trees))
    if chosen:
        picked = _chosen(root, looked_at, chosen)
        others = (tree for tree in every if all(tree.path != one.path for one in picked))
        return Found(picked, looked_at.unsearched(), (*picked, *others))
    looked_at.leave_out_templates()
    if not looked_at.trees and len(looked_at.left_out) == looked_at.filled_in:
        looked_at.trees += bare_trees(root, looked_at.repository, enters)
    if not looked_at.trees:
        raise _no_project(root, looked_at)
    refuse_hidden_configs(looked_at.skipped, looked_at.repository)
    trees = tuple(_distinct(looked_at.trees))
    return Found(trees, looked_at.unsearched(), trees)


def _refuse_unlistable(root: Path) -> None:
    try:
        os.scandir(root).close()
    except FileNotFoundError:
        raise SettingsError(
            f"The folder {root} does not exist.", remedy="Set the path to a repository, or to a folder in one."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"The folder {root} cannot be read: {reason(error)}.",
            why="The Alembic configs and the migrations are looked for in it.",
            remedy="Give the user who runs the check the right to list and to enter it, or set another path.",
        ) from None


def every_tree(root: Path, more: str) -> tuple[Tree, ...]:
    """Return every tree below ``root``, a repository's top folder, and those of the file ``more``, relative to it.

    Configurations that name the same scripts are a tree each.
    """
    looked_at = _Survey(root)
    for path in _walk(root, looked_at.skip):
        looked_at.read(path)
    if is_file(root / more):
        looked_at.read(root / more)
    return tuple(looked_at.trees)


def may_configure(name: str) -> bool:
    """Return whether a file may configure Alembic, by its name."""
    return name == "pyproject.toml" or name.endswith(_INI)


class _Survey:
    """The trees that were found, and the files that were read but describe none."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        self.trees: list[Tree] = []
        self.left_out: list[str] = []
        """Files without a usable config, as ``path: why``."""
        self.filled_in = 0  # of them, by the project's code: no fault
        self.skipped: dict[Path, str] = {}
        """Folders and files that cannot be read, and why."""

    def read(self, path: Path, section: str | None = None) -> None:
        """Add the trees of a configuration file, or the tree of one section."""
        try:
            sources = list(_sources(path, self.repository, section))
        except OSError as error:
            if not isinstance(error, (OutsideError, TooLargeError)):
                self.skipped[path] = reason(error)
                return
            self.left_out.append(f"{relative(path, self.repository)}: {error}")
            return
        except OptionError as error:
            self.left_out.append(f"{relative(path, self.repository)}: {error}")
            return
        for source in sources:
            try:
                self._add(resolve(source, self.repository))
            except OptionError as error:
                self.left_out.append(f"{source.path(self.repository)}: {error}")
                self.filled_in += isinstance(error, FilledInByCodeError)

    def skip(self, error: OSError) -> None:
        """Take note of a folder that cannot be listed."""
        self.skipped[Path(error.filename)] = reason(error)

    def unsearched(self) -> tuple[str, ...]:
        """Return what was skipped, as ``path (why)``."""
        return tuple(f"{relative(path, self.repository)} ({why})" for path, why in sorted(self.skipped.items()))

    def leave_out_templates(self) -> None:
        """Leave out configurations in a folder such as ``{{name}}``, which nobody named: a generator's template."""
        templates = [tree for tree in self.trees if "{{" in str(tree.config_file)]
        self.trees = [tree for tree in self.trees if tree not in templates]
        self.left_out += [f"{tree.path}: it is a template" for tree in templates]

    def _add(self, tree: Tree) -> None:
        if all(known.path != tree.path for known in self.trees):
            self.trees.append(tree)


def _walk(root: Path, skip: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield every file that may configure Alembic, those nearest to ``root`` first; ``skip`` takes closed folders."""
    found: list[Path] = []
    for folder, folders, files in os.walk(root, onerror=skip):
        here = Path(folder)
        folders[:] = [name for name in folders if enters(here / name)]
        found += [here / name for name in files if may_configure(name)]
    yield from sorted(found, key=lambda path: (len(path.parts), path.parent, not _is_usual(path), path.name))


def enters(folder: Path) -> bool:
    """Return whether a folder can hold files of the project: not a hidden, an installed or a generated one."""
    name = folder.name
    return not name.startswith(".") and name not in _SKIPPED and not is_file(folder / "pyvenv.cfg")


def _is_usual(path: Path) -> bool:
    return path.name in ("pyproject.toml", "alembic.ini")


def _sources(path: Path, repository: Path, section: str | None = None) -> Iterator[Source]:
    """Yield what a file configures; an alembic.ini and the ``[tool.alembic]`` beside it are one tree.

    Alembic 1.16 and later merge the two, an option of the ini first (alembic.config.Config.get_alembic_option).
    """
    if path.name == "pyproject.toml":
        yield from _of_pyproject(path, repository, section)
    elif _mentions_alembic(path, repository):
        yield from _of_ini(path, repository, section)


def _of_pyproject(path: Path, repository: Path, section: str | None) -> Iterator[Source]:
    table = read_tool_table(path, repository)
    if table is None or section not in (None, DEFAULT_SECTION):
        return
    ini = path.with_name("alembic.ini")
    options = Options(here=path.parent, ini=read_ini(ini, repository) if is_file(ini) else None, toml=table)
    yield Source(config_file=path, kind="pyproject", options=options)


def _of_ini(path: Path, repository: Path, section: str | None) -> Iterator[Source]:
    ini, table = read_ini(path, repository), None
    if path.name == "alembic.ini" and is_file(path.with_name("pyproject.toml")):
        table = _table_beside(path, repository)
    names = [section] if section else list(sections(ini))
    if not names and path.name == "alembic.ini" and ini.has_section(DEFAULT_SECTION) and table is None:
        names = [DEFAULT_SECTION]
    for name in names:
        if not ini.has_section(name) or (name == DEFAULT_SECTION and table is not None):
            continue
        yield Source(
            config_file=path,
            kind="ini",
            options=Options(here=path.parent, ini=ini, section=name, toml=table or {}),
        )


def _table_beside(ini: Path, repository: Path) -> dict[str, object] | None:
    try:
        table = read_tool_table(ini.with_name("pyproject.toml"), repository)
    except (OptionError, OSError):
        return None  # Reported where pyproject.toml itself is read.
    return dict(table) if table is not None else None


def _mentions_alembic(path: Path, repository: Path) -> bool:
    text = read_inside(path, repository, most=_MOST_BYTES)
    return b"script_location" in text or (path.name == "alembic.ini" and b"[alembic]" in text)


def _distinct(trees: Sequence[Tree]) -> Iterator[Tree]:
    """Yield one tree for each set of scripts: ``alembic.ini`` and ``production.ini`` often share theirs."""
    seen = set()
    for tree in trees:
        scripts = (os.path.realpath(tree.script_location), frozenset(map(os.path.realpath, tree.version_locations)))
        if scripts not in seen:
            seen.add(scripts)
            yield tree


def _chosen(root: Path, looked_at: _Survey, chosen: Sequence[str]) -> tuple[Tree, ...]:
    found = tuple(_distinct(looked_at.trees))
    picked: dict[str, Tree] = {}
    for name in chosen:
        trees = _named(root, looked_at, name)
        if not trees:
            raise _no_such_tree(name, found, looked_at)
        picked |= {tree.path: tree for tree in trees}
    return tuple(picked.values())


def _named(root: Path, looked_at: _Survey, name: str) -> tuple[Tree, ...]:
    """Return the trees that a value of --tree names."""
    for base in dict.fromkeys((root, looked_at.repository)):
        path = Path(os.path.normpath(base / name))
        if is_folder(path):
            below = [tree for tree in looked_at.trees if tree.config_file.is_relative_to(path)]
            below = below or list(bare_trees(path, looked_at.repository, enters))
            if below:
                return tuple(_distinct(below))
        file, _, section = str(path).rpartition(":") if not is_file(path) else (str(path), "", "")
        if not file or not is_file(Path(file)):
            continue
        looked_at.read(Path(file), section or None)
        trees = [tree for tree in looked_at.trees if _is_configured_by(tree, Path(file))]
        picked = [tree for tree in trees if tree.section == (section or DEFAULT_SECTION)]
        if picked or (trees and not section):
            return tuple(picked or trees)
    return ()


def _is_configured_by(tree: Tree, file: Path) -> bool:
    """Return whether a file describes a tree; an alembic.ini also describes that of the pyproject.toml next to it."""
    merged = tree.kind == "pyproject" and file == tree.config_file.with_name("alembic.ini")
    return tree.config_file == file or merged


def _no_such_tree(name: str, found: Sequence[Tree], looked_at: _Survey) -> SettingsError:
    names = ", ".join(tree.path for tree in found)
    return SettingsError(
        f"There is no Alembic config {name}.",
        why=f"Found: {names}." if names else "No Alembic config was found.",
        remedy="Set --tree to FILE or FILE:SECTION, relative to the project.",
        details="\n".join((*looked_at.left_out, *looked_at.unsearched())),
    )


def _no_project(root: Path, looked_at: _Survey) -> NoProjectError:
    left_out, closed = "; ".join(looked_at.left_out), looked_at.unsearched()
    why = [f"These files were read: {left_out}."] if left_out else []
    why += [f"Not searched, because they cannot be read: {listed(closed, _MOST_NAMED)}."] if closed else []
    return NoProjectError(
        f"No Alembic config was found below {root}.",
        why="\n".join(why)
        or "There is no alembic.ini with a script_location and no pyproject.toml with [tool.alembic].",
        remedy="Set the path to the project's folder, or --tree to its config file.",
    )
