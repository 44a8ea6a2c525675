"""Runs the checks of files alone on what is staged; imports nothing but the standard library and our own modules."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from action.errors import ExitCode, RunError, SettingsError
from action.project.alembic_tree import Tree
from action.project.discovery import find_trees
from action.project.folders import relative
from action.repository import git
from action.staged.default_branch import base_of
from action.staged.file_settings import STATIC, file_settings
from action.staged.staged_files import index_of_commit, may_matter, staged_version_files
from action.version_files.changes import read_changes
from action.version_files.reading import read_tree_graph
from checks.findings import Status
from checks.heads import check as heads
from checks.history import check as history
from checks.judge import judge
from checks.policy import Policy
from checks.recording.tree import Recording, TreeRecording

_CHECKS = (heads.CHECK, history.CHECK)


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Check what is staged in the repository of the current folder, print what is wrong, and return the exit code."""
    try:
        given = _arguments(argv)
        return _run(Path.cwd(), given, index_of_commit(environ))
    except git.GitError as error:
        print(f"The staged files cannot be read. Git says: {error}", file=sys.stderr)
        return ExitCode.SETTINGS
    except RunError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="alembic-checks",
        description="Check the staged version files: heads, broken parents, cycles, ids, edits of merged revisions.",
        epilog="pyproject.toml sets fail-on, checks, severity, allow-heads and tree. No code of the project runs.",
    )
    parser.add_argument("--base", metavar="REF", help="Branch with the merged revisions. Default: the default branch")
    parser.add_argument("files", nargs="*", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _run(folder: Path, given: argparse.Namespace, env: Mapping[str, str]) -> int:
    root, git_dir = _repository(folder)
    if not may_matter(root, env):
        return ExitCode.PASSED
    settings = file_settings(root)
    trees = find_trees(root, settings.tree)
    base = base_of(root, git_dir, given.base)
    left_out = tuple(name for name in STATIC if name not in settings.checks)
    policy = Policy(
        fail_on=settings.fail_on,
        left_out=left_out,
        allow_heads=settings.allow_heads,
        severities=settings.severity,
    )

    def recorded(tree: Tree) -> TreeRecording:
        files = staged_version_files(tree, root, env)
        graph = read_tree_graph(tree, root, files)
        return TreeRecording(
            path=tree.path,
            version_locations=tuple(relative(place, root) for place in tree.version_locations),
            graph=graph,
            changes=read_changes(tree, root, base, graph, files=files),
        )

    report = judge(Recording(trees=tuple(map(recorded, trees))), policy, _CHECKS)
    if next(report.findings(), None) is not None:
        # Only here: most commits have no finding, and the modules that print one take as long as the rest of the work.
        from action.staged.plain_report import plain_report

        print(plain_report(report), end="")
    failed = any(result.status is Status.FAILED for _, result in report.results())
    return ExitCode.FINDINGS if failed else ExitCode.PASSED


def _repository(folder: Path) -> tuple[Path, Path]:
    """Return the top folder of the work tree, and the folder of Git's own files."""
    try:
        top, git_dir = git.git(folder, "rev-parse", "--show-toplevel", "--absolute-git-dir").splitlines()
    except git.GitError as error:
        raise SettingsError(f"{folder} is in no Git repository.", why=f"Git says: {error}") from error
    return Path(os.fsdecode(top)), Path(os.fsdecode(git_dir))
