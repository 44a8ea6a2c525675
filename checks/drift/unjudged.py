"""Write the reason why check ``drift`` was skipped, or compared only a part of the models."""

from __future__ import annotations

from collections.abc import Sequence

from checks.check import Outcome
from checks.drift.uncompared import notice
from checks.drift.unimported import few
from checks.findings import Snippet, Status
from checks.graph.arrival import unarrived
from checks.lacking import remedy_of
from checks.plural import plural
from checks.recording.absent import Absent
from checks.recording.imports import ModelFiles
from checks.recording.models import Drift, Models
from checks.recording.schema import Schema
from checks.recording.tree import Environment, TreeRecording

NOT_ARRIVED = "No migration run is known to have reached head: see upgrade."
WITHOUT_MODELS = "If the project has no models, leave this check out: `checks: heads,history,upgrade`."


def no_metadata(recording: TreeRecording) -> Outcome | None:
    """Return the outcome where target_metadata in env.py is None or has no tables; None where it has tables."""
    environment = recording.environment
    if environment is None:
        return None
    if not environment.metadata_given:
        reason = (
            "target_metadata in env.py is None, so there are no models to compare."
            f" Set target_metadata to the metadata of your models. {WITHOUT_MODELS}"
        )
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    if environment.tables == 0:
        reason = unseen_models(environment) or (
            "target_metadata in env.py has no tables, because env.py does not import the models."
            f" Import the modules that define the models in env.py{_named(recording.model_files)}."
        )
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    return None


def _named(files: ModelFiles | Absent) -> str:
    if isinstance(files, Absent) or not files.unimported:
        return ""
    return f": {few([file.module for file in files.unimported])}"


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
        return Outcome(unjudged=Status.SKIPPED, reason=reason, follows="upgrade")
    return Outcome(unjudged=Status.SKIPPED, reason=absent.reason)


def not_built(drift: Drift, absent: Absent) -> str:
    """Return the reason why only autogenerate could compare the models, or not even that."""
    start = f"The models could not be created in a database ({absent.reason})"
    if isinstance(drift.candidate, Absent) and not drift.autogenerate:
        compared = f"{start}, and autogenerate could not compare them: {drift.candidate.reason}."
    else:
        compared = f"{start}, so only the differences that autogenerate detects are known."
    return " ".join(filter(None, (compared, remedy_of(absent.reason))))


def undated(differences: Sequence[str], absent: Absent) -> Outcome:
    """Return the outcome where models and migrations differ, and the base could not show since when."""
    count = plural(len(differences), "difference")
    because = f"the models of the base could not be compared: {absent.reason.rstrip('.')}"
    finding = notice(
        "undated-drift",
        f"The models and the migrations have {count}, which may be old or new.",
        f"Only the base can show what this change adds, but {because}.",
        f"Make the base's code importable, or add a migration for {'it' if len(differences) == 1 else 'all of them'}.",
        Snippet(title="Differences", text="\n".join(differences)),
    )
    unknown = "is 1 difference, and it is not known whether it is new"
    if len(differences) > 1:
        unknown = f"are {count}, and it is not known which of them are new"
    reason = f"There {unknown}: {because}."
    return Outcome(findings=(finding,), unjudged=Status.SKIPPED, reason=reason)


def nothing_compared(recording: TreeRecording, head: Models) -> str | None:
    """Return why the comparison proves nothing where it finds nothing; None where it does prove it."""
    modelled = head.modelled.objects if isinstance(head.modelled, Schema) else ()
    created = {(item.schema, item.name) for item in modelled}
    if not head.schemas or not created & set(head.tables):
        return "No table of the models was created, so there was nothing to compare. Run the check again."
    if unarrived(recording) is not None:
        return NOT_ARRIVED
    return None
