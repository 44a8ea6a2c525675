"""WHAT is judged: every check, pure functions from a recording to findings."""

from __future__ import annotations

from checks import drift, heads, upgrade
from checks.check import Check

CHECKS: tuple[Check, ...] = (heads.CHECK, upgrade.CHECK, drift.CHECK)
