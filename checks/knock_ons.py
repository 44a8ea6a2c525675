"""Keep only the references to other checks that lead somewhere: the other finding, or the reason, has to be there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.findings import Finding, Result, Severity, Status


def resolved(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results of one Alembic environment; what follows from nothing that is reported stands alone."""
    leading = {
        (result.id, finding.problem)
        for result in results
        for finding in result.findings
        if finding.follows is None and finding.suppressed is None and finding.severity is not Severity.NOTICE
    }
    troubled = {result.id for result in results if result.required and result.status is not Status.PASSED}
    return tuple(
        replace(
            result,
            follows=result.follows if result.follows in troubled else None,
            findings=tuple(_finding(finding, leading) for finding in result.findings),
        )
        for result in results
    )


def _finding(finding: Finding, leading: set[tuple[str, str]]) -> Finding:
    if finding.follows is None or (finding.follows, finding.problem) in leading:
        return finding
    return replace(finding, follows=None)
