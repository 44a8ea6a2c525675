"""Talks to GitHub's runner: commands in the log, its files, and a log in which no other text is a command."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO, cast

from action.reports import escape
from action.reports.annotations import Annotation
from action.repository.writing import append_text

_SHORTEST = 4
"""Characters of the shortest value that is masked: a shorter one would occur in ordinary words."""
ORDINARY_WORDS = {
    "postgres",
    "postgresql",
    "password",
    "passw0rd",
    "localhost",
    "secret",
    "test",
    "root",
    "admin",
    "true",
    "false",
}
"""Passwords of many workflows that are no secrets; masked, these words would be missing from log and summary."""


class Runner:
    """The runner as one step sees it; outside GitHub Actions every method does nothing."""

    def __init__(self, environ: Mapping[str, str], stdout: TextIO) -> None:
        """Take the stream that commands are written to; it must not be one that ``inert`` returned."""
        self.active = environ.get("GITHUB_ACTIONS") == "true"
        self._environ = environ
        self._stdout = stdout
        self._token: str | None = None
        self._inert: list[_Inert] = []

    def stop(self) -> None:
        """Make the runner ignore commands until ``resume``: the project may print any text."""
        if self.active and self._token is None:
            token = secrets.token_hex(32)
            self._say(f"::stop-commands::{token}")
            self._token = token

    def resume(self) -> None:
        """Make the runner obey commands again; from here on only our own are written."""
        for stream in self._inert:
            stream.end_line()
        if self._token is not None:
            self._say(f"::{self._token}::")
            self._token = None

    def unite(self, *, stdout_is_taken: bool) -> None:
        """Write commands and the texts of both streams to one of them: the log of a container mixes two.

        That is standard output, unless a setting has it for a document.
        """
        if not self.active or len(self._inert) != 2:
            return
        out, err = self._inert
        if stdout_is_taken:
            self._stdout = err.stream
        else:
            err.stream = out.stream

    def show(self, text: str, stream: TextIO) -> None:
        """Print a text of our own, which may have colors, and whose texts of others are escaped."""
        if isinstance(stream, _Inert):
            stream.write_colored(f"{text}\n")
        else:
            stream.write(f"{text}\n")
        stream.flush()

    def inert(self, stream: TextIO) -> TextIO:
        """Return a stream to use in place of stdout or stderr, in whose lines no text is a command.

        The runner reads both separately, so it may read a line of one after ``resume`` on the other.
        """
        if not self.active:
            return stream
        made = _Inert(stream)
        self._inert.append(made)
        return cast(TextIO, made)

    def command(self, name: str, message: str = "", **properties: str | int | None) -> None:
        """Write a command; where commands are stopped, they resume for this one only."""
        if not self.active:
            return
        stopped = self._token is not None
        self.resume()
        given = [f"{key}={_property(str(value))}" for key, value in properties.items() if value not in (None, "")]
        self._say(f"::{name}{' ' if given else ''}{','.join(given)}::{_data(message)}")
        if stopped:
            self.stop()

    def annotate(self, annotations: Iterable[Annotation]) -> None:
        """Write annotations for their files and lines."""
        for annotation in annotations:
            self.command(
                annotation.severity.value,
                annotation.message,
                file=annotation.path,
                line=annotation.line,
                title=annotation.title,
            )

    def mask(self, values: Iterable[str]) -> None:
        """Make the runner show values as ``***`` in log and summary, except for short ones and ordinary words."""
        for line in dict.fromkeys(line.strip() for value in values for line in value.splitlines()):
            if len(line) >= _SHORTEST and line.lower() not in ORDINARY_WORDS:
                self.command("add-mask", line)

    def output(self, values: Mapping[str, str]) -> None:
        """Set outputs of the step."""
        self._append("GITHUB_OUTPUT", "".join(_heredoc(name, value) for name, value in values.items()))

    def summary(self, text: str) -> None:
        """Add to the summary of the job; the runner drops a summary over 1 MiB."""
        self._append("GITHUB_STEP_SUMMARY", text if text.endswith("\n") else f"{text}\n")

    def _append(self, variable: str, text: str) -> None:
        file = self._environ.get(variable)
        if not self.active or not file:
            return
        try:
            append_text(text, Path(file))
        except OSError as error:
            self.command("warning", f"The runner's file {variable} could not be written: {error.strerror}.")

    def _say(self, line: str) -> None:
        self._stdout.write(f"{line}\n")
        self._stdout.flush()


class _Inert(io.TextIOBase):
    """Passes on whole lines only, because a command may be written in pieces."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._rest = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self.stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        return self.stream.errors

    def write(self, text: str) -> int:
        whole, newline, self._rest = (self._rest + text).rpartition("\n")
        if newline:
            self.stream.write(escape.log(whole + newline))
        return len(text)

    def write_colored(self, text: str) -> None:
        """Pass on whole lines with their colors."""
        self.end_line()
        self.stream.write(escape.colored_log(text))

    def end_line(self) -> None:
        """Pass on the last line, with a line end if it has none."""
        if self._rest:
            self.write("\n")
        self.flush()

    def flush(self) -> None:
        if not self.stream.closed:  # collected together, the two are closed in any order
            self.stream.flush()

    def fileno(self) -> int:
        return self.stream.fileno()

    def isatty(self) -> bool:
        return self.stream.isatty()

    def writable(self) -> bool:
        return True


def _data(text: str) -> str:
    # The percent sign first: the runner unescapes it last (actions/runner, ActionCommand.cs).
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _heredoc(name: str, value: str) -> str:
    end = f"end_{secrets.token_hex(16)}"
    while end in value:
        end = f"end_{secrets.token_hex(16)}"
    return f"{name}<<{end}\n{value}\n{end}\n"
