"""The errors that end a run without a verdict; each has an exit code and says what, why, and what to do."""

from __future__ import annotations

import enum

from action.probe.protocol.caps import capped

DETAILS = 100_000
"""Characters of details that are kept: their end."""


class ExitCode(enum.IntEnum):
    """The program's exit codes (docs/design.md, "Rules that hold everywhere")."""

    PASSED = 0
    FINDINGS = 1
    SETTINGS = 2
    NO_PROJECT = 3
    NO_POSTGRES = 4
    PROJECT_CODE = 5
    OUR_FAULT = 70


class RunError(Exception):
    """An error that ends the run; ``str(error)`` is the text for the user."""

    exit_code: ExitCode = ExitCode.OUR_FAULT

    def __init__(self, what: str, *, why: str = "", remedy: str = "", details: str = "") -> None:
        super().__init__(capped(what))
        self.what = capped(what)
        self.why = capped(why)
        self.remedy = capped(remedy)
        self.details = details[-DETAILS:]
        """Output to show verbatim, such as the server's log or the project's traceback."""

    def __str__(self) -> str:
        return "\n".join(part for part in (self.what, self.why, self.remedy) if part)


class SettingsError(RunError):
    """Settings are wrong, contradict each other, or name something that does not exist."""

    exit_code = ExitCode.SETTINGS


class NoProjectError(RunError):
    """No Alembic config was found."""

    exit_code = ExitCode.NO_PROJECT


class PostgresError(RunError):
    """No PostgreSQL server was available."""

    exit_code = ExitCode.NO_POSTGRES


class MachineError(RunError):
    """The disk or the memory of this machine is full."""

    exit_code = ExitCode.FINDINGS


class RefusedError(MachineError):
    """The system refuses the run a right, or a limit is too low."""

    exit_code = ExitCode.SETTINGS


class ProjectCodeError(RunError):
    """The project's own code failed to load."""

    exit_code = ExitCode.PROJECT_CODE
