"""Write the notices about objects that the check does not compare: hidden, with a duplicate name, or made by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checks.comparison.by_hand import STORAGE, HandMade, made_by_hand
from checks.findings import Finding, Severity, Snippet
from checks.plural import plural
from checks.recording.absent import Absent
from checks.recording.models import Hidden, Models


def uncompared(models: Models) -> Iterator[Finding]:
    """Yield a notice for each reason why objects were not compared, with the list of these objects."""
    hidden = _really_hidden(models)
    if hidden:
        count = len(hidden)
        these = "this object" if count == 1 else "these objects"
        yield notice(
            "hidden-objects",
            f"include_object or include_name in env.py hides {plural(count, 'object')}.",
            f"The check did not compare {these}.",
            f"Change the filter in env.py if the models must match {these}.",
            Snippet(title="Hidden objects", text="\n".join(map(_hidden, hidden))),
        )
    if models.left_out:
        count = len(models.left_out)
        yield notice(
            "name-used-twice",
            f"The models use a name twice for {count} index{'' if count == 1 else 'es'} or"
            f" constraint{'' if count == 1 else 's'}.",
            "metadata.create_all() fails on a duplicate name, so the check did not compare"
            f" {'this object' if count == 1 else 'these objects'}.",
            "Rename the index or constraint in the models, or remove the duplicate.",
            Snippet(title="Duplicate names", text="\n".join(models.left_out)),
        )
    hand_made = made_by_hand(models)
    if hand_made:
        yield notice(
            "made-by-hand",
            f"The migrations create objects that models cannot describe: {_counts(hand_made)}.",
            "No model describes these objects, so the check did not compare them. No action is needed.",
            "",
            Snippet(title="Not compared", text="\n".join(map(_hand_made, hand_made))),
        )


def notice(rule: str, message: str, why: str, remedy: str, *evidence: Snippet) -> Finding:
    """Return a finding with the severity notice, which never fails the check."""
    return Finding(rule=rule, severity=Severity.NOTICE, message=message, why=why, remedy=remedy, evidence=evidence)


def _really_hidden(models: Models) -> tuple[Hidden, ...]:
    """Return what the filters hide, without the constraints and indexes that the models do have, by another name."""
    if isinstance(models.modelled, Absent):
        return models.hidden
    after = {(o.schema, o.table, str(o.attributes.get("definition"))) for o in models.modelled.objects}
    before = {
        (o.schema, o.table, o.name)
        for o in models.migrated.objects
        if o.kind in ("constraint", "index") and (o.schema, o.table, str(o.attributes["definition"])) in after
    }
    return tuple(h for h in models.hidden if not (h.extra and (h.schema, h.table, h.name) in before))


def _hidden(item: Hidden) -> str:
    name = "" if item.kind == "table" else f".{item.name}"
    return f"{item.kind.replace('_', ' ')} {item.schema}.{item.table}{name}"


def _hand_made(made: HandMade) -> str:
    settings = ", ".join(name.replace("_", " ") for name in made.settings)
    return f"{made.kind} {'.'.join(made.key.path)}{f' ({settings})' if settings else ''}"


def _counts(hand_made: tuple[HandMade, ...]) -> str:
    """Return the number of objects of each kind, such as ``2 functions, 1 view``."""
    counts = Counter(made.kind for made in hand_made)
    return ", ".join(f"{count} {_noun(kind, count)}" for kind, count in counts.items())


def _noun(kind: str, count: int) -> str:
    noun = "storage setting" if kind == STORAGE else kind
    if count == 1 or noun == "statistics":
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
