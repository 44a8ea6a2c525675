"""The sentence for packages that do not fit the Python that they are imported in."""

from __future__ import annotations

from action.session.running import ProjectRun


def unfit_packages(text: str, run: ProjectRun) -> str:
    """Return what to do where Alembic or SQLAlchemy is there, but cannot be imported."""
    older = "Set `python-version` to 3.12" if run.user.is_another else "Name an older one with --python"
    if "directly inherits TypingOnly" in text:
        return f"SQLAlchemy 2.0 needs 2.0.31 or later for Python 3.13. {older}, or raise SQLAlchemy."
    production = "Set `python-version` to the version that production runs" if run.user.is_another else older
    return f"Its version may not fit this Python, or the other packages. {production}, or choose other versions."
