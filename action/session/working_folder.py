"""Which folder the project's code runs in, where the one that its configuration suggests lacks what it asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from action.project.alembic_tree import Tree
from action.repository.regular import read_regular
from action.sandbox.looking import exists, is_file, is_folder
from action.sandbox.temporary import temporary_folder
from action.sandbox.variables import environment
from action.session.events import ObstacleMet
from action.session.running import ProjectRun

_NO_FILE = re.compile(r"No such file or directory: ['\"](?P<path>[^'\"]+)['\"]")
_NO_MODULE = re.compile(r"(?:No module named|Could not import|Unable to import) ['\"]?(?P<module>[\w.]+)")
_NO_PROGRAM = re.compile(r"(?:can't open file|No such file or directory:?|not found:?) ['\"]?(?P<path>[^'\"\s]+)")
_LARGEST = 1 << 20
"""Bytes of a file of settings."""
_SETTING = r"^\s*(?:export\s+)?{}\s*="


def other_folders(met: ObstacleMet, tree: Tree, root: Path) -> list[Path]:
    """Return the folders that have what is missing in the tree's: that of the configuration, then those above it.

    The command may be run in each of them, up to the repository's root; last in their folder ``src``.
    """
    above = [tree.config_file.parent, *_upwards(tree.workdir, root)]
    folders = dict.fromkeys([*above, *(folder / "src" for folder in above)])
    return [folder for folder in folders if folder != tree.workdir and is_folder(folder) and _has(folder, met, tree)]


def _upwards(folder: Path, root: Path) -> Iterator[Path]:
    yield folder
    while folder != root and folder.is_relative_to(root):
        folder = folder.parent
        yield folder


def reason_to_move(met: ObstacleMet) -> str:
    """Return why env.py did not load, in a line."""
    said = met.traceback if met.kind == "command-ended" and met.traceback else met.text
    lines = (said or "").strip().splitlines() or [met.kind]
    return lines[-1 if said == met.traceback else 0]


def _has(folder: Path, met: ObstacleMet, tree: Tree) -> bool:
    if met.kind == "command-ended":
        return _has_of_command(folder, met)
    if met.kind == "missing-module":
        entries = (folder / entry for entry in (".", *tree.prepend_sys_path))
        return any(_is_module(entry.joinpath(*met.module.split("."))) for entry in entries)
    if met.kind == "missing-settings":
        missing = [name for name, wrong in met.settings.items() if wrong is None]
        return any(_sets(folder / ".env", name) for name in missing)
    missed = _NO_FILE.search(met.text or "") if met.error == "FileNotFoundError" else None
    if missed is None:
        return False
    path = Path(missed["path"])
    if path.is_absolute() and not path.is_relative_to(tree.workdir):
        return False
    return exists(folder / (path.relative_to(tree.workdir) if path.is_absolute() else path))


def _has_of_command(folder: Path, met: ObstacleMet) -> bool:
    """Return whether a folder has what the project's command did not find: a module, or a file."""
    said = met.traceback or ""
    modules = [found["module"] for found in _NO_MODULE.finditer(said)]
    files = [Path(found["path"]).name for found in _NO_PROGRAM.finditer(said)]
    if not said and "/" in met.command.split(" ")[0]:
        files.append(met.command.split(" ")[0])
    return any(_is_module(folder.joinpath(*module.split("."))) for module in modules) or any(
        exists(folder / name) for name in files
    )


def _is_module(path: Path) -> bool:
    return is_file(path.with_name(f"{path.name}.py")) or is_folder(path)


def _sets(file: Path, name: str) -> bool:
    try:
        text = read_regular(file, most=_LARGEST).decode("utf-8", "replace")
    except OSError:
        return False
    return re.search(_SETTING.format(re.escape(name)), text, re.IGNORECASE | re.MULTILINE) is not None


def moved_because(met: ObstacleMet, tree: Tree, folder: Path, root: Path) -> str:
    """Return the note on a tree that runs in another folder, which has what is missing in the first."""
    why = reason_to_move(met).rstrip(".")
    return f"env.py ran in {named(folder, root)}, because it does not load in {named(tree.workdir, root)}: {why}."


def named(folder: Path, root: Path) -> str:
    """Return a folder's name in a sentence."""
    inside = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(folder)
    return "the repository's root" if inside == "." else f"the folder {inside}"


def start_variables(
    run: ProjectRun, workdir: Path, root: Path, moved_from: Path | None, job: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return the variables that the project's interpreter starts with; ``moved_from`` is what ``root`` stands for."""
    found = {**environment(run.python, run.user), "TMPDIR": str(temporary_folder(run.user))}
    # What the interpreter reads as it starts; the rest of ``env`` is filled in and set by the probe.
    found |= {name: value for name, value in run.env.items() if name.startswith("PYTHON")}
    written = run.env.get("PYTHONPATH", job.get("PYTHONPATH", ""))
    if moved_from is not None:
        written = written.replace(str(moved_from), str(root))
    # In the image, other folders than the checkout's are of a Python that is not here.
    all_count = "PYTHONPATH" in run.env or not run.user.is_another
    entries = [_entry(Path(entry), workdir, root) for entry in written.split(os.pathsep) if entry]
    path = os.pathsep.join(str(entry) for entry in entries if all_count or entry.is_relative_to(root))
    return {**found, "PYTHONPATH": path} if path else found


def _entry(written: Path, workdir: Path, root: Path) -> Path:
    """Return an entry of PYTHONPATH: a relative one starts at the root where only that has it."""
    if written.is_absolute():
        return Path(os.path.normpath(written))
    bases: Sequence[Path] = (workdir, root)
    return next((path for base in bases if exists(path := Path(os.path.normpath(base / written)))), workdir / written)
