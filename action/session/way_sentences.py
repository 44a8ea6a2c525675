"""The sentences for a project that has its own way in to its migrations: its Config, its application, its command."""

from __future__ import annotations

import re

from action.probe.protocol.event_fields import OUTSIDE_OF_APPLICATION
from action.project.alembic_tree import Tree
from action.session.events import ObstacleMet
from action.session.running import ProjectRun

_ASKS = re.compile(r"\[y/n\]|aborted!|\(y/n\)|\byes/no\b|EOFError|EOF when reading|not a tty|Inappropriate ioctl", re.I)
_COMMANDS = "such as `flask db upgrade`, `litestar database upgrade --no-prompt` or `python -m app db upgrade`"


def needs_application(event: ObstacleMet) -> bool:
    """Return whether the project may load in the context of its application, which was not looked for yet."""
    return event.kind == "own-config" and event.text == OUTSIDE_OF_APPLICATION and not event.note


def missing_x_args(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    """Return what, why and what to do."""
    names = list(event.x_args)
    one = len(names) == 1
    lines = "\n".join(f"  {'' if run.user.is_another else '--x-args '}{name}=…" for name in names)
    where = "Add to the action's input `x-args`, one per line" if run.user.is_another else "Add to the command"
    return (
        f"env.py needs {'an argument' if one else 'arguments'} of `alembic -x` that {'is' if one else 'are'} not set: "
        f"{', '.join(names)}.",
        f"It calls context.get_x_argument(){f' in {event.path}, line {event.line}' if event.path else ''}.",
        f"{where} (or to [tool.alembic-checks], as a list: x-args):\n{lines}",
    )


def own_config(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    """Return what, why and what to do."""
    if event.text == OUTSIDE_OF_APPLICATION:
        return (
            "env.py needs the context of an application, and no application was found that it can run in.",
            f"{(event.note or 'It uses an object such as current_app outside of an application context').rstrip('.')}.",
            "Set FLASK_APP with `env`, such as FLASK_APP=app:create_app('testing'), or set `command` to the project's "
            f"command that upgrades the database, {_COMMANDS}.",
        )
    return (
        f"env.py {event.text or ''}, which only the project's own program sets.",
        "`alembic upgrade` fails in the same way.",
        f"Set `command` to the project's command that upgrades the database, {_COMMANDS}. Or set `alembic-config` to a "
        "function that returns the Config, such as app.db:get_alembic_config.",
    )


def no_config(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    """Return what, why and what to do."""
    return (
        f"`alembic-config` cannot be used ({run.way.alembic_config}): {event.text or ''}.",
        "The migrations run with the Config that it names.",
        "Name an alembic.config.Config, or a function without arguments that returns one, as package.module:name.",
    )


def other_scripts(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    """Return what, why and what to do."""
    setting = "alembic-config" if run.way.alembic_config else "command"
    return (
        f"`{setting}` runs the migrations in {event.text or ''}, not those of {tree.path}.",
        "The result would be about other migrations.",
        f"Set `tree` to the migrations that `{setting}` runs, or set another `{setting}`.",
    )


def command_ended(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    """Return what, why and what to do."""
    said = (event.traceback or "").strip()
    how = event.text or ""
    what = f"The command `{event.command}` {how}" + ("" if how.startswith("cannot") else " before it ran env.py") + "."
    last = said.splitlines()[-20:]
    why = "\n".join(("Its last output was:", *(f"  {line}" for line in last))) if last else "It printed nothing."
    if how.startswith("cannot"):
        return what, "No migration ran.", "Install the program that the command names, or set `command` to another one."
    if _ASKS.search(said):
        return what, why, "Nobody answers the question that it asks: add the option that skips it, such as --no-prompt."
    if how == "exited with code 0":
        return what, why, f"Set `command` to the one that upgrades the database, {_COMMANDS}."
    return (
        what,
        why,
        "Run the command against an empty database to see the error: its URL is in DATABASE_URL. It runs without a "
        "shell: write `sh -c '…'` for one.",
    )
