"""The settings of which findings fail the run, and how severe they are."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import Field, field_validator

from action.settings.declaring import JUDGING, Declared, Setting, Text, Texts
from checks import CHECKS
from checks.levels import levels
from checks.policy import FailOn, Level, Policy

_CHECKS = tuple(check.id for check in CHECKS)


class JudgingSettings(Declared):
    """Which findings fail the run, and how severe they are."""

    fail_on: Annotated[
        FailOn,
        Setting(
            help="Lowest severity that fails the run: error, warning or never. Default: error",
            group=JUDGING,
            metavar="LEVEL",
            is_input=True,
            accepts="error, warning or never",
        ),
    ] = FailOn.ERROR
    checks: Annotated[
        tuple[Text, ...],
        Setting(
            help="Checks to run, such as heads,history,upgrade. Default: all",
            group=JUDGING,
            metavar="CHECKS",
            is_input=True,
            accepts=f"names of checks ({', '.join(_CHECKS)})",
        ),
    ] = ()
    allow_heads: Annotated[
        Texts,
        Setting(
            help="Revision or branch label that may stay a separate head; repeatable. Default: none",
            input_text="Revisions or branch labels that may stay separate heads, one on each line. Default: none",
            group=JUDGING,
            metavar="HEAD",
            accepts="revision ids or branch labels",
        ),
    ] = ()
    severity: Annotated[
        dict[str, Level],
        Setting(
            help="Severity of a rule, as RULE=LEVEL: error, warning, notice or off; repeatable. "
            "Default: the rule's own",
            input_text="Severities of rules, as RULE=LEVEL, one on each line: error, warning, notice or off. "
            "Default: each rule's own, in docs/README.md",
            group=JUDGING,
            metavar="RULE=LEVEL",
            is_input=True,
            accepts="RULE=LEVEL with error, warning, notice or off, or in TOML a table of these",
        ),
    ] = Field(default_factory=dict)
    start_after: Annotated[
        Texts,
        Setting(
            help="Revision whose undo, losses and replay are not judged, nor those of any before it; repeatable. "
            "Default: none",
            input_text="Revisions whose undo, losses and replay are not judged, nor those of any before them, one on "
            "each line. Default: none",
            group=JUDGING,
            metavar="REVISION",
            accepts="revision ids, as alembic upgrade takes them",
        ),
    ] = ()
    all_revisions: Annotated[
        bool,
        Setting(
            help="Also judge undo, losses and replay of the revisions that the base already has. Default: false",
            group=JUDGING,
            accepts="true or false",
        ),
    ] = False

    def runs(self, check: str) -> bool:
        """Return whether a check is among those to run."""
        return not self.checks or check in self.checks

    def policy(self) -> Policy:
        """Return the settings that the checks read."""
        return Policy(
            fail_on=self.fail_on,
            left_out=tuple(check for check in _CHECKS if not self.runs(check)),
            allow_heads=self.allow_heads,
            severities=self.severity,
        )

    @field_validator("checks", mode="before")
    @classmethod
    def _several_checks(cls, value: Any) -> Any:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            return value
        return tuple(name for item in items for name in re.split(r"[\s,]+", str(item).strip().lower()))

    @field_validator("severity", mode="before")
    @classmethod
    def _levels(cls, value: Any) -> Any:
        return levels(value)

    @field_validator("checks")
    @classmethod
    def _are_checks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in value if name not in _CHECKS]
        if unknown:
            raise ValueError(f"there is no check {', '.join(map(repr, unknown))}")
        return value
