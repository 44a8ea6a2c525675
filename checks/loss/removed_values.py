"""Judge the values of enums that are gone, by what the models of the base still have."""

from __future__ import annotations

from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.loss.judged_loss import NO_BASE, JudgedLoss, dotted
from checks.plural import joined
from checks.recording.losses import LabelsGone, Mapped
from checks.sql import literal


def removed_values(judged: JudgedLoss) -> Iterator[Finding]:
    """Yield a finding for each enum that has lost values."""
    for one in judged.loss.labels:
        name = dotted(one.schema, one.name)
        severity, why, remedy = _weighed(judged, one)
        values = joined([literal(label) for label in one.labels])
        noun = "value" if len(one.labels) == 1 else "values"
        evidence = [*judged.evidence(one.statement)]
        if one.columns:
            evidence.append(Snippet(title="Columns of this enum", text="\n".join(one.columns)))
        yield Finding(
            rule="enum-value-removed",
            severity=judged.weighed(severity),
            message=f"{judged.named} removes {noun} {values} from enum {name}.",
            why=why,
            remedy=remedy,
            **judged.place_of(one.statement),
            object=name,
            evidence=tuple(evidence),
        )


_ROWS = "A row that has the value stops the migration, unless the migration gives it another value."


def _weighed(judged: JudgedLoss, one: LabelsGone) -> tuple[Severity, str, str]:
    """Return severity, why and remedy."""
    noun = "value" if len(one.labels) == 1 else "values"
    if one.is_mapped is Mapped.UNKNOWN and not judged.has_base:
        return Severity.NOTICE, f"{NO_BASE} Nothing says whether a running release uses the {noun}. {_ROWS}", ""
    if one.is_mapped is Mapped.UNKNOWN:
        return (
            Severity.WARNING,
            f"The models on {judged.base} could not be read: {judged.models_unread}. {_ROWS}",
            "Check that the release that runs now does not use the value, and that no row has it.",
        )
    if one.mapped:
        values = joined([literal(label) for label in one.mapped])
        return (
            Severity.ERROR,
            f"The models on {judged.base} still have {values}: queries of the running release that name it fail after "
            f"this migration. {_ROWS}",
            f"Remove {values} in two steps. Release 1: stop using the value, and give its rows another one. Release 2: "
            "remove it from the enum.",
        )
    return Severity.NOTICE, f"No model on {judged.base} has it. {_ROWS}", ""
