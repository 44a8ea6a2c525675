"""All checks: pure functions from a recording to findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checks.check import Check

    CHECKS: tuple[Check, ...]


def __getattr__(name: str) -> Any:
    """Return ``CHECKS``, the table of all checks, which is made when it is first asked for.

    The hook for pre-commit runs two of the checks, and has a third of a second for all of its work.
    """
    if name != "CHECKS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from checks.downgrade import check as downgrade
    from checks.drift import check as drift
    from checks.heads import check as heads
    from checks.history import check as history
    from checks.loss import check as loss
    from checks.replay import check as replay
    from checks.upgrade import check as upgrade

    globals()["CHECKS"] = (
        heads.CHECK,
        history.CHECK,
        upgrade.CHECK,
        downgrade.CHECK,
        loss.CHECK,
        replay.CHECK,
        drift.CHECK,
    )
    return globals()["CHECKS"]
