"""WHAT is judged: every check, pure functions from a recording to findings."""

from __future__ import annotations

from checks import drift, heads, history, upgrade
from checks.check import Check

CHECKS: tuple[Check, ...] = (heads.CHECK, history.CHECK, upgrade.CHECK, drift.CHECK)
