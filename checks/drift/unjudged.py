"""Write the reason why check ``drift`` was skipped, or compared only a part of the models."""

from __future__ import annotations

from collections.abc import Sequence

from checks.check import Outcome
from checks.drift.uncompared import notice
from checks.findings import Snippet, Status
from checks.plural import plural
from checks.recording.absent import Absent
from checks.recording.tree import Environment, TreeRecording


def no_metadata(environment: Environment | None) -> Outcome | None:
    """Return the outcome where target_metadata in env.py is None or has no tables; None where it has tables."""
    if environment is None:
        return None
    if not environment.metadata_given:
        reason = (
            "target_metadata in env.py is None, so there are no models to compare."
            " Set target_metadata to the metadata of your models."
        )
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    if environment.tables == 0:
        reason = unseen_models(environment) or (
            "target_metadata in env.py has no tables, because env.py does not import the models."
            " Import the modules that define the models in env.py."
        )
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    return None


def unseen_models(environment: Environment | None) -> str | None:
    """Return the sentence about models that env.py imports but leaves out of target_metadata; None without such."""
    if environment is None or not environment.unseen:
        return None
    named = ", ".join(f"{name} ({plural(count, 'table')})" for name, count in environment.unseen)
    return (
        f"env.py imports models that are not in target_metadata: {named}. The check could not compare their tables."
        " Add their metadata, such as target_metadata = [first.metadata, second.metadata]."
    )


def no_drift(recording: TreeRecording, absent: Absent) -> Outcome:
    """Return the outcome where the models were not compared, with the reason."""
    if any(leg.failure is not None for leg in recording.legs):
        reason = "The migrations did not reach head, so there is no migrated database to compare the models with."
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    return Outcome(unjudged=Status.SKIPPED, reason=absent.reason)


def undated(differences: Sequence[str], absent: Absent) -> Outcome:
    """Return the outcome where models and migrations differ, and the base could not show since when."""
    count = plural(len(differences), "difference")
    because = f"the models of the base could not be compared: {absent.reason.rstrip('.')}"
    finding = notice(
        "undated-drift",
        f"The models and the migrations have {count}, which may be old or new.",
        f"Only the base can show which of them this change adds, but {because}.",
        "Fix that reason, or add a migration for every difference.",
        Snippet(title="Differences", text="\n".join(differences)),
    )
    reason = f"There {'is' if len(differences) == 1 else 'are'} {count}, but it is not known which are new: {because}."
    return Outcome(findings=(finding,), unjudged=Status.SKIPPED, reason=reason)
