"""Finds the findings whose file the head of a pull request lacks: the merge commit has it from the base."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from action.project.discovery import repository_root
from action.repository import git
from action.repository.git import GitError
from checks.findings import Finding, Report

_MOST = 500
"""Files that are looked for: no surface shows more places."""


def placed(report: Report, path: Path) -> Report:
    """Return the report; findings about files that only the base has get its commit, as far as the clone shows it.

    Where the head is not in the clone, because only the merge commit was fetched, every file counts as the head's.
    """
    head = report.subject.head_sha if report.subject else None
    if head is None or not any(report.findings()):
        return report
    root = repository_root(path)
    try:
        merge = git.git(root, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()
        parents = git.parents(root, merge)
        if merge == head or len(parents) != 2 or parents[1] != head or git.commit(root, head) is None:
            return report
        paths = [path for path in dict.fromkeys(f.path for f in report.findings()) if path][:_MOST]
        there = git.listing(root, head, paths, {})
        of_base = {path: parents[0] for path in paths if path not in there}
    except GitError:
        return report
    return _changed(report, lambda one: replace(one, commit=one.commit or of_base.get(one.path or "")))


def _changed(report: Report, change: Callable[[Finding], Finding]) -> Report:
    trees = []
    for tree in report.trees:
        checks = (replace(one, findings=tuple(map(change, one.findings))) for one in tree.checks)
        trees.append(replace(tree, checks=tuple(checks)))
    return replace(report, trees=tuple(trees))
