"""The migration that autogenerate writes for the drift, in the project's own template, tried on a copy."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import partial
from typing import Any, Dict, Iterable, List, Tuple

from alembic.autogenerate import RevisionContext
from alembic.config import CommandLine
from alembic.util import CommandError

from .candidate_faults import refuse_special_template, why_not
from .chosen import Chosen
from .declarations import declarations
from .env_run import metadatas
from .foreign_keys import link
from .given_files import GivenFiles, run
from .loaded import LoadedProject
from .protocol.caps import FILE
from .protocol.event_fields import CandidateFields
from .protocol.requests import WriteCandidate
from .revision_hook import watch_hook
from .schema_names import as_reflected, default_schema, name_of
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
        "operations": [], "hooks": None, "more": [], "failing": [],
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="alembic-checks-") as folder:
        tempfile.tempdir = folder  # Alembic leaves a file there where the template fails
        try:
            refuse_special_template(project.places, str(project.script.dir))
            _write(project, request, folder, fields)
        except (Exception, SystemExit) as failure:  # the project's hooks and template are code too
            project.faults.look_at(failure)
            fields["error"] = why_not(failure, project.places, str(project.script.dir), folder)
        finally:
            tempfile.tempdir = None
    project.wire.candidate(fields)


def _write(project: LoadedProject, request: WriteCandidate, folder: str, fields: CandidateFields) -> None:
    chosen = Chosen(request)
    after = GivenFiles(project, folder, request.after)
    context, numbers = _compare(project, request, fields, chosen, after)
    found = _all_of_engine(context, numbers, request.engine)
    fields["empty"] = all(ops is None or ops.is_empty() for ops in found)
    meant = _write_below(project, folder)
    scripts = _generated(project.script, context, fields)
    if not scripts:
        raise CommandError("Alembic does not take the file for a migration: %s" % ", ".join(meant.values()))
    files = [(meant[os.path.realpath(script.path)], chosen.completed(context, script)) for script in scripts]
    longest = max(len(content) for _, content in files)
    if longest > FILE or len(files) > 100:
        raise CommandError("the missing migration has {:,} characters, too many to show".format(longest))
    (fields["path"], fields["content"]), fields["more"] = files[0], files[1:]
    fields["revision"] = scripts[-1].revision
    if not fields["empty"]:
        fields["error"] = run(project, lambda: scripts)
        is_one = len(scripts) == 1 and len(frozenset(numbers)) < 2
        fields["failing"] = failing(project, scripts[0].path) if fields["error"] and is_one else []


def _all_of_engine(context: Any, numbers: List[int], engine: int) -> List[Any]:
    return [ops for directive in context.generated_revisions for ops in _of_engine(directive, numbers, engine)]


def _of_engine(directive: Any, numbers: List[int], engine: int) -> List[Any]:
    """Return the operations of one of several databases: a directive has some for each that env.py configures."""
    every = list(directive.upgrade_ops_list or ())
    if len(every) != len(numbers):  # a hook of the project's has put them together
        return every
    return [ops for ops, number in zip(every, numbers) if number == engine]  # noqa: B905 - Python 3.9


def _compare(
    project: LoadedProject, request: WriteCandidate, fields: CandidateFields, chosen: Chosen, after: GivenFiles
) -> Tuple[Any, List[int]]:
    """Run autogenerate as ``alembic revision`` does; raises what it raises, also where env.py hides that.

    Return its context, and the numbers of the databases in the order of env.py.
    """
    project.config.cmd_opts = _revision_options(project.config.cmd_opts, request.message)
    # ``choose`` comes before the hook of env.py, which sees only what goes into the file.
    context = RevisionContext(project.config, project.script, _arguments(request), chosen.choose)
    failures: List[BaseException] = []
    env_run = project.run()
    numbers: List[int] = []

    def work(rev: Any, migration_context: Any) -> Iterable[Any]:
        connection = migration_context.connection
        numbers.append(env_run.number(migration_context))
        after.scripts()
        if numbers[-1] == request.engine:
            named = partial(name_of, connection, default=default_schema(connection))
            fields["locations"] = declarations(metadatas(migration_context), project.places, named)
        try:
            _autogenerate(project, context, rev, migration_context)
        except BaseException as failure:
            failures.append(failure)
            raise
        if numbers[-1] == request.engine:
            found = _all_of_engine(context, numbers, request.engine)
            fields["operations"] = [line for ops in found for line in described(ops, connection.dialect)]
            chosen.leave_out_known(context.generated_revisions, connection.dialect)
        return ()

    env_run(work, template_args=context.template_args, revision_context=context)
    if env_run.failure is not None and not (env_run.completed and isinstance(env_run.failure, SystemExit)):
        failures.append(env_run.failure)
    if failures:
        raise failures[0]
    return context, numbers


def _arguments(request: WriteCandidate) -> Dict[str, Any]:
    return {
        "message": request.message, "rev_id": request.rev_id, "head": request.head, "autogenerate": True,
        "sql": False, "splice": False, "branch_label": None, "version_path": None, "depends_on": None,
    }  # fmt: skip


def _autogenerate(project: LoadedProject, context: Any, rev: Any, migration_context: Any) -> None:
    """Compare one database with its models, the hook of env.py watched, and names as its connection has them."""
    connection = migration_context.connection
    watch_hook(migration_context, project.places)
    link(connection, metadatas(migration_context), default_schema(connection))
    with as_reflected(connection):
        context.run_autogenerate(rev, migration_context)


def _revision_options(loaded: Any, message: str) -> Any:
    """Return what ``alembic revision --autogenerate`` has on its command line, which hooks of env.py read."""
    options = CommandLine().parser.parse_args(["revision", "--autogenerate", "-m", message])
    for name in ("config", "name", "x"):  # which are not about the command
        setattr(options, name, getattr(loaded, name, getattr(options, name)))
    return options


def _generated(script: Any, context: Any, fields: CandidateFields) -> List[Any]:
    """Write the file with the project's hooks; without them when one fails, and say so."""
    try:
        return [made for made in context.generate_scripts() if made is not None]
    except Exception as failure:
        name = "hooks" if hasattr(script, "hooks") else "hook_config"  # before Alembic 1.16
        if not getattr(script, name):
            raise
        fields["hooks"] = error_of(failure)["message"]
        setattr(script, name, {})
        return [made for made in context.generate_scripts() if made is not None]


def _write_below(project: LoadedProject, folder: str) -> Dict[str, str]:
    """Have new files written below a scratch folder, never into the project; return where each would have gone."""
    meant: Dict[str, str] = {}
    original = project.script._rev_path

    def elsewhere(path: Any, *args: Any) -> Any:
        wanted = original(path, *args)
        relative = project.places.relative(str(wanted)) or os.path.basename(str(wanted))
        written = os.path.join(folder, relative)
        meant[os.path.realpath(written)] = project.places.relative(str(wanted)) or str(wanted)
        _bring_configuration(project.places.root, folder, relative)
        return type(wanted)(written)

    project.script._rev_path = elsewhere
    return meant


def _bring_configuration(root: str, folder: str, relative: str) -> None:
    """Copy what formatters look for in the folders above the file, so that hooks write it as they would in place."""
    parts = os.path.dirname(relative).split("/")
    for above in ["/".join(parts[:count]) for count in range(len(parts) + 1)]:
        os.makedirs(os.path.join(folder, above), exist_ok=True)
        for name in CONFIGURATION:
            source = os.path.join(root, above, name)
            if os.path.isfile(source):
                shutil.copyfile(source, os.path.join(folder, above, name))
