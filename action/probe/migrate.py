"""The legs: what is done to one scratch database by a run of env.py."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Tuple, Union

from alembic.runtime.migration import MigrationStep

from . import filters, init_command, metadata
from .alembic_graph import version_files
from .column_facts import column_facts, without_refused
from .env_run import EnvRun, metadatas
from .foreign_keys import link
from .load_failures import deepest, missing_settings
from .loaded import LoadedProject
from .mappings import mapped_tables
from .protocol.event_fields import ModelsFields
from .protocol.requests import BuildModels, CreateSchema, Downgrade, Initialize, Upgrade
from .schema_names import default_schema
from .server_errors import error_of, server_error
from .tracebacks import formatted


def upgrade(project: LoadedProject, request: Upgrade) -> None:
    """Upgrade to the target."""
    target = _targets(request.target)

    def steps(rev: Any, context: Any) -> Iterable[Any]:
        for step in project.script._upgrade_revs(target, rev):
            yield step.revision, lambda step=step: step

    _migrate(project, request, steps, destination=list(request.target) or "heads")


def downgrade(project: LoadedProject, request: Downgrade) -> None:
    """Undo one revision: by its own step, because a revision to go down to would take its other children along."""

    def steps(rev: Any, context: Any) -> Iterable[Any]:
        script = project.script.get_revision(request.revision)
        yield script, lambda: MigrationStep.downgrade_from_script(project.script.revision_map, script)

    _migrate(project, request, steps, destination=request.revision)


def _migrate(project: LoadedProject, request: Union[Upgrade, Downgrade], steps: Any, *, destination: Any) -> None:
    """Run env.py with these steps, and send an event for each of them."""
    recorder = project.recorder
    recorder.watched = frozenset(request.watched)
    recorder.commits.begin(request.stop_after if isinstance(request, Upgrade) else 0)
    recorder.shown = frozenset(request.shown if isinstance(request, Upgrade) else ())

    def work(rev: Any, context: Any) -> Iterable[Any]:
        recorder.version_table = context.version_table
        recorder.model_tables = frozenset(key for given in metadatas(context) for key in given.tables)
        for script, step in steps(rev, context):
            recorder.begin_step(script.revision, getattr(script.module, "__file__", None))
            yield step()  # made only now: a file without downgrade() fails here, in its own step
            recorder.end_step()

    known = project.origins.uses.count
    run = project.run()(work, destination_rev=destination)
    # An env.py that fails before the migrations has loaded no version file, and cannot have one loaded in its place.
    if run.reached and project.origins.uses.count > known:
        project.wire.uses(files=project.origins.used_by(version_files(project.script, project.places)))
    _send_outcome(project, run)


def create(project: LoadedProject, request: CreateSchema) -> None:
    """Make the schema from the models alone, and stamp it."""

    def work(rev: Any, context: Any) -> Iterable[Any]:
        default = default_schema(context.connection)
        with context.begin_transaction(_per_migration=True):
            metadata.rebuild(context.connection, metadatas(context), default)
        yield from project.script._stamp_revs(_targets(request.target), rev)

    _send_outcome(project, project.run()(work))


def initialize(project: LoadedProject, request: Initialize) -> None:
    """Run the user's own command that makes the base's schema, and stamp what it did not."""
    failed = init_command.run(request.command, project.folder)
    if failed is not None:
        project.wire.obstacle(failed)
        return

    def work(rev: Any, context: Any) -> Iterable[Any]:
        yield from project.script._stamp_revs(_targets(request.target), rev) if not rev else ()

    _send_outcome(project, project.run()(work))


def build_models(project: LoadedProject, request: BuildModels) -> None:
    """Make the database what the models describe, and send what counts in it."""
    found: Dict[str, ModelsFields] = {}

    run = project.run()

    def work(rev: Any, context: Any) -> Iterable[Any]:
        if run.number(context) == request.engine:
            # Of all that env.py gives for this database, also where it configures Alembic once for each part.
            fields = _built(project, context, run.models(run.key(context)) or [])
            fields["views"] += run.version_tables(context, fields["default_schema"])
            found["models"] = fields
        return ()

    run(work, dont_mutate=True)
    if not _send_failure(project, run) and found:
        project.wire.models(found["models"])


def _built(project: LoadedProject, context: Any, given: List[Any]) -> ModelsFields:
    connection = context.connection
    default = default_schema(connection)
    link(connection, given, default)
    fields: ModelsFields = {
        **metadata.describe(connection, given, default),
        **column_facts(connection, given, default),
        "mapped": mapped_tables(connection, given, default),
        "unbuilt": None,
        "left_out": [],
        "default_schema": default,
        "include_schemas": bool(context.opts.get("include_schemas")),
        "hidden": filters.hidden(connection, given, context.opts, default),
    }
    try:
        metadata.require_one_definition(connection, given, default)
        with context.begin_transaction(_per_migration=True):
            without_refused(connection, given, default, fields["literals"])
            metadata.rebuild(connection, given, default, fields["left_out"])
    except Exception as failure:
        project.faults.look_at(failure)
        fields["unbuilt"] = error_of(deepest(failure))["message"]
    return fields


def _targets(revisions: Tuple[str, ...]) -> Any:
    return revisions or "heads"


def _send_outcome(project: LoadedProject, run: EnvRun) -> None:
    """Send the one event that answers the request: what went wrong, or that it is done."""
    if not _send_failure(project, run):
        project.wire.done()


def _send_failure(project: LoadedProject, run: EnvRun) -> bool:
    """Send what went wrong in a run of env.py; tell whether there was anything."""
    failure, obstacle = run.failure, run.obstacle()
    if failure is not None:
        project.faults.look_at(failure)
    in_step = project.recorder.step is not None and not project.redirect.refused
    if failure is not None and in_step:
        _send_failed(project, failure)
    elif obstacle is not None:
        project.wire.obstacle(obstacle)
    elif failure is not None and not isinstance(failure, SystemExit):
        _send_failed(project, failure)
    else:
        return False
    return True


def _send_failed(project: LoadedProject, failure: BaseException) -> None:
    cause, recorder = server_error(failure), project.recorder
    project.wire.failed(
        error_of(cause),
        revision=recorder.step,
        frames=project.places.of_traceback(cause.__traceback__),
        traceback=formatted(failure),
        variables=[name for name, wrong in missing_settings(deepest(failure)).items() if wrong is None],
        written=project.origins.uses.written(recorder.step_started) if recorder.step is not None else [],
    )
