"""The sentences for failures of which the cause is known by their words."""

from __future__ import annotations

from action.project.alembic_tree import Tree
from action.sandbox.looking import is_file
from action.session.running import ProjectRun
from checks.lacking import remedy_before_migrations


def known_remedy(text: str, tree: Tree) -> str | None:
    """Return what to do about an exception of the project's code; None for any that says all itself."""
    if text.startswith("Can't find Python file") and not is_file(tree.env_py):
        return f"Commit {tree.env_py.name}: the repository does not have it. It may be among the ignored files."
    if "greenlet_spawn has not been called" in text:
        return (
            "env.py uses an async driver with a synchronous engine. Use async_engine_from_config() in env.py, as "
            "Alembic's template `async` does, or a URL of a synchronous driver, such as postgresql+psycopg2://."
        )
    return remedy_before_migrations(text)


def unfit_packages(text: str, run: ProjectRun) -> str:
    """Return what to do where Alembic or SQLAlchemy is there, but cannot be imported."""
    older = "Set `python-version` to 3.12" if run.user.is_another else "Name an older one with --python"
    if "directly inherits TypingOnly" in text:
        return f"SQLAlchemy 2.0 needs 2.0.31 or later for Python 3.13. {older}, or raise SQLAlchemy."
    production = "Set `python-version` to the version that production runs" if run.user.is_another else older
    return f"Its version may not fit this Python, or the other packages. {production}, or choose other versions."
