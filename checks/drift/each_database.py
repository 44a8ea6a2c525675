"""Judge the drift of each database that env.py migrates, with the models that it gives to Alembic for that one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from checks.check import Outcome
from checks.findings import Finding, Snippet, Status
from checks.not_run import why_not_run
from checks.recording.tree import Engine, Environment, TreeRecording


def of_every_engine(recording: TreeRecording, judge: Callable[[TreeRecording], Outcome]) -> Outcome:
    """Return the outcome of all databases together; where there is only one, its own."""
    environment = recording.environment
    engines = environment.engines if environment else ()
    if environment is None or why_not_run(recording) is not None or not (engines or recording.other_drifts):
        return judge(recording)
    drifts = (recording.drift, *recording.other_drifts)
    if len(engines) != len(drifts):
        missing = ", ".join(engine.name for engine in engines[len(drifts) :]) or "some of them"
        reason = f"env.py migrates several databases, and the models of {missing} were not compared."
        return Outcome(unjudged=Status.SKIPPED, reason=reason)
    parts = [
        (engine.name, judge(replace(recording, drift=drift, environment=_as_one(environment, engine))))
        for engine, drift in zip(engines, drifts, strict=True)
    ]
    return _together(parts)


def _as_one(environment: Environment, engine: Engine) -> Environment:
    return replace(
        environment,
        metadata_given=engine.metadata_given,
        tables=engine.tables,
        version_table=engine.version_table,
        version_table_schema=engine.version_table_schema,
    )


def _together(parts: list[tuple[str, Outcome]]) -> Outcome:
    unjudged = [outcome.unjudged for _, outcome in parts if outcome.unjudged is not None]
    fixes = dict.fromkeys(fix for name, outcome in parts for fix in _snippets(name, outcome.fixes))
    follows = {outcome.follows for _, outcome in parts if outcome.unjudged is not None}
    return Outcome(
        findings=tuple(_finding(name, finding) for name, outcome in parts for finding in outcome.findings),
        unjudged=Status.ERROR if Status.ERROR in unjudged else next(iter(unjudged), None),
        reason=_reason([(name, outcome.reason) for name, outcome in parts if outcome.reason is not None], len(parts)),
        required=any(outcome.required for _, outcome in parts),
        follows=follows.pop() if len(follows) == 1 else None,
        fixes=tuple(fixes),
    )


def _reason(reasons: list[tuple[str, str]], count: int) -> str | None:
    said = dict.fromkeys(reason for _, reason in reasons)
    if len(said) == 1 and len(reasons) == count:
        return next(iter(said))
    return "\n".join(f"{name}: {reason}" for name, reason in reasons) or None


def _finding(name: str, finding: Finding) -> Finding:
    return replace(
        finding,
        message=f"{name}: {finding.message}",
        object=finding.object and f"{finding.object} ({name})",
        fixes=tuple(_snippets(name, finding.fixes)),
    )


def _snippets(name: str, snippets: Iterable[Snippet]) -> Iterable[Snippet]:
    """Yield the snippets with the function that a version file has for this database."""
    return (
        replace(snippet, title=snippet.title.replace("upgrade()", f"the upgrade of {name}")) for snippet in snippets
    )
