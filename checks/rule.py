"""The type of a rule, and what the texts of several rules have in common."""

from __future__ import annotations

from dataclasses import dataclass

from checks.findings import Severity

ON_BASE = "notice where the base already has it"
ANY_CHECK = "suppression"
"""In place of a check: rules about comments, whose findings are in the check whose rule the comment names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of finding."""

    id: str
    check: str
    """The id of the check that finds it, or ``ANY_CHECK``; it has a page ``docs/checks/<check>.md``."""
    severity: Severity
    """The severity with default settings, where ``otherwise`` does not apply."""
    sentence: str
    """What it finds: one sentence, plain text, no Markdown."""
    otherwise: str = ""
    """When the severity is another one: ``notice where the base already has it``; empty where it never is."""
    parts: tuple[str, ...] = ()
    """Kinds of its findings that the setting ``severity`` tells apart, as ``rule.part``; a finding has one of them."""
    solved_by_fixes: bool = False
    """Whether the fixes of its check are for its findings: they are of no use where none of them is reported."""

    @property
    def severity_text(self) -> str:
        """Return its severity, with everything that changes it."""
        parts = f"parts: {', '.join(self.parts)}" if self.parts else ""
        return "; ".join(part for part in (self.severity.value, self.otherwise, parts) if part)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return what the setting ``severity`` calls it and its parts."""
        return (self.id, *(f"{self.id}.{part}" for part in self.parts))
