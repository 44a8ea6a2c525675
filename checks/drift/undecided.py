"""Tell the differences that a base database created from models cannot decide, and say why.

Such a database has what the base's models have, not what the old migrations made. So a difference in what the new
revisions left alone is also one of production only where the old version files say so: an object that is missing where
none of them names it, or one that is extra where one of them names it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from checks.check import Outcome
from checks.comparison.change import Change
from checks.comparison.change import ChangeKind as Kind
from checks.drift.sentences import described, object_name
from checks.made_base import BETTER_BASE, CREATED, is_from_models
from checks.plural import listed, plural
from checks.recording.legs import LegName, MadeBy
from checks.recording.models import Drift, Models
from checks.recording.schema import SchemaObject
from checks.recording.tree import TreeRecording
from checks.sql import literal

_CHANGES_NOTHING = re.compile(
    r"\s*(?:SELECT|WITH|TABLE|VALUES|SHOW|SET|RESET|SAVEPOINT|RELEASE|BEGIN)\b", re.IGNORECASE
)


def idle_revisions(recording: TreeRecording) -> tuple[str, ...]:
    """Return the new revisions that looked something up and changed nothing, on a base database created from models.

    Such a database has no rows. A migration that goes through the tenants of a table does nothing there.
    """
    if not is_from_models(recording):
        return ()
    steps = (step for leg in recording.legs if leg.name is LegName.BASE_TO_HEADS for step in leg.steps)
    return tuple(
        step.revision
        for step in steps
        if step.statements and all(_CHANGES_NOTHING.match(statement.sql) for statement in step.statements)
    )


def is_undecided(change: Change, drift: Drift, idle: Sequence[str] = ()) -> bool:
    """Return whether production may lack the difference, where the base database was created from models."""
    if drift.named_by_old is None or not isinstance(drift.base, Models):
        return True
    if idle and _comes_from_base(change, drift.base):
        return True
    if not _comes_from_base(change, drift.base):
        return False
    named = object_name(change) in drift.named_by_old
    return not named if _is_extra(change) else named


def _is_extra(change: Change) -> bool:
    return change.after is None or change.kind is Kind.ENUM_VALUE_EXTRA


def _comes_from_base(change: Change, base: Models) -> bool:
    """Return whether the base database has the same side of the difference: no new revision made it."""
    objects = {item.key: item for item in base.migrated.objects}
    if change.before is None:
        return change.key not in objects
    found = objects.get(change.before.key)
    return found is not None and _seen(found, change) == _seen(change.before, change)


def _seen(item: SchemaObject, change: Change) -> tuple[object, ...]:
    return (item.kind, *(item.attributes.get(name) for name in change.attributes))


def undecided(changes: Sequence[Change], drift: Drift, idle: Sequence[str] = ()) -> str | None:
    """Return the reason why the differences were not judged, with a line for each; None for none."""
    if not changes:
        return None
    pronoun = "it" if len(changes) == 1 else "them"
    return "\n".join(
        (
            _headline(len(changes)),
            *(_line(change, drift.named_by_old or {}) for change in changes),
            f"The base database was created {CREATED[MadeBy.MODELS]}, because its migrations fail on an empty "
            f"database. {_why(idle)}, so the check did not judge {pronoun}.",
            BETTER_BASE,
        )
    )


def _why(idle: Sequence[str]) -> str:
    if not idle:
        return "Old migrations can have made something else in production"
    read = "looks something up and changes" if len(idle) == 1 else "look something up and change"
    return f"It has no rows, and {listed(idle)} {read} nothing there; where there are rows, that can be otherwise"


def _headline(count: int) -> str:
    return f"Production may not have {plural(count, 'difference')} between the models and this base database."


def not_decided(outcome: Outcome) -> Outcome:
    """Return the outcome without the differences of autogenerate, none of which is known to be one of production."""
    found = [finding for finding in outcome.findings if finding.rule == "missing-migration"]
    if not found:
        return outcome
    return replace(
        outcome,
        findings=tuple(finding for finding in outcome.findings if finding not in found),
        fixes=(),
        reason="\n".join(
            (
                str(outcome.reason),
                _headline(len(found)),
                *(f"- {finding.message}" for finding in found),
                f"The base database was created {CREATED[MadeBy.MODELS]}.",
                BETTER_BASE,
            )
        ),
    )


def _line(change: Change, named_by_old: dict[str, str]) -> str:
    item = _in_words(change)
    if change.before is None or change.kind is Kind.ENUM_VALUE_MISSING:
        text = "is in the models, but not in the models of the base"
    elif _is_extra(change):
        text = "is in the models of the base, but no longer in the models"
    else:
        text = f"differs from the models of the base ({change.kind.value.replace('-', ' ')})"
    file = named_by_old.get(object_name(change))
    return f"- {item} {text}; " + (f"{file} names it." if file else "no old version file names it.")


def _in_words(change: Change) -> str:
    if change.part is not None:
        return f"value {literal(change.part)} of enum {'.'.join(change.key.path)}"
    return described(change)
