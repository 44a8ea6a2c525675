"""The sentences for variables that the project needs, with the lines that set them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from action.project.alembic_tree import Tree
from action.session.events import ObstacleMet
from action.session.running import ProjectRun
from checks.plural import plural

_ADD_TO = {
    False: "Add to the command, or as `env` to [tool.alembic-checks]",
    True: "Add to the action's inputs (or to [tool.alembic-checks.env]; at a terminal: --env)",
}
"""By whether the image runs."""
_NONE: Mapping[str, str] = MappingProxyType({})


def to_add(names: Sequence[str], run: ProjectRun, values: Mapping[str, str] = _NONE) -> str:
    """Return where variables are set, and the lines to paste there."""
    return f"{_ADD_TO[run.user.is_another]}:\n{lines(names, run, values)}"


def lines(names: Sequence[str], run: ProjectRun, values: Mapping[str, str] = _NONE) -> str:
    """Return a line for each variable, as it is to be written."""
    pairs = [f"{name}={values.get(name, '…')}" for name in names]
    if run.user.is_another:
        return "\n".join(["  env: |", *(f"    {pair}" for pair in pairs)])
    return "\n".join(f"  --env {_quoted(pair)}" for pair in pairs)


def _quoted(text: str) -> str:
    """Return a word for the shell: braces without a comma are no more than text."""
    return text if re.fullmatch(r"[\w@%+=:./{}…-]+", text) else shlex.quote(text)


def missing_settings(event: ObstacleMet, tree: Tree, run: ProjectRun) -> tuple[str, str, str]:
    """Return what, why and fix of variables that are missing, or have values that the settings refuse."""
    settings = event.settings
    names = list(settings)
    missing = [name for name, wrong in settings.items() if wrong is None]
    refused = {name: wrong for name, wrong in settings.items() if wrong is not None}
    verb = "is" if len(missing) == 1 else "are"
    what = [f"need {_these(missing)} that {verb} not set: {', '.join(missing)}"] if missing else []
    what += [f"do not accept the value of {', '.join(refused)}"] if refused else []
    reasons = "".join(f"\n{name}: {wrong}" for name, wrong in refused.items())
    return (
        f"The project's settings {', and '.join(what)}.{reasons}",
        "env.py imports the settings, so no migration can run without them. Any value that they accept will do.",
        f"{to_add(names, run, event.decides)}\n"
        "  {url} {host} {port} {user} {password} {database} in a value stand for the scratch database.",
    )


def filled_too(names: Mapping[str, str]) -> str:
    """Return the sentence on variables that need no line, because a file of the repository has them."""
    files = ", ".join(dict.fromkeys(names.values()))
    return f" {plural(len(names), 'other variable')} will come from {files}: {', '.join(names)}." if names else ""


def _these(names: Sequence[str]) -> str:
    return "an environment variable" if len(names) == 1 else "environment variables"
