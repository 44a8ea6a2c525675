"""The changes that the cases expect, each with its weight, its object and its message."""

from __future__ import annotations

from tests.integration.drift.cases import Expected


def missing(what: str, object_name: str, weight: str = "breaks", verb: str = "creates") -> Expected:
    """Return a change where only the models have the object."""
    return (weight, object_name, f"{what} is in the models, but no migration {verb} it.")


def extra(what: str, object_name: str, weight: str = "differs", verb: str = "create") -> Expected:
    """Return a change where only the migrations have the object."""
    return (weight, object_name, f"The migrations {verb} {what}, but it is not in the models.")


def differs(what: str, object_name: str, weight: str = "differs") -> Expected:
    """Return a change where models and migrations define the object differently."""
    return (weight, object_name, f"{what} differs between the models and the migrations.")


def retyped(column: str, models: str, migrations: str, weight: str) -> Expected:
    """Return a change of a column's type."""
    what = f"The type of column {column} differs"
    return (weight, column, f"{what}: {models} in the models, {migrations} in the migrations.")


def nullable(column: str, models: str, migrations: str) -> Expected:
    """Return a change of a column's NOT NULL."""
    return ("breaks", column, f"Column {column} is {models} in the models, but {migrations} in the migrations.")
