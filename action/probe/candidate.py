"""The migration that autogenerate writes for the drift, in the project's own template, tried on a copy."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any, Iterable, List, Optional, Tuple

from alembic.autogenerate import RevisionContext, render_python_code
from alembic.operations.ops import UpgradeOps
from alembic.script.base import Script
from alembic.util import load_python_file

from .declarations import declarations
from .env_run import default_schema, metadatas
from .loaded import LoadedProject
from .protocol.event_fields import CandidateFields
from .protocol.requests import ApplyMigration, WriteCandidate
from .server_errors import error_of

CONFIGURATION = (
    "pyproject.toml", "ruff.toml", ".ruff.toml", "setup.cfg", "tox.ini", ".flake8", ".isort.cfg", ".editorconfig",
)  # fmt: skip


def write(project: LoadedProject, request: WriteCandidate) -> None:
    """Write the file that ``alembic revision --autogenerate`` would write, try it, and send both."""
    fields: CandidateFields = {
        "path": "", "content": "", "revision": request.rev_id, "empty": True, "error": None, "locations": {},
        "operations": [], "hooks": None,
    }  # fmt: skip
    try:
        with tempfile.TemporaryDirectory(prefix="alembic-checks-") as folder:
            _write(project, request, folder, fields)
    except Exception as failure:  # the project's hooks and template are code too
        project.faults.look_at(failure)
        fields["error"] = error_of(failure)["message"]
    project.wire.candidate(fields)


def _write(project: LoadedProject, request: WriteCandidate, folder: str, fields: CandidateFields) -> None:
    script = project.script
    context, numbers = _compare(project, request, fields)
    found = [ops for directive in context.generated_revisions for ops in _of_engine(directive, numbers, request.engine)]
    fields["operations"] = [line for ops in found for line in described(ops)]
    fields["empty"] = all(ops.is_empty() for ops in found)
    paths = _write_below(project, folder)
    scripts = _generated(script, context, fields)
    with open(scripts[0].path, encoding="utf-8") as file:
        fields["content"] = file.read()
    fields["revision"], fields["path"] = scripts[0].revision, project.places.relative(paths[-1]) or paths[-1]
    if not fields["empty"]:
        fields["error"] = _upgrade(project, scripts[0].revision)


def _of_engine(directive: Any, numbers: List[int], engine: int) -> List[Any]:
    """Return the operations of one of several databases: a directive has some for each that env.py configures."""
    every = list(directive.upgrade_ops_list or ())
    if len(every) != len(numbers):  # a hook of the project's has put them together
        return every
    return [ops for ops, number in zip(every, numbers) if number == engine]  # noqa: B905 - Python 3.9


def _compare(project: LoadedProject, request: WriteCandidate, fields: CandidateFields) -> Tuple[Any, List[int]]:
    """Run autogenerate as ``alembic revision`` does; with hooks that empty the list of directives, there is nothing.

    Return its context, and the numbers of the databases in the order in which env.py configures them.
    """
    arguments = {
        "message": request.message, "rev_id": request.rev_id, "head": request.head, "autogenerate": True,
        "sql": False, "splice": False, "branch_label": None, "version_path": None, "depends_on": None,
    }  # fmt: skip
    context = RevisionContext(project.config, project.script, arguments)

    run = project.run()
    numbers: List[int] = []

    def work(rev: Any, migration_context: Any) -> Iterable[Any]:
        numbers.append(run.number(migration_context))
        if numbers[-1] == request.engine:
            default = default_schema(migration_context.connection)
            fields["locations"] = declarations(metadatas(migration_context), project.places, default)
        context.run_autogenerate(rev, migration_context)
        return ()

    run(work, template_args=context.template_args, revision_context=context)
    if run.failure is not None and not (run.completed and isinstance(run.failure, SystemExit)):
        raise run.failure
    return context, numbers


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
        project.wire.applied(error=_upgrade(project, request.revision, path))


def _upgrade(project: LoadedProject, revision: str, path: str = "") -> Optional[object]:
    """Upgrade to one revision, of the file ``path`` where one is given; return what was said against it."""

    def work(rev: Any, context: Any) -> Iterable[Any]:
        # Not before env.py runs: what version files import may be found and loadable only then.
        if path and revision not in project.script.revision_map._revision_map:
            module = load_python_file(*os.path.split(path))
            project.script.revision_map.add_revision(Script(module, revision, path))
        yield from project.script._upgrade_revs(revision, rev)

    run = project.run()(work, destination_rev=revision)
    if run.failure is None or isinstance(run.failure, SystemExit):
        return None
    project.faults.look_at(run.failure)
    return error_of(run.failure)["message"]


def described(ops: Any) -> List[str]:
    """Return each operation of an upgrade as the line of Python that it renders to."""
    found: List[str] = []
    for operation in getattr(ops, "ops", ()):
        if hasattr(operation, "ops"):
            found += described(operation)
        else:
            lines = render_python_code(UpgradeOps([operation])).splitlines()
            code = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
            found.append(" ".join(code).replace("( ", "(").replace(" )", ")"))
    return found
