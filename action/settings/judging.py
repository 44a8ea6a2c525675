"""The settings of how findings are weighed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import field_validator

from action.settings.declaring import JUDGING, SEVERITIES, Declared, Setting, Text
from checks.findings import Severity
from checks.policy import FailOn, Policy


class JudgingSettings(Declared):
    """How findings are weighed."""

    fail_on: Annotated[
        FailOn,
        Setting(
            help="error, warning or never: what fails the run [error]",
            group=JUDGING,
            metavar="LEVEL",
            accepts="error, warning or never",
        ),
    ] = FailOn.ERROR
    allow_heads: Annotated[
        tuple[Text, ...],
        Setting(
            help="revision or branch label that may be one of many heads; repeatable",
            input_text="revisions or branch labels that may be one of many heads, one on a line",
            group=JUDGING,
            metavar="HEAD",
            accepts="revision ids or branch labels",
        ),
    ] = ()
    drift_breaks: Annotated[
        Severity,
        Setting(
            help="of a missing table, column, unique, enum value, ... [error]",
            group=JUDGING,
            metavar="SEVERITY",
            accepts=SEVERITIES,
        ),
    ] = Severity.ERROR
    drift_differs: Annotated[
        Severity,
        Setting(
            help="of another default, CHECK, index, foreign key, ... [error]",
            group=JUDGING,
            metavar="SEVERITY",
            accepts=SEVERITIES,
        ),
    ] = Severity.ERROR
    drift_cosmetic: Annotated[
        Severity,
        Setting(help="of other names and comments [notice]", group=JUDGING, metavar="SEVERITY", accepts=SEVERITIES),
    ] = Severity.NOTICE

    def policy(self) -> Policy:
        """Return the part of the settings that checks may see."""
        return Policy(
            fail_on=self.fail_on,
            allow_heads=self.allow_heads,
            drift_breaks=self.drift_breaks,
            drift_differs=self.drift_differs,
            drift_cosmetic=self.drift_cosmetic,
        )

    @field_validator("allow_heads", mode="before")
    @classmethod
    def _several_heads(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value
