"""What GitHub's runner reads from a step: workflow commands in its output, and the files for outputs and variables.

Written from the behaviour of the runner's ActionCommandManager, ActionCommand and FileCommandManager (2.329 and later).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LINE_ENDS = re.compile(r"\r\n|\r|\n")
"""A lone carriage return ends a line too, as it does for .NET's readers."""
LEVELS = ("error", "warning", "notice")
_REGISTERED = {
    *LEVELS,
    *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "group", "remove-matcher", "save-state"),
    *("set-env", "set-output", "stop-commands"),
}
_DISABLED = ("set-env", "add-path")
_PER_LEVEL = 10
_MESSAGE_LENGTH = 4096
# In this order, `%` last: `%250A` comes out as `%0A`.
_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
_PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
_OLD = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%"))


class BadFile(Exception):
    """A file of outputs or variables that the runner cannot read: the step fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A workflow command that the runner carried out."""

    name: str
    properties: Mapping[str, str] = field(default_factory=dict)
    data: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What GitHub shows of an ``error``, ``warning`` or ``notice``."""

    level: str
    message: str
    file: str = ""
    """Relative to the workspace where it lies in it."""
    line: int | None = None
    end_line: int | None = None
    column: int | None = None
    end_column: int | None = None
    title: str = ""


def parse(line: str, registered: Iterable[str] = _REGISTERED) -> Command | None:
    """Return the command of a line: ``::name k=v,k=v::data`` at its start, else ``##[name k=v;k=v]data`` anywhere."""
    known = {name.lower() for name in registered}
    return _new_style(line.lstrip(), known) or _old_style(line, known)


def _new_style(line: str, known: set[str]) -> Command | None:
    head, separator, data = line.removeprefix("::").partition("::")
    if not line.startswith("::") or not separator:
        return None
    return _command(head, data, known, ",", _PROPERTY, _DATA)


def _old_style(line: str, known: set[str]) -> Command | None:
    _, prefix, rest = line.partition("##[")
    head, bracket, data = rest.partition("]")
    return _command(head, data, known, ";", _OLD, _OLD) if prefix and bracket else None


_Escapes = tuple[tuple[str, str], ...]


def _command(
    head: str, data: str, known: set[str], separator: str, property_escapes: _Escapes, data_escapes: _Escapes
) -> Command | None:
    name, _, properties = head.partition(" ")
    if name.lower() not in known:
        return None
    pairs = (pair.partition("=") for pair in properties.strip().split(separator))
    return Command(
        name=name.lower(),
        properties={key: _unescaped(value, property_escapes) for key, _, value in pairs if key and value},
        data=_unescaped(data, data_escapes),
    )


def _unescaped(text: str, escapes: _Escapes) -> str:
    for escaped, plain in escapes:
        text = text.replace(escaped, plain)
    return text


def obeyed(log: str) -> list[Command]:
    """Return the commands of a log that are carried out, but for those that stop and resume them."""
    interpreter = Interpreter({}, "/")
    for line in LINE_ENDS.split(log):
        interpreter.line(line)
    return [command for command in interpreter.commands if command.name != "stop-commands"]


class Interpreter:
    """Goes through a step's output line by line and does what the runner does."""

    def __init__(self, paths: Mapping[str, str], workspace: str) -> None:
        """``paths`` leads from the container's folders to the runner's."""
        self._paths, self._workspace = paths, workspace
        self._token: str | None = None
        self.annotations: list[Annotation] = []
        self.commands: list[Command] = []
        self.failed = False

    def line(self, line: str) -> None:
        """Take one line of output, without its end."""
        stopped = [self._token] if self._token else []
        command = parse(line, (*_REGISTERED, *stopped))
        if command is None:
            return
        if self._token is not None:
            self._token = None if command.name == self._token else self._token
            return
        self.commands.append(command)
        if command.name in LEVELS:
            self._annotate(command)
        elif command.name == "stop-commands":
            self._stop(command.data.lower())
        elif command.name in _DISABLED:
            self.fail(f"The `{command.name}` command is disabled.")

    def fail(self, message: str) -> None:
        """Fail the step with an error of the runner's own."""
        self.failed = True
        self.add(Annotation(level="error", message=message))

    def add(self, annotation: Annotation) -> None:
        """Keep an annotation, unless there are ten of its level already."""
        if sum(kept.level == annotation.level for kept in self.annotations) < _PER_LEVEL:
            self.annotations.append(annotation)

    def _stop(self, token: str) -> None:
        if not token or token == "pause-logging" or token in _REGISTERED:
            self.fail("You cannot use a endToken that is an empty string, the string 'pause-logging', or a command.")
        else:
            self._token = token

    def _annotate(self, command: Command) -> None:
        given = command.properties
        line, end_line, column, end_column = _places(
            *(_number(given.get(name)) for name in ("line", "endLine", "col", "endColumn"))
        )
        self.add(
            Annotation(
                level=command.name,
                message=command.data[:_MESSAGE_LENGTH],
                file=self._in_workspace(given.get("file", "")),
                line=line,
                end_line=end_line,
                column=column,
                end_column=end_column,
                title=given.get("title", ""),
            )
        )

    def _in_workspace(self, file: str) -> str:
        return translated(file, self._paths).removeprefix(f"{self._workspace}/")


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\s*[+-]?\d+\s*", text) else None


def _places(
    line: int | None, end_line: int | None, column: int | None, end_column: int | None
) -> tuple[int | None, int | None, int | None, int | None]:
    """Drop or complete the numbers that contradict each other."""
    line = end_line if line is None else line
    column = end_column if column is None else column
    if line is None or (end_line is not None and line != end_line):
        column = end_column = None
    if line is not None and end_line is not None and end_line < line:
        line = end_line = None
    if column is not None and end_column is not None and end_column < column:
        column = end_column = None
    return line, end_line, column, end_column


def translated(path: str, mapping: Mapping[str, str]) -> str:
    """Return a path on the other side of the container's wall: one that is, or lies below, a mapped folder."""
    for source, target in mapping.items():
        if path == source or path.startswith(source + "/"):
            return target + path.removeprefix(source)
    return path


def key_values(text: str) -> dict[str, str]:
    """Read a file of outputs or variables: ``name=value``, or ``name<<delimiter`` and lines up to the delimiter.

    Raises BadFile as the runner does.
    """
    found: dict[str, str] = {}
    *lines, last = text.split("\n")
    rows = iter([*((line, True) for line in lines), (last, False)])
    for line, _ in rows:
        if line:
            name, operator, rest = _split(line)
            found[name] = rest if operator == "=" else _block(rows, rest)
    return found


def _split(line: str) -> tuple[str, str, str]:
    operators = [operator for operator in ("=", "<<") if operator in line]
    if not operators:
        raise BadFile(f"Invalid format '{line}'")
    operator = min(operators, key=line.index)
    name, _, rest = line.partition(operator)
    if operator == "<<" and not (name and rest):
        raise BadFile(f"Invalid format '{line}'. Name must not be empty and delimiter must not be empty")
    return name, operator, rest


def _block(rows: Iterable[tuple[str, bool]], delimiter: str) -> str:
    value: list[str] = []
    for line, has_end in rows:
        if line == delimiter:
            return "\n".join(value)
        if not has_end:
            break
        value.append(line)
    raise BadFile(f"Invalid value. Matching delimiter not found '{delimiter}'")
