"""Installs what a project declares with uv, and lock files of other tools by these tools' own exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from action.interpreter.conda import requirements_of
from action.interpreter.declared import DeclaringFile, Shape, table, text_of
from action.interpreter.environments import version_in
from action.interpreter.fitting_python import WheelSearch
from action.interpreter.groups import DependencyGroup
from action.interpreter.installer import Installer, InstallError
from action.interpreter.project_copy import describe_project, made_in_place, project_copy
from action.repository.regular import read_regular
from action.sandbox.looking import is_file, is_folder, resolved
from action.supervisor.run_folder import new_folder

_LIKE_PIP = ("--index-strategy", "unsafe-best-match")
"""Requirements files are written for pip, which takes the best version of all indexes."""
_LOCAL = re.compile(
    r"^(?:-e\s+|--editable\s+)?(?:[\w.\[\]-]+\s*@\s*)?(?P<path>file:\S+|\.{1,2}(?:/\S*)?|/\S+)\s*(?:;.*)?$"
)
_REFUSED = ("Permission denied", "Read-only file system", "Errno 13", "os error 13", "Errno 30")
_OF_PYTHON = re.compile(r"python_(?:full_)?version\s*(?:==|>=|<=|<|>|~=)\s*([\"'])[^\"']+\1")
_ANY_PYTHON = 'python_version >= "3"'
_LARGEST = 16 << 20
"""Bytes of an exported lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByUv:
    """How the dependencies of one project get into one environment."""

    uv: str
    installer: Installer
    environment: Path
    declared: DeclaringFile
    cleanup: ExitStack
    any_python: bool = False
    """Whether the setting names a Python that the project does not ask for: its exports would leave everything out."""
    wheels: WheelSearch | None = None
    """Looks for an older Python before packages are compiled; None where there is no other."""
    listed: list[str] = field(default_factory=list)
    """The lines of requirements that were installed, as far as they are known: some hold for another Python."""

    def install(self, groups: Sequence[DependencyGroup] = ()) -> list[Path]:
        """Install the main dependencies and groups; return folders of the repository that are dependencies, too.

        Raises InstallError.
        """
        return _RECIPES[self.declared.shape](self, groups)

    def look_for_wheels(self, *arguments: str, cwd: Path) -> None:
        """Look whether an older Python has wheels where this one has none. Raises OlderPython if so."""
        if self.wheels is not None:
            self.wheels.look(arguments, cwd)

    def install_project(self) -> None:
        """Install the project itself, without dependencies, from a copy: some of it asks for its own version.

        Raises InstallError.
        """
        copy = project_copy(self.declared.root, self.installer, self.environment, self.cleanup)
        folder = copy / self.declared.folder.relative_to(self.declared.root)
        try:
            self.pip("install", "--no-deps", str(folder), cwd=folder)
        except InstallError:  # a build can need what only a release has, such as files that another tool makes
            about = self.declared.pyproject
            known = (table(about, "project"), table(about, "tool", "poetry"))
            found = next((one for one in known if "name" in one and "version" in one), None)
            if found is None:
                raise
            describe_project(str(found["name"]), str(found["version"]), self.installer, self.environment)

    def pip(self, *arguments: str, cwd: Path) -> None:
        """Run ``uv pip`` for the environment. Raises InstallError."""
        command, *rest = arguments
        python = str(self.environment / "bin" / "python")
        words = [self.uv, "pip", command, "--python", python, *rest]
        self.installer.run(words, cwd=cwd, into=self.environment, named=f"uv pip {command}")

    def tool(self, *arguments: str, cwd: Path, needs: Sequence[str] = ()) -> None:
        """Run a tool that uv installs for this one call. Raises InstallError."""
        beside = [word for need in needs for word in ("--with", need)]
        command = [*self.tool_run, "--from", arguments[0], *beside, *arguments]
        self.installer.run(command, cwd=cwd, into=self.environment, named=" ".join(arguments), **_OF_TOOLS)

    @property
    def tool_run(self) -> list[str]:
        """Return how uv runs a tool: with our Python, not with the project's, which may be older."""
        return [self.uv, "tool", "run", "--quiet", "--python", self.installer.host.own]

    def own_folder(self) -> Path:
        """Return a new folder of the project's user."""
        made = self.cleanup.enter_context(new_folder("export-"))
        self.installer.host.user.own(made)
        return made

    def written(self, lines: Sequence[str]) -> Path:
        """Write requirements to a file that only we can change, and return it."""
        made = self.cleanup.enter_context(new_folder("requirements-"))
        made.chmod(0o755)
        (made / "requirements.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return made / "requirements.txt"


_OF_TOOLS = {
    "PDM_CHECK_UPDATE": "0",
    "PDM_IGNORE_SAVED_PYTHON": "1",
    "PIPENV_IGNORE_VIRTUALENVS": "1",
    "PIPENV_VENV_IN_PROJECT": "0",
    "POETRY_NO_INTERACTION": "1",
    "POETRY_VIRTUALENVS_CREATE": "false",
}


def _sync(by: ByUv, groups: Sequence[DependencyGroup]) -> list[Path]:
    chosen = [word for group in groups for word in (f"--{group.kind}", group.name)]
    if "project" not in by.declared.pyproject:
        chosen.append("--all-packages")  # the root of a workspace that is no package itself
    python = str(by.environment / "bin" / "python")
    common = ["--frozen", "--no-default-groups", *chosen, "--python", python]
    listed = by.own_folder() / "local.txt"
    export = [by.uv, "export", "--quiet", *common, "--no-hashes", "--no-annotate", "--no-header", "-o", str(listed)]
    by.installer.run(export, cwd=by.declared.folder, into=by.environment, named="uv export")
    lines, local = _split(_exported(listed), by.declared.file.parent, by.declared.file.parent)
    by.listed[:] = lines
    by.look_for_wheels("--no-deps", *_LIKE_PIP, str(by.written(lines)), cwd=by.declared.folder)
    command = [by.uv, "sync", *common, "--no-install-local", "--inexact"]
    by.installer.run(command, cwd=by.declared.folder, into=by.environment, named="uv sync --frozen")
    return local


def _pylock(by: ByUv, groups: Sequence[DependencyGroup]) -> list[Path]:
    by.pip("install", "--preview-features", "pylock", "-r", str(by.declared.file), cwd=by.declared.folder)
    return []


def _requirements(by: ByUv, groups: Sequence[DependencyGroup]) -> list[Path]:
    names = [by.declared.name, *(group.name for group in groups)]
    by.listed[:] = [line for name in names for line in text_of(by.declared.root / name, by.declared.root).splitlines()]
    by.look_for_wheels(*_LIKE_PIP, *(str(by.declared.root / name) for name in names), cwd=by.declared.folder)

    def install(root: Path) -> None:
        files = [word for name in names for word in ("-r", str(root / name))]
        by.pip("install", *_LIKE_PIP, *files, cwd=root / by.declared.folder.relative_to(by.declared.root))

    _in_place_or_copy(by, install)
    return []


def _metadata(by: ByUv, groups: Sequence[DependencyGroup]) -> list[Path]:
    about = by.declared.pyproject
    if table(about, "tool", "poetry").get("dependencies") and "dependencies" not in table(about, "project"):
        return _poetry(by, groups)
    file = by.declared.file.relative_to(by.declared.root)
    by.listed[:] = [str(line) for line in table(about, "project").get("dependencies") or ()]
    chosen = [word for group in groups if group.kind == "extra" for word in ("--extra", group.name)]
    chosen += [word for group in groups if group.kind == "group" for word in ("--group", f"{file.name}:{group.name}")]

    def install(root: Path) -> None:
        source = ["-r", file.name] if "project" in about or file.name != "pyproject.toml" else []
        by.pip("install", *source, *chosen, cwd=(root / file).parent)

    is_static = "dependencies" in table(about, "project") and "dynamic" not in table(about, "project")
    if is_static or ("project" not in about and file.name == "pyproject.toml"):
        source = [file.name] if "project" in about else []
        by.look_for_wheels(*source, *chosen, cwd=by.declared.file.parent)
        install(by.declared.root)
    else:  # the names come from a build, and some builds write beside the sources
        install(project_copy(by.declared.root, by.installer, by.environment, by.cleanup))
    return []


def _poetry(by: ByUv, groups: Sequence[DependencyGroup]) -> list[Path]:
    chosen = [word for group in groups for word in (("--with" if group.kind == "group" else "-E"), group.name)]
    only = [] if any(group.kind == "group" for group in groups) else ["--only", "main"]
    folder = _copied(by, "pyproject.toml", "poetry.lock")
    export = ("poetry", "export", "--without-hashes", "-f", "requirements.txt", "-o", "exported.txt", *only, *chosen)
    if not is_file(by.declared.folder / "poetry.lock"):
        by.tool("poetry", "lock", cwd=folder)
    by.tool(*export, cwd=folder, needs=["poetry-plugin-export"])
    return _from_export(by, folder)


def _pdm(by: ByUv, groups: Sequence[DependencyGroup]) -> list[Path]:
    folder = _copied(by, "pyproject.toml", "pdm.lock")
    chosen = [word for group in groups for word in ("-G", group.name)] or ["--prod"]
    by.tool("pdm", "export", "--without-hashes", "-f", "requirements", "-o", "exported.txt", *chosen, cwd=folder)
    return _from_export(by, folder)


def _pipenv(by: ByUv, groups: Sequence[DependencyGroup]) -> list[Path]:
    folder = _copied(by, "Pipfile", "Pipfile.lock")
    if by.declared.shape is Shape.PIPFILE:
        by.tool("pipenv", "lock", cwd=folder)
    tool = [*by.tool_run, "pipenv", "requirements", *(["--dev"] if groups else [])]
    script = ["/bin/sh", "-ec", '"$@" > exported.txt', "sh", *tool]
    by.installer.run(script, cwd=folder, into=by.environment, named="pipenv requirements", **_OF_TOOLS)
    return _from_export(by, folder)


def _conda(by: ByUv, groups: Sequence[DependencyGroup]) -> list[Path]:
    try:
        lines = requirements_of(text_of(by.declared.file, by.declared.root))
    except ValueError as error:
        raise InstallError(by.declared.name, "cannot be read", str(error)) from None
    file = by.written([_absolute(line, by.declared.folder) for line in lines])
    by.look_for_wheels(*_LIKE_PIP, str(file), cwd=by.declared.folder)
    by.pip("install", *_LIKE_PIP, "-r", str(file), cwd=by.declared.folder)
    return []


_RECIPES: dict[Shape, Callable[[ByUv, Sequence[DependencyGroup]], list[Path]]] = {
    Shape.UV: _sync,
    Shape.POETRY: _poetry,
    Shape.PDM: _pdm,
    Shape.PIPENV: _pipenv,
    Shape.PYLOCK: _pylock,
    Shape.REQUIREMENTS: _requirements,
    Shape.PROJECT: _metadata,
    Shape.SETUP: _metadata,
    Shape.PIPFILE: _pipenv,
    Shape.CONDA: _conda,
}


def _in_place_or_copy(by: ByUv, install: Callable[[Path], None]) -> None:
    """Install from the checkout, and from a copy where the build wants to write beside the sources."""
    try:
        install(by.declared.root)
    except InstallError as error:
        if not any(words in error.output for words in _REFUSED):
            raise
        copy = project_copy(by.declared.root, by.installer, by.environment, by.cleanup)
        install(copy)
        made_in_place(copy, by.declared.root, by.installer, by.environment)


def _copied(by: ByUv, *names: str) -> Path:
    """Return a folder of the project's user with a few of the project's files: some tools write beside them."""
    folder = by.cleanup.enter_context(new_folder("export-"))
    user = by.installer.host.user
    for name in names:
        text = text_of(by.declared.folder / name, by.declared.root)
        if text:
            (folder / name).write_text(text, encoding="utf-8")
            user.own(folder / name)
    user.own(folder)  # last: from now on this user may put links there
    return folder


def _from_export(by: ByUv, folder: Path) -> list[Path]:
    lines, local = _split(_exported(folder / "exported.txt"), folder, by.declared.folder)
    patches = _OF_PYTHON if by.any_python else _of_patches(version_in(by.environment))
    lines = [patches.sub(_ANY_PYTHON, line) for line in lines]
    by.listed[:] = lines
    file = str(by.written(lines))
    by.look_for_wheels("--no-deps", *_LIKE_PIP, file, cwd=by.declared.folder)
    by.pip("install", "--no-deps", *_LIKE_PIP, "-r", file, cwd=by.declared.folder)
    return local


def _of_patches(minor: str) -> re.Pattern[str]:
    """Return what finds the conditions for one patch release of a minor: another one of it takes its place."""
    return re.compile(rf"python_full_version\s*===?\s*([\"']){re.escape(minor)}\.\d+\1")


def _exported(file: Path) -> list[str]:
    """Return the lines that a tool has written; the project's user may have put a link there, which is not followed."""
    return read_regular(file, most=_LARGEST, follow=False).decode("utf-8", "replace").splitlines()


def _split(lines: Sequence[str], exported_in: Path, folder: Path) -> tuple[list[str], list[Path]]:
    """Return the lines of packages from indexes, and the folders of the others, relative ones from ``folder``."""
    rest, local = [], []
    for line in lines:
        found = _LOCAL.match(line.strip())
        if found is None:
            rest.append(line)
            continue
        path = Path(re.sub(r"^file:(//)?", "", found["path"]))
        inside = path.relative_to(exported_in) if path.is_absolute() and path.is_relative_to(exported_in) else path
        local.append(resolved(folder / inside))
    return rest, [path for path in local if is_folder(path)]


def _absolute(line: str, folder: Path) -> str:
    """Return a line of requirements that holds in another folder as well."""
    found = re.match(r"(-r|-c|-e|--requirement|--constraint|--editable)[\s=]+(\S+)(.*)", line)
    if found and "://" not in found[2]:
        return f"{found[1]} {folder / found[2]}{found[3]}"
    return str(folder / line) if line.startswith(".") else line
