"""The sentences for what keeps a project from being rehearsed: what, why, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from action.interpreter.undeclared import missing_metadata
from action.probe.protocol.event_fields import OF_THE_PACKAGES
from action.project.alembic_tree import Tree
from action.session import way_sentences
from action.session.events import ObstacleMet
from action.session.known_failures import known_remedy, unfit_packages
from action.session.running import ProjectRun
from action.session.settings_sentences import lines, missing_settings, to_add
from action.session.shared_libraries import missing_library
from action.session.unfitting_packages import unfitting_package
from checks.plural import plural
from checks.recording.obstacles import Obstacle, ObstacleKind


def describe(event: ObstacleMet, tree: Tree, run: ProjectRun) -> Obstacle:
    """Return the obstacle that an event of the probe's stands for."""
    kind = ObstacleKind(event.kind)
    message, why, remedy = SENTENCES[kind](event, tree, run)
    lacking = missing_name(event.text or "") if event.error in ("ImportError", "AttributeError") else None
    return Obstacle(
        kind=kind,
        message=message,
        why=why,
        remedy=remedy,
        path=event.path,
        line=event.line,
        details=event.traceback or event.text or "",
        module=event.module or (lacking[0] if lacking else ""),
        missing_name=lacking[1] if lacking else "",
    )


_LACKS = (
    re.compile(r"cannot import name '(?P<name>\w+)' from (?:partially initialized module )?'(?P<module>[\w.]+)'"),
    re.compile(r"(?:partially initialized )?module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'"),
)


def missing_name(text: str) -> tuple[str, str] | None:
    """Return the module and the name that Python's message says it lacks; None for any other message."""
    found = next(filter(None, (pattern.search(text) for pattern in _LACKS)), None)
    return (found["module"], found["name"]) if found else None


def _missing_module(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    remedy = "Install the project's dependencies into that interpreter, or name another with --python."
    if run.user.is_another:
        remedy = "Set `install` to the command that installs them, such as: pip install -r requirements.txt"
    why, remedy = run.advice(event.text or "") or (run.note, remedy)
    others = [advice[1] for name in event.also if (advice := run.advice(f"No module named '{name}'"))]
    names = [repr(name) for name in (event.module, *event.also)]
    metadata = missing_metadata(event.text or "")
    what = f"modules {', '.join(names[:-1])} and {names[-1]}" if event.also else f"module {names[0]}"
    return (
        f"The project needs the metadata of the package {metadata}, which {run.python} does not have."
        if metadata
        else f"The project needs the {what}, which {run.python} cannot import.",
        " ".join(filter(None, (f"{event.text or ''} (imported for the Alembic config {tree.path})", why))),
        _with_one_end([remedy, *others]),
    )


def _with_one_end(remedies: Sequence[str]) -> str:
    """Return a line for each remedy; a last sentence that all have comes once."""
    ends = {remedy.rpartition(". ")[2] for remedy in remedies}
    end = f" {ends.pop()}" if len(ends) == 1 < len(remedies) else ""
    return "\n".join([*(remedy.removesuffix(end) for remedy in remedies[:-1]), remedies[-1]])


def _load_failed(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    maybe = list(event.maybe)
    remedy = f"Fix the code there, or set the variables that it needs with --env. env.py ran in {_folder(tree)}."
    if event.denied and run.user.is_another:
        remedy = (
            f"Write to a temporary folder instead: the project's code runs as the user {run.user.name}, "
            f"who may not use {event.denied}."
        )
    elif event.denied:
        remedy = f"Give the user who runs the check the right to use {event.denied}."
    elif known := known_remedy(event.text or "", tree) or unfitting_package(event, run):
        remedy = known
    elif maybe:
        variables = "variable" if len(maybe) == 1 else "variables"
        remedy = f"Set the {variables} that the message names:\n{lines(maybe, run)}"
    of_packages = event.note == OF_THE_PACKAGES
    if of_packages:
        remedy = unfit_packages(event.text or "", run)
    elif event.command and run.way.command is None:
        remedy += f" Or set `command` to the one that upgrades the database, in place of `{event.command}`."
    why, remedy = run.advice(event.text or "") or ("", missing_library(event.text or "", run) or remedy)
    subject = "The project's packages" if of_packages else "The project's own code"
    return (
        f"{subject} failed to load: {_error(event)}",
        " ".join(filter(None, (f"The exception was raised {_where(event, tree)}.", why))),
        remedy,
    )


def _exited(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    return (
        f"env.py called sys.exit({event.code or 0}) before any migration ran.",
        "`alembic upgrade` exits with the same code. With 0, a deploy looks successful although nothing ran.",
        "Remove the exit from env.py, or the condition that leads to it here.",
    )


def _never_ran(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    if event.offline:
        reason = "env.py configured Alembic without a connection."
    elif event.configured:
        reason = "env.py called context.configure(), but never context.run_migrations()."
    else:
        reason = "env.py never called context.configure() and context.run_migrations()."
    return (
        "env.py finished without running migrations.",
        reason,
        "Call context.run_migrations() in env.py whenever context.is_offline_mode() is false.",
    )


def _other_database(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    why = "Nothing was migrated: a result on another kind of database says nothing about PostgreSQL."
    remedy = "Set the variable that env.py reads its URL from: --env NAME={url}."
    names = [name for name in event.decides if name != "sqlalchemy.url"]
    if names:
        why += f" The project's code chooses it by {' or '.join(names)}."
        remedy = to_add(names, run, event.decides)
    elif event.decides:
        why += f" `sqlalchemy.url` in {tree.path} is an SQLite URL."
        remedy = "Read the URL in env.py from a variable such as DATABASE_URL: it is set to the scratch database."
    return f"env.py {event.text or ''}.", why, remedy


def _same_database(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    return (
        f"env.py {event.text or ''}.",
        "The migrations on the second connection would wait forever for the lock that the first one holds.",
        "Give each URL a database name of its own, such as NAME={url} and OTHER_NAME={url}_other with `env`. Each then "
        "has a scratch database of its own.",
    )


def _escaped(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    return (
        f"env.py {event.text or ''}, which is not the scratch database. The connection was refused.",
        "A connection that the project's own function opens cannot be redirected to the scratch database.",
        "Read host, port, user, password and database from DATABASE_URL, or from PGHOST, PGPORT, PGUSER, PGPASSWORD "
        "and PGDATABASE. They are set to the scratch database.",
    )


def _graph(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    return (
        f"Alembic cannot read the revision graph: {_first_line(event.text or '')}",
        "No migration can run until the revision files are fixed.",
        "Fix the files that the check `heads` names.",
    )


def _init_failed(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    return (
        f"The base database could not be created: the init command {event.text or 'failed'}",
        printed(event.traceback or ""),
        f"Run the command in {_folder(tree)} against an empty database, whose URL is in DATABASE_URL. It runs without "
        "a shell: write `sh -c '…'` for one.",
    )


def printed(output: str, lines: int = 20) -> str:
    """Return a sentence with the last lines that a command printed."""
    last = output.strip().splitlines()[-lines:]
    return "\n".join(("Its last output was:", *(f"  {line}" for line in last))) if last else "It printed nothing."


def _folder(tree: Tree) -> str:
    depth = len((tree.path.rpartition(":")[0] or tree.path).split("/"))
    root = tree.config_file.parents[depth - 1]
    inside = tree.workdir.relative_to(root).as_posix() if tree.workdir.is_relative_to(root) else "."
    return "the repository's root" if inside == "." else f"the folder {inside}"


SENTENCES = {
    ObstacleKind.MISSING_MODULE: _missing_module,
    ObstacleKind.MISSING_SETTINGS: missing_settings,
    ObstacleKind.LOAD_FAILED: _load_failed,
    ObstacleKind.EXITED: _exited,
    ObstacleKind.NEVER_RAN: _never_ran,
    ObstacleKind.OTHER_DATABASE: _other_database,
    ObstacleKind.SAME_DATABASE: _same_database,
    ObstacleKind.ESCAPED: _escaped,
    ObstacleKind.GRAPH: _graph,
    ObstacleKind.INIT_FAILED: _init_failed,
    ObstacleKind.MISSING_X_ARGS: way_sentences.missing_x_args,
    ObstacleKind.OWN_CONFIG: way_sentences.own_config,
    ObstacleKind.NO_CONFIG: way_sentences.no_config,
    ObstacleKind.OTHER_SCRIPTS: way_sentences.other_scripts,
    ObstacleKind.COMMAND_ENDED: way_sentences.command_ended,
}


def other_code(modules: Sequence[str]) -> Obstacle:
    """Return the obstacle of modules that do not come from the checkout that the session is about."""
    more = f" and {plural(len(modules) - 1, 'other module')}" if len(modules) > 1 else ""
    return Obstacle(
        kind=ObstacleKind.OTHER_CODE,
        message=f"{modules[0]}{more} was imported from another copy of the project, which differs from this checkout.",
        why="The result would describe the code of that copy.",
        remedy="Install the project as editable (pip install -e .), or install it again after the checkout.",
        details="\n".join(modules),
    )


def timed_out(seconds: float, output: str) -> Obstacle:
    """Return the obstacle of an import that did not end in time; ``output`` is what the project printed."""
    return Obstacle(
        kind=ObstacleKind.TIMEOUT,
        message=f"env.py did not finish within {seconds:g} seconds.",
        why="It may be waiting for a service that is not there, or for input.",
        remedy="Raise --timeout, or set what it needs with --env.",
        details=output,
    )


def died(how: str, output: str) -> Obstacle:
    """Return the obstacle of a process that ended during the import; ``how`` is as in "The project's process …"."""
    return Obstacle(
        kind=ObstacleKind.DIED,
        message=f"The project's process {how or 'ended without a word'} while it was being loaded.",
        why=f"Code in env.py, or in a module that it imports, ended the interpreter. {printed(output)}",
        remedy="Remove what ends the interpreter, such as os._exit(), or set with --env what it needs to continue.",
        details=output or how,
    )


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else ""


def _error(event: ObstacleMet) -> str:
    return f"{event.error or ''}: {_first_line(event.text or '')}"


def _where(event: ObstacleMet, tree: Tree) -> str:
    if event.note == OF_THE_PACKAGES:
        return event.note
    if event.path and event.line is None:
        return f"while Alembic read {event.path}"
    if event.path:
        return f"in {event.path}, line {event.line}"
    if event.command:
        return f"by the command `{event.command}`, before it ran env.py"
    return f"while running {_relative_env(tree)}"


def _relative_env(tree: Tree) -> str:
    folder = tree.path.rsplit("/", 1)[0] + "/" if "/" in tree.path else ""
    try:
        return folder + tree.env_py.relative_to(tree.config_file.parent).as_posix()
    except ValueError:
        return tree.env_py.name
