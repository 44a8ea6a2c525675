"""The migration that autogenerate writes for the drift, in the project's own template, tried on a copy."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from typing import Any, Iterable, List, Optional

from alembic.autogenerate import RevisionContext
from alembic.script.base import Script
from alembic.util import load_python_file

from .chosen import Chosen
from .declarations import declarations
from .env_run import default_schema, metadatas
from .loaded import LoadedProject
from .protocol.event_fields import CandidateFields
from .protocol.requests import ApplyMigration, WriteCandidate
from .selection import described
from .server_errors import error_of
from .trial import failing

CONFIGURATION = (
    "pyproject.toml", "ruff.toml", ".ruff.toml", "setup.cfg", "tox.ini", ".flake8", ".isort.cfg", ".editorconfig",
)  # fmt: skip


def write(project: LoadedProject, request: WriteCandidate) -> None:
    """Write the file that ``alembic revision --autogenerate`` would write, try it, and send both."""
    fields: CandidateFields = {
        "path": "", "content": "", "revision": request.rev_id, "empty": True, "error": None, "locations": {},
        "operations": [], "hooks": None, "failing": [], "old": None,
    }  # fmt: skip
    try:
        with tempfile.TemporaryDirectory(prefix="alembic-checks-") as folder:
            _write(project, request, folder, fields)
    except Exception as failure:  # the project's hooks and template are code too
        project.faults.look_at(failure)
        fields["error"] = error_of(failure)["message"]
    project.wire.candidate(fields)


def _write(project: LoadedProject, request: WriteCandidate, folder: str, fields: CandidateFields) -> None:
    script, chosen = project.script, Chosen(request)
    context = _compare(project, request, fields, chosen)
    directives = list(context.generated_revisions)
    fields["operations"] = [line for d in directives for line in described(d.upgrade_ops)]
    chosen.leave_out_known(directives)
    fields["empty"] = all(d.upgrade_ops is None or d.upgrade_ops.is_empty() for d in directives)
    paths = _write_below(project, folder)
    scripts = _generated(script, context, fields)
    fields["content"] = chosen.completed(context, scripts[0])
    fields["revision"], fields["path"] = scripts[0].revision, project.places.relative(paths[-1]) or paths[-1]
    if not fields["empty"]:
        fields["error"] = _upgrade(project, scripts[0].revision)
        fields["failing"] = failing(project, scripts[0].path) if fields["error"] else []
    if chosen.has_old:
        with suppress(Exception):  # the migration for the new differences is there without it
            old = chosen.old_script(context, request.head if fields["empty"] else scripts[0].revision)
            content, path = chosen.completed(context, old), project.places.relative(paths[-1]) or paths[-1]
            fields["old"] = {"path": path, "content": content, "failing": failing(project, old.path)}


def _compare(project: LoadedProject, request: WriteCandidate, fields: CandidateFields, chosen: Chosen) -> Any:
    """Run autogenerate as ``alembic revision`` does; with hooks that empty the list of directives, there is nothing."""
    arguments = {
        "message": request.message, "rev_id": request.rev_id, "head": request.head, "autogenerate": True,
        "sql": False, "splice": False, "branch_label": None, "version_path": None, "depends_on": None,
    }  # fmt: skip
    # Between autogenerate and the hook of env.py, which sees only what goes into the file.
    context = RevisionContext(project.config, project.script, arguments, chosen.choose)

    def work(rev: Any, migration_context: Any) -> Iterable[Any]:
        default = default_schema(migration_context.connection)
        fields["locations"] = declarations(metadatas(migration_context), project.places, default)
        context.run_autogenerate(rev, migration_context)
        return ()

    run = project.run()(work, template_args=context.template_args, revision_context=context)
    if run.failure is not None and not (run.completed and isinstance(run.failure, SystemExit)):
        raise run.failure
    return context


def _generated(script: Any, context: Any, fields: CandidateFields) -> List[Any]:
    """Write the file with the project's hooks; without them when one fails, and say so."""
    try:
        return [made for made in context.generate_scripts() if made is not None]
    except Exception as failure:
        if not script.hooks:
            raise
        fields["hooks"] = error_of(failure)["message"]
        script.hooks = []
        return [made for made in context.generate_scripts() if made is not None]


def _write_below(project: LoadedProject, folder: str) -> List[str]:
    """Have new files written below a scratch folder, never into the project; return where they would have gone."""
    script, paths = project.script, []
    original = script._rev_path

    def elsewhere(path: Any, *args: Any) -> Any:
        meant = original(path, *args)
        paths.append(str(meant))
        relative = project.places.relative(str(meant)) or os.path.basename(str(meant))
        _bring_configuration(project.places.root, folder, relative)
        return type(meant)(os.path.join(folder, relative))

    script._rev_path = elsewhere
    return paths


def _bring_configuration(root: str, folder: str, relative: str) -> None:
    """Copy what formatters look for in the folders above the file, so that hooks write it as they would in place."""
    parts = os.path.dirname(relative).split("/")
    for above in ["/".join(parts[:count]) for count in range(len(parts) + 1)]:
        os.makedirs(os.path.join(folder, above), exist_ok=True)
        for name in CONFIGURATION:
            source = os.path.join(root, above, name)
            if os.path.isfile(source):
                shutil.copyfile(source, os.path.join(folder, above, name))


def apply(project: LoadedProject, request: ApplyMigration) -> None:
    """Apply a migration that is given as text, as one more revision of the tree, and send whether that worked."""
    with tempfile.TemporaryDirectory(prefix="alembic-checks-") as folder:
        path = os.path.join(folder, os.path.basename(request.path))
        with open(path, "w", encoding="utf-8") as file:
            file.write(request.content)
        module = load_python_file(folder, os.path.basename(path))
        project.script.revision_map.add_revision(Script(module, request.revision, path))
        error = _upgrade(project, request.revision)
        project.wire.applied(error=error, failing=failing(project, path) if error else [])


def _upgrade(project: LoadedProject, revision: str) -> Optional[object]:
    """Upgrade to one revision; return what the server, or the migration, said against it."""

    def work(rev: Any, context: Any) -> Iterable[Any]:
        yield from project.script._upgrade_revs(revision, rev)

    run = project.run()(work, destination_rev=revision)
    if run.failure is None or isinstance(run.failure, SystemExit):
        return None
    project.faults.look_at(run.failure)
    return error_of(run.failure)["message"]
