"""The table of a report as Markdown: a row for each check, or for each of several Alembic configs."""

from __future__ import annotations

from collections.abc import Sequence

from action.reports import digest
from action.reports.budget import folded, size
from action.reports.entries import knock_on, of_result, of_tree
from action.reports.escape import code, markdown
from action.reports.words import counts, cut
from checks.findings import Report, Result, Status, TreeReport
from checks.plural import plural

_PASSED, _FAILED = "\N{WHITE HEAVY CHECK MARK}", "\N{CROSS MARK}"
_STOPPED, _NOT_ASKED = "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}", "\N{HEAVY MINUS SIGN}"
_STATUSES = {
    Status.PASSED: (_PASSED, "passed"),
    Status.FAILED: (_FAILED, "failed"),
    Status.SKIPPED: (_STOPPED, "skipped"),
    Status.ERROR: (_STOPPED, "could not run"),
}
_COLUMNS = 8
"""Checks that have a column where there are several Alembic configs."""


def table(report: Report, limit: int) -> str:
    """Return the table, at most ``limit`` bytes; Alembic configs without a problem are folded, quiet ones left out."""
    if len(report.trees) == 1:
        return _of_checks(report.trees[0], limit)
    quiet = digest.quiet(report)
    shown = [tree for tree in report.trees if tree not in quiet]
    green = [tree for tree in shown if _is_green(tree)]
    ids = list(dict.fromkeys(result.id for tree in shown for result in tree.checks))[:_COLUMNS]
    red = _of_trees([tree for tree in shown if tree not in green], ids, limit)
    rest = _of_trees(green, ids, max(0, limit - size(red) - 200))
    summary = f"{_PASSED} {plural(len(green), 'Alembic config')} without a problem"
    return "\n\n".join(part for part in (red, folded(summary, rest) if rest else "") if part)


def _of_checks(tree: TreeReport, limit: int) -> str:
    left_out = passed_beside(tree)
    groups: dict[object, list[Result]] = {}
    for result in (one for one in tree.checks if one not in left_out):
        # What one check has stopped is one row.
        key = (_sign(result), digest.outcome(result)) if result.status is not Status.PASSED else result.id
        groups.setdefault(key, []).append(result)
    rows = [
        [
            ", ".join(code(cut(result.id, 60), cell=True) for result in group),
            "&nbsp;".join(_sign(group[0])).replace(" ", "&nbsp;"),
            markdown(cut(digest.outcome(group[0]), 300)),
        ]
        for group in groups.values()
    ]
    return _written(["Check", "Result", "Details"], rows, limit, "check")


def passed_beside(tree: TreeReport) -> list[Result]:
    """Return the checks that passed and found nothing, where there is something to read of others; the foot names them.

    A row for each would push the problem off the first screen.
    """
    plain = [result for result in tree.checks if _is_plain(result)]
    return plain if len(plain) < len(tree.checks) else []


def _is_plain(result: Result) -> bool:
    quiet = result.reason is None and not result.turned_off
    return result.status is Status.PASSED and quiet and not result.findings


def _of_trees(trees: Sequence[TreeReport], ids: Sequence[str], limit: int) -> str:
    titles = ["Alembic config", *(code(cut(id_, 60), cell=True) for id_ in ids)]
    rows = []
    for tree in trees:
        results = {result.id: result for result in tree.checks}
        cells = [_cell(results[id_]) if id_ in results else "" for id_ in ids]
        rows.append([f"{code(cut(tree.path, 100), cell=True)}<br>{markdown(cut(digest.compared(tree), 200))}", *cells])
    return _written(titles, rows, limit, "Alembic config")


def _cell(result: Result) -> str:
    """Return a sign, and for what did not pass a few words."""
    sign, word = _sign(result)
    found = counts(entry.severity for entry in of_result(result))
    said = found if result.status in (Status.PASSED, Status.FAILED) else word
    return f"{sign} {said}".strip().replace(" ", "&nbsp;")


def _sign(result: Result) -> tuple[str, str]:
    """Return the sign and the word of a result; a check that another one stopped has no sign of trouble of its own."""
    if digest.not_asked(result):
        return _NOT_ASKED, "skipped"
    if knock_on(result) is not None:
        return _NOT_ASKED, "not run"
    return _STATUSES[result.status]


def _is_green(tree: TreeReport) -> bool:
    passed = all(digest.not_asked(result) or result.status is Status.PASSED for result in tree.checks)
    return passed and any(result.status is Status.PASSED for result in tree.checks) and not of_tree(tree)


def _written(titles: Sequence[str], rows: Sequence[Sequence[str]], limit: int, noun: str) -> str:
    """Return the rows that fit, and how many more there are; empty without any."""
    lines = [_row(titles), _row(["---" for _ in titles])]
    if rows and size("\n".join(lines)) > limit:
        return f"{plural(len(rows), noun)} not listed."
    for index, cells in enumerate(rows):
        if size("\n".join([*lines, _row(cells)])) > limit:
            return "\n".join(lines) + f"\n\n{plural(len(rows) - index, f'more {noun}')} not listed."
        lines.append(_row(cells))
    return "\n".join(lines) if rows else ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
