"""Skips the checks of a pull request that has the label of the setting ``skip-label``."""

from __future__ import annotations

from collections.abc import Sequence

from action.errors import RunError
from action.project.discovery import find_project
from action.settings import Settings
from checks import CHECKS
from checks.findings import Report
from checks.skipped import skipped_report


def skipping_label(settings: Settings, labels: Sequence[str]) -> str | None:
    """Return the label that skips the checks, as GitHub writes it; None without one. GitHub ignores the case."""
    wanted = settings.skip_label.strip().casefold()
    return next((label for label in labels if wanted and label.strip().casefold() == wanted), None)


def skipped(settings: Settings, label: str) -> Report:
    """Return the report of a run that the label skips; only the names of the Alembic configs are read."""
    try:
        paths = [tree.path for tree in find_project(settings.path, settings.tree).trees]
    except RunError:
        # Whatever is wrong with the project, the label skips it; statuses that are required need a check to be about.
        paths = ["."]
    return skipped_report(paths, label, CHECKS)
