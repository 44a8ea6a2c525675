"""What the comparison leaves out, one notice each: what is hidden, named twice, or made by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checks.comparison.by_hand import STORAGE, HandMade, made_by_hand
from checks.findings import Finding, Severity, Snippet
from checks.recording.models import Hidden, Models


def uncompared(models: Models) -> Iterator[Finding]:
    """Yield a notice for each reason why something was not compared."""
    if models.hidden:
        count = len(models.hidden)
        yield notice(
            "hidden-objects",
            f"include_object or include_name in env.py hides {count} object{'' if count == 1 else 's'}.",
            "They were not compared.",
            "Nothing, where they are another program's; otherwise narrow the filter.",
            Snippet(title="Hidden", text="\n".join(map(_hidden, models.hidden))),
        )
    if models.left_out:
        count = len(models.left_out)
        yield notice(
            "name-used-twice",
            f"The models give {count} index{'' if count == 1 else 'es'} or constraint{'' if count == 1 else 's'} a name"
            " that is taken already.",
            "metadata.create_all() fails on that; it was left out here, and not compared.",
            "Give it another name in the models, or remove what is there twice.",
            Snippet(title="Left out", text="\n".join(models.left_out)),
        )
    by_hand = made_by_hand(models)
    if by_hand:
        yield notice(
            "made-by-hand",
            f"The migrations make what models cannot describe: {_numbers(by_hand)}.",
            "No model says what these should be, so they were not compared.",
            "There is nothing to do.",
            Snippet(title="Made by hand", text="\n".join(map(_by_hand, by_hand))),
        )


def notice(rule: str, message: str, why: str, remedy: str, *evidence: Snippet) -> Finding:
    """Return a finding that fails nothing."""
    return Finding(rule=rule, severity=Severity.NOTICE, message=message, why=why, remedy=remedy, evidence=evidence)


def _hidden(item: Hidden) -> str:
    name = "" if item.kind == "table" else f".{item.name}"
    return f"{item.kind.replace('_', ' ')} {item.schema}.{item.table}{name}"


def _by_hand(made: HandMade) -> str:
    settings = ", ".join(name.replace("_", " ") for name in made.settings)
    return f"{made.kind} {'.'.join(made.key.path)}{f' ({settings})' if settings else ''}"


def _numbers(by_hand: tuple[HandMade, ...]) -> str:
    """Return ``2 functions, 1 view``."""
    numbers = Counter(made.kind for made in by_hand)
    return ", ".join(f"{count} {_plural(kind) if count > 1 else kind}" for kind, count in numbers.items())


def _plural(kind: str) -> str:
    if kind in ("statistics", STORAGE):
        return f"{kind} settings" if kind == STORAGE else kind
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
