"""All checks: pure functions from a recording to findings."""

from __future__ import annotations

from checks.check import Check
from checks.drift import check as drift
from checks.heads import check as heads
from checks.history import check as history
from checks.upgrade import check as upgrade

CHECKS: tuple[Check, ...] = (heads.CHECK, history.CHECK, upgrade.CHECK, drift.CHECK)
