"""The SQL of the new revisions as Markdown: folded, as one block that can be copied."""

from __future__ import annotations

from collections.abc import Iterator

from action.reports.budget import Block, folded, size
from action.reports.entry_markdown import DROP_FIRST
from action.reports.escape import fence, html, lines, sentence
from checks.findings import NewSql, Report
from checks.plural import listed, plural

_RANK = (DROP_FIRST[0] + 1, 0)
"""What is left out before everything else: a reviewer can read it in the version files, too."""


def sql_blocks(report: Report, limit: int) -> Iterator[Block]:
    """Yield a fold for each Alembic config with new revisions; all of them take about ``limit`` bytes.

    Configs that sent the same, such as one in the jobs of a matrix, share a fold.
    """
    found: dict[NewSql, list[str]] = {}
    for tree in report.trees:
        if tree.new_sql is not None:
            found.setdefault(tree.new_sql, []).append(tree.path)
    for sql, paths in found.items():
        where = f" · {html(listed(paths))}" if len(report.trees) > 1 else ""
        title = f"SQL of {plural(len(sql.revisions), 'new revision')} ({plural(sql.statements, 'statement')}){where}"
        parts = [sentence(sql.note) if sql.note else "", fence(_within(sql, limit // len(found)), "sql")]
        yield Block(text=folded(title, "\n\n".join(part for part in parts if part)), rank=_RANK)


def _within(sql: NewSql, limit: int) -> str:
    """Return as many whole lines as fit, and how many more there are."""
    every, free = lines(sql.text).strip("\n").split("\n"), limit
    for number, line in enumerate(every):
        free -= size(line) - 1
        if free < 0:
            return "\n".join([*every[:number], f"-- … {len(every) - number:,} more lines"])
    return "\n".join(every)
