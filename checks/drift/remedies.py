"""Write how to end a difference between models and migrations, in words: an annotation and a notice show no code."""

from __future__ import annotations

from checks.comparison.change import Change
from checks.comparison.change import ChangeKind as Kind
from checks.comparison.frozen import meant
from checks.drift.sentences import kind_of
from checks.sql import quoted


def string_remedy(words: str) -> str:
    """Return what to write in a model whose default is a string where an expression is meant."""
    expression = meant(words)
    written = "sa.func.now()" if expression == "now()" else f"sa.text({quoted(expression)})"
    return f"Write `server_default={written}` in the model, and make sure that a migration sets the same default."


def cosmetic_remedy(change: Change) -> str:
    """Return what to do about a change that hurts nobody, in words: a notice shows no code."""
    if change.unproven:
        return "Compare the two expressions: if they mean the same, nothing has to change."
    match change.kind:
        case Kind.TYPE:
            return "Declare the wider type in the model, or leave both as they are."
        case Kind.DEFAULT | Kind.SERIAL | Kind.IDENTITY | Kind.GENERATED | Kind.VALUE:
            return "Declare it in the model, or leave both as they are."
        case Kind.ENUM_EXTRA:
            return "Add a migration that drops the type, or leave it."
        case Kind.COMMENT:
            return "Add a migration that sets the comment, or change the comment in the model."
        case Kind.NAME:
            return f"Add a migration that renames the {change.key.kind}, or change its name in the model."
        case _ if change.before is None or change.after is None:
            return "Add a migration that makes this change, or change the model."
        case _:
            found, wanted = kind_of(change.before), kind_of(change.after)
            return f"Add a migration that replaces the {found} with a {wanted}, or declare a {found} in the model."
