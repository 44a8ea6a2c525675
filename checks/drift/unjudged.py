"""Why check ``drift`` could not judge, or only in part."""

from __future__ import annotations

from checks.check import Outcome
from checks.findings import Status
from checks.recording.absent import Absent
from checks.recording.tree import Environment, TreeRecording


def no_metadata(environment: Environment | None) -> Outcome | None:
    """Return the outcome where env.py gives Alembic no tables; None where it does."""
    if environment is None:
        return None
    if not environment.metadata_given:
        reason = "env.py hands no models to Alembic (target_metadata is None), so there is nothing to compare with."
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    if environment.tables == 0:
        reason = unseen_models(environment) or (
            "The metadata that env.py hands to Alembic has no tables: the modules that define the models are not"
            " imported there."
        )
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    return None


def unseen_models(environment: Environment | None) -> str | None:
    """Return the sentence about models that env.py imports but keeps to itself; None where there are none."""
    if environment is None or not environment.unseen:
        return None
    named = ", ".join(f"{name} ({count} table{'s' if count > 1 else ''})" for name, count in environment.unseen)
    return (
        f"env.py imports models that it does not hand to Alembic: {named}. Their tables could not be compared;"
        " hand them over too: target_metadata = [first.metadata, second.metadata]."
    )


def no_drift(recording: TreeRecording, absent: Absent) -> Outcome:
    """Return the outcome where there is nothing to compare, with the reason."""
    if any(leg.failure is not None for leg in recording.legs):
        reason = "The migrations did not reach head, so there is no migrated database to compare the models with."
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    return Outcome(unjudged=Status.SKIPPED, reason=absent.reason)
