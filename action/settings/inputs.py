"""The action's inputs as the runner hands them over: settings of their own, and the lines of ``options``.

The runner passes on inputs that action.yml does not list, with a warning. Each setting of the action is read from such
a one too: a workflow that says ``statuses: false`` must not be ignored in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic.fields import FieldInfo

from action.settings.declaring import OTHER, Declared, Setting, setting_of
from action.settings.dependencies import NONE
from action.settings.pull_request import is_matrix
from action.settings.sources import INPUT, SettingsSource, is_many, option, unknown

OPTIONS = "options"
IN_OPTIONS = f"{INPUT} {OPTIONS}"
"""The source of a setting that is a line of ``options``."""
_RUNNERS_OWN = ("args", "entrypoint")
"""``with:`` keys that the runner itself reads."""
ABOUT_OPTIONS = Setting(
    help="Any other setting, as NAME=VALUE, one on each line, such as timeout=900; docs/settings.md lists them. "
    "Default: none",
    group=OTHER,
    accepts="NAME=VALUE, one on each line",
    place="action",
    is_input=True,
)


def inputs(environ: Mapping[str, str], model: type[Declared], cwd: Path) -> list[SettingsSource]:
    """Read the inputs from the runner's variables, such as ``INPUT_FAIL-ON``, and what ``options`` sets; first wins.

    An empty input is not set. A setting of ``options`` wins only over an input that has its default.
    """
    read = _Reading(model)
    given = {name.removeprefix("INPUT_").lower(): text.strip() for name, text in environ.items() if _is_input(name)}
    lines = given.pop(OPTIONS, "")
    for name, text in sorted(given.items()):
        if text and name not in _RUNNERS_OWN:
            read.take(name, text)
    named = SettingsSource(label=INPUT, folder=cwd, values=read.values, problems=tuple(read.problems))
    further = _Reading(model, beside=read.values)
    for number, line in enumerate(lines.splitlines(), start=1):
        further.take_line(number, _in_container(line.strip(), environ))
    return [
        SettingsSource(label=IN_OPTIONS, folder=cwd, values=further.values, problems=tuple(further.problems)),
        named,
    ]


def _is_input(variable: str) -> bool:
    return variable.startswith("INPUT_")


class _Reading:
    """Reads settings of one source from texts."""

    def __init__(self, model: type[Declared], beside: Mapping[str, Any] | None = None) -> None:
        """``beside`` are the inputs, where lines of ``options`` are read."""
        self.values: dict[str, Any] = {}
        self.problems: list[str] = []
        self._beside = beside
        self._label = INPUT if beside is None else IN_OPTIONS
        fields = {option(name, field): field for name, field in model.model_fields.items()}
        self._fields = {name: field for name, field in fields.items() if setting_of(field).place != "terminal"}
        self._at_terminal = fields.keys() - self._fields.keys()
        self._canonical = {alias: name for name, field in self._fields.items() for alias in setting_of(field).aliases}

    def take_line(self, number: int, line: str) -> None:
        """Take a line of ``options``. A line without a name is not quoted: it may be a part of a secret."""
        name, separator, value = line.partition("=")
        if not line or line.startswith("#"):
            return
        if not separator:
            self.problems.append(f"{OPTIONS} ({INPUT}): line {number} has no =; accepted: {ABOUT_OPTIONS.accepts}.")
        elif value.strip():
            self.take(name.strip().lower(), value.strip())

    def take(self, given: str, text: str) -> None:
        """Take the value of a setting."""
        name = self._canonical.get(given, given)
        field = self._fields.get(name)
        if field is None:
            self.problems.append(f"{given} ({self._label}): {self._not_known(name)}")
        elif self._beside is None:
            self._take_input(name, field, text)
        elif self._is_set(name, field):
            self.problems.append(f"{name} ({self._label}): set twice: the input {name} is set, too.")
        elif is_many(field):
            self.values.setdefault(name, []).append(text)
        elif name in self.values:
            self.problems.append(f"{name} ({self._label}): set twice.")
        else:
            self.values[name] = text

    def _take_input(self, name: str, field: FieldInfo, text: str) -> None:
        if name in self.values and self.values[name] != text:
            also = ", ".join(setting_of(field).aliases)
            self.problems.append(f"{name} ({self._label}): set twice: {also} is the same setting.")
            return
        self.values[name] = _lines(text) if is_many(field) else text

    def _is_set(self, name: str, field: FieldInfo) -> bool:
        """Return whether the workflow sets the input, which the runner also gives where it has a default."""
        given = (self._beside or {}).get(name)
        if given is None or given in (setting_of(field).input_default, NONE):
            return False
        return name != "comment-key" or not is_matrix(given)

    def _not_known(self, name: str) -> str:
        return "only for the command line." if name in self._at_terminal else unknown(name, list(self._fields))


def _in_container(line: str, environ: Mapping[str, str]) -> str:
    """Return a line whose value begins with a folder of the runner with that folder's name in the container.

    The runner translates only a variable that begins with such a folder. RUNNER_WORKSPACE it leaves as it is.
    """
    name, separator, value = line.partition("=")
    workspaces = PurePosixPath(environ.get("RUNNER_WORKSPACE", "/"))
    repository = PurePosixPath(environ.get("GITHUB_REPOSITORY", "")).name
    for outside, inside in (
        (workspaces / repository, environ.get("GITHUB_WORKSPACE")),
        (workspaces.parent / "_temp", environ.get("RUNNER_TEMP")),
    ):
        path = PurePosixPath(value.strip())
        if inside and repository and workspaces.name and path.is_relative_to(outside):
            return f"{name}{separator}{PurePosixPath(inside) / path.relative_to(outside)}"
    return line


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
