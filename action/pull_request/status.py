"""Commit statuses: one for each check, on the commit that was pushed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from action.pull_request.client import Client
from action.pull_request.marker import distinct
from action.reports import digest, escape, words
from action.reports.entries import knock_on
from checks import CHECKS
from checks.findings import Report, Result, Status, TreeReport

LONGEST = 140
"""Characters of a description that GitHub accepts."""
MOST = 20
"""Statuses in a run: a stored report may name any number of checks."""
# As GitHub names jobs; the values of a matrix may hold anything, ids of jobs neither blanks nor parentheses.
_LEG = re.compile(r".*/ [\w-]+ \((.*)\)")
# GitHub refuses what its database of statuses cannot hold.
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_KNOWN = frozenset(check.id for check in CHECKS)
_WORST = ("failure", "error", "pending", "success")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitStatus:
    """One line in the pull request's list of checks."""

    context: str
    state: str
    """``failure``: findings. ``error``: a required check could not run, which must not look green. ``pending``: another
    check says why, and has the red mark; a required check waits then. ``success``: the check passed, or was skipped and
    is not required."""
    description: str


def of_known_checks(report: Report) -> Report:
    """Return a report without the checks that this version does not have: a stored report may name any."""
    trees = [replace(tree, checks=tuple(one for one in tree.checks if one.id in _KNOWN)) for tree in report.trees]
    return replace(report, trees=tuple(trees))


def unknown_checks(report: Report) -> list[str]:
    """Return the ids of the checks that this version does not have, each on one short line."""
    ids = dict.fromkeys(result.id for _, result in report.results() if result.id not in _KNOWN)
    return [words.cut(escape.line(id_), 40) or "an empty name" for id_ in ids]


def statuses(report: Report, label: str = "") -> list[CommitStatus]:
    """Return a status for each check over all trees; no two names differ only in case, which GitHub would refuse."""
    together: dict[str, list[tuple[TreeReport, Result]]] = {}
    for tree, result in report.results():
        together.setdefault(escape.line(result.id).lower(), []).append((tree, result))
    return [_status(name, results, label) for name, results in list(together.items())[:MOST]]


def _status(name: str, results: Sequence[tuple[TreeReport, Result]], label: str) -> CommitStatus:
    state = min((state_of(result) for tree, result in results), key=_WORST.index)
    alike = [(tree, result) for tree, result in results if state_of(result) == state]
    passed = [(tree, result) for tree, result in alike if result.status is Status.PASSED]
    text = _description(passed or alike, len(results))  # what did not have to run stands for nothing that passed
    context = f"alembic-checks / {words.cut(name, 60)} {label}".rstrip()
    return CommitStatus(
        context=_BEYOND.sub(lambda char: f"U+{ord(char[0]):X}", context),
        state=state,
        description=_BEYOND.sub("\ufffd", text),
    )


def state_of(result: Result) -> str:
    """Return GitHub's state for the result of a check."""
    if knock_on(result) is not None:
        return "pending"
    if result.status is Status.FAILED:
        return "failure"
    return "success" if result.status is Status.PASSED or not result.required else "error"


def _description(worst: Sequence[tuple[TreeReport, Result]], trees: int) -> str:
    tree, result = worst[0]
    text = description(result)
    if trees > 1:
        text = f"{len(worst)} of {trees} Alembic configs; {escape.line(tree.path)}: {text}"
    return words.cut(text, LONGEST)


def description(result: Result) -> str:
    """Return the outcome of a check, on one line."""
    return words.cut(escape.line(digest.outcome(result)), LONGEST) or result.status.value


def label_of(key: str) -> str:
    """Return the matrix values at the end of a key such as ``CI / migrations (3.13, 17)``; they keep jobs apart."""
    match = _LEG.fullmatch(key)
    return f"({distinct(match[1], 100)})" if match else ""


def write(client: Client, sha: str, report: Report, label: str, url: str | None) -> None:
    """Write the statuses; raises AccessDenied or Unreachable at the first that fails."""
    for one in statuses(report, label):
        client.set_status(sha, one.context, one.state, one.description, url)
