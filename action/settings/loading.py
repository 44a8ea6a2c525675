"""All sources merged and validated together, every problem told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from action.errors import SettingsError
from action.settings import sources
from action.settings.declaration import Settings
from action.settings.problems import contradictions, invalid


def load(
    argv: Sequence[str],
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    *,
    tell: Callable[[str], None] = lambda line: None,
) -> Settings:
    """Merge and validate all sources: command line, inputs of the action, pyproject.toml, defaults.

    ``environ`` is given where we are the action: pyproject.toml is then the pull request's. ``tell`` hears what of that
    file was left out.
    Raises SettingsError with every problem at once, and SystemExit after ``--help`` and ``--version``.
    """
    found = [sources.command_line(sources.parser(Settings), argv, cwd)]
    if environ is not None:
        found.append(sources.inputs(environ, Settings, cwd))
    given = next((source.values["path"] for source in found if "path" in source.values), ".")
    path = (cwd / given).resolve()
    if not any("post-report" in source.values for source in found):
        found += sources.pyproject(path, Settings, trusted=environ is None)
    values, origins = sources.merge(found, Settings)
    problems = [problem for source in found for problem in source.problems]
    problems += contradictions(values, origins)
    try:
        settings = Settings.model_validate({**values, "path": path})
    except ValidationError as error:
        problems += invalid(error, origins, Settings)
    else:
        if not problems:
            _tell_ignored(found, tell)
            return settings
    raise _refused(problems, at_terminal=environ is None)


def _tell_ignored(found: Sequence[sources.Source], tell: Callable[[str], None]) -> None:
    for source in found:
        for name in source.ignored:
            tell(f"{name} ({source.label}) is ignored: that file is the pull request's, so only an input may set it.")


def _refused(problems: Sequence[str], *, at_terminal: bool) -> SettingsError:
    count = "a setting is wrong" if len(problems) == 1 else f"{len(problems)} settings are wrong"
    where = "`alembic-checks --help` lists them all" if at_terminal else "action.yml lists them all"
    return SettingsError(
        f"{count[0].upper()}{count[1:]}:",
        why="\n".join(f"  {problem}" for problem in problems),
        remedy=f"Correct the settings named above; {where}.",
    )
