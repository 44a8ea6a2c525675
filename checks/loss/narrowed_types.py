"""Judge the columns whose new type cannot hold what the old one could."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.comparison.conversions import Conversion, conversion
from checks.comparison.names import Names
from checks.findings import Finding, Severity, Snippet
from checks.loss.judged_loss import JudgedLoss, dotted
from checks.recording.losses import Retyped, Values
from checks.sql import identifier


def narrowed_types(judged: JudgedLoss) -> Iterator[Finding]:
    """Yield a finding for each column in which values can be lost, or are refused."""
    for one in judged.loss.retyped:
        if one.is_replaced:
            yield _replaced(judged, one)
            continue
        kind = conversion(one.before, one.after)
        why = _why(one, kind)
        if why is None:
            continue
        name = dotted(one.schema, one.table, one.name)
        query = _query(one, kind)
        yield Finding(
            rule="type-narrowed",
            severity=judged.weighed(Severity.WARNING),
            message=f"{judged.named} changes column {name} from {one.before} to {one.after}, which cannot hold every "
            "value.",
            why=why,
            remedy="Count the values that do not fit before the deploy, and change them first. Or keep the wider type."
            if query
            else "Keep the old type, or keep the old values in another column.",
            **judged.place_of(one.statement),
            object=name,
            evidence=tuple(judged.evidence(one.statement)),
            fixes=(Snippet(title="Count the values that do not fit", text=query, language="sql"),) if query else (),
        )


def _replaced(judged: JudgedLoss, one: Retyped) -> Finding:
    name = dotted(one.schema, one.table, one.name)
    return Finding(
        rule="type-narrowed",
        severity=judged.weighed(Severity.WARNING),
        message=f"{judged.named} changes column {name} from {one.before} to {one.after}, and gives it other values.",
        why="The USING of the statement does not name the column, so its old values are lost. A downgrade does not "
        "bring them back.",
        remedy="If the old values are needed, keep them in another column.",
        **judged.place_of(one.statement),
        object=name,
        evidence=tuple(judged.evidence(one.statement)),
    )


def _why(one: Retyped, kind: Conversion) -> str | None:
    """Return what happens to values; None where nothing does."""
    if kind is Conversion.HOLDS:
        return None
    if kind is Conversion.SHORTER and one.converts:
        return "The conversion cuts longer values, without an error."
    if kind in (Conversion.SHORTER, Conversion.SMALLER):
        return "PostgreSQL refuses the change if one value does not fit, and the deploy fails."
    if kind is Conversion.ROUNDS:
        return "PostgreSQL rounds the values, without an error."
    if kind is Conversion.CUTS:
        return "PostgreSQL cuts the time of day, without an error."
    if one.values is Values.GONE:
        return "Different values of test data are the same after the migration."
    return None


def _query(one: Retyped, kind: Conversion) -> str:
    """Return the query that counts the values that do not fit; empty where none can."""
    table = Names().sql(one.schema, one.table)
    column = identifier(one.name)
    size = re.search(r"\((\d+)\)", one.after)
    if kind is Conversion.SHORTER and size is not None:
        return f"SELECT count(*) FROM {table} WHERE length({column}) > {size[1]};"
    if kind is Conversion.SMALLER and one.after in ("smallint", "integer"):
        bits = 15 if one.after == "smallint" else 31
        return f"SELECT count(*) FROM {table} WHERE {column} NOT BETWEEN {-(2**bits)} AND {2**bits - 1};"
    if kind in (Conversion.ROUNDS, Conversion.CUTS):
        return f"SELECT count(*) FROM {table} WHERE {column}::{one.after}::{one.before} <> {column};"
    return ""
