"""The rules of the checks that judge each new revision: what undoing it, what it takes away, what stopping it shows."""

from __future__ import annotations

from checks.findings import Severity
from checks.rule import ON_BASE, Rule

_UNLESS_MAPPED = "notice where the base's models do not have it, warning where they are not known"
OF_REVISIONS: tuple[Rule, ...] = (
    Rule(
        id="downgrade-fails",
        check="downgrade",
        severity=Severity.ERROR,
        sentence="The downgrade() of a revision fails when it runs on PostgreSQL.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="downgrade-missing",
        check="downgrade",
        severity=Severity.WARNING,
        sentence="A revision changes the schema, but its downgrade() is absent or empty.",
        otherwise="notice where it declares that it cannot be undone, or the base already has it",
    ),
    Rule(
        id="downgrade-leaves",
        check="downgrade",
        severity=Severity.WARNING,
        sentence="After the downgrade() of a revision, the schema still has a part of what its upgrade() made.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="downgrade-loses",
        check="downgrade",
        severity=Severity.WARNING,
        sentence="After the downgrade() of a revision, the schema lacks a part of what it had before the upgrade.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="upgrade-again-fails",
        check="downgrade",
        severity=Severity.ERROR,
        sentence="A revision cannot be applied again once its downgrade() has run.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="table-dropped",
        check="loss",
        severity=Severity.ERROR,
        sentence="A new revision drops a table that the models of the base still map.",
        otherwise=_UNLESS_MAPPED,
    ),
    Rule(
        id="column-dropped",
        check="loss",
        severity=Severity.ERROR,
        sentence="A new revision drops a column that the models of the base still map.",
        otherwise=_UNLESS_MAPPED,
    ),
    Rule(
        id="object-dropped",
        check="loss",
        severity=Severity.NOTICE,
        sentence="A new revision drops a view, a sequence or a function.",
        otherwise="warning where no statement names it, error where the base's models map it",
    ),
    Rule(
        id="renamed-by-drop",
        check="loss",
        severity=Severity.ERROR,
        sentence="A rename is written as a drop and an add, so the values are lost.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="rows-deleted",
        check="loss",
        severity=Severity.WARNING,
        sentence="A new revision deletes all rows of a table.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="type-narrowed",
        check="loss",
        severity=Severity.WARNING,
        sentence="A column gets a type that cannot hold each of its values.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="enum-value-removed",
        check="loss",
        severity=Severity.ERROR,
        sentence="A new revision removes a value of an enum that the models of the base still have.",
        otherwise=_UNLESS_MAPPED,
    ),
    Rule(
        id="not-rerunnable",
        check="replay",
        severity=Severity.WARNING,
        sentence="A revision commits in parts, and alembic upgrade does not finish it after a deploy stopped half-way.",
    ),
)
