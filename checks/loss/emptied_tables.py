"""Judge the tables of which no row is left, though they are not dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checks.findings import Finding, Severity
from checks.loss.judged_loss import JudgedLoss, dotted
from checks.plural import joined, plural

_WHY = "A downgrade does not bring the rows back."


def emptied_tables(judged: JudgedLoss, dropped: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """Yield a finding for each; ``dropped`` are tables that are gone in the end, of which another finding speaks."""
    for one in judged.loss.emptied:
        if (one.schema, one.name) in dropped:
            continue
        name = dotted(one.schema, one.name)
        others = f" The rows of {joined(one.with_it)} go with them, by foreign key." if one.with_it else ""
        seen = (
            f"{plural(one.rows, 'row')} of test data {'was' if one.rows == 1 else 'were'} in the table before the "
            f"revision ran, and none is left. {_WHY}"
            if one.rows
            else f"No test data could be put into the table ({judged.loss.unseen}), but the statement has no "
            f"condition. {_WHY}"
        )
        yield Finding(
            rule="rows-deleted",
            severity=judged.weighed(Severity.WARNING),
            message=f"{judged.named} deletes every row of {name}.{others}",
            why=seen,
            remedy="Add a condition that names the rows to delete. If all rows have to go, say why in a suppression "
            "comment.",
            **judged.place_of(one.statement),
            object=name,
            evidence=tuple(judged.evidence(one.statement)),
        )
