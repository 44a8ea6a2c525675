"""What is found missing after an installation, and the line to add: packages that projects often do not declare."""

from __future__ import annotations

import re

from action.interpreter.declared import DeclaringFile, Shape
from action.interpreter.module_names import distribution_of, normalized
from action.interpreter.source_roots import source_roots
from action.sandbox.looking import is_file

_MODULE = re.compile(r"No module named '([\w.]+)'")
_METADATA = re.compile(r"No package metadata was found for ([\w.-]+)")
_DRIVERS = {
    "psycopg2": "postgresql:// up to SQLAlchemy 2.0",
    "psycopg": "postgresql+psycopg://, and of postgresql:// from SQLAlchemy 2.1 on",
    "asyncpg": "postgresql+asyncpg://",
    "pg8000": "postgresql+pg8000://",
}
_CERTAIN = ("sqlalchemy", "sqlmodel", "flask", "fastapi", "pydantic")
_PSYCOPG = "psycopg[binary]"
_COMMIT = "Commit the file, if it is only missing in the repository, or change the code that imports it."
_ADDS = {
    Shape.UV: "uv add {}",
    Shape.POETRY: "poetry add {}",
    Shape.PDM: "pdm add {}",
    Shape.PIPENV: "pipenv install {}",
    Shape.PIPFILE: "pipenv install {}",
}


def missing_module(text: str) -> str:
    """Return the module that an error names as missing; empty for any other error."""
    found = _MODULE.search(text)
    return found[1] if found else ""


def missing_metadata(text: str) -> str:
    """Return the package whose metadata an error names as missing; empty for any other error."""
    found = _METADATA.search(text)
    return found[1] if found else ""


def why_missing(module: str, declared: DeclaringFile) -> str:
    """Return why a module is missing after an installation, in a sentence."""
    where = f"{declared.name} does not declare it"
    if module in _DRIVERS:
        return f"It is the driver of URLs that begin with {_DRIVERS[module]}, and {where}."
    if module == "alembic":
        return f"Migrations need it, and {where}."
    if module == "greenlet":
        return (
            "SQLAlchemy needs it for async engines, and installs it only from 2.0.37 on with Python 3.13, or as "
            f"`sqlalchemy[asyncio]`; {where}."
        )
    return f"The package {distribution_of(module)} was not installed, because {where}."


def lacks_of_its_own(module: str, declared: DeclaringFile) -> tuple[str, str] | None:
    """Return why a module of one of the project's own packages is missing, and what to do; None for another module.

    A package without ``__init__.py`` may be continued by one that is installed.
    """
    package, dot, _ = module.partition(".")
    folders = dict.fromkeys([declared.folder, *source_roots(declared.folder, declared.root), declared.root])
    own = next((each / package for each in folders if is_file(each / package / "__init__.py")), None)
    if not dot or own is None:
        return None
    where = own.relative_to(declared.root).as_posix()
    return f"{package} is the project's own package in {where}, which has no {module}.", _COMMIT


def is_commonly_undeclared(module: str) -> str:
    """Return the package of a module that many projects need and do not declare; empty for another module."""
    if module not in (*_DRIVERS, "alembic", "greenlet"):
        return ""
    return _PSYCOPG if module == "psycopg" else distribution_of(module)


def line_to_add(module: str, declared: DeclaringFile) -> str:
    """Return what to do about a missing module: the line to add."""
    known = is_commonly_undeclared(module)
    if known:
        return f"{add_line(known, declared)}."
    named = distribution_of(module)
    is_certain = named != normalized(module.partition(".")[0]) or named in _CERTAIN
    more = "" if is_certain else " If the package has another name, add that one."
    return f"{add_line(named, declared)}.{more}"


def add_line(package: str, declared: DeclaringFile) -> str:
    """Return what adds a package to what the project declares, without a full stop."""
    quoted = f"'{package}'" if re.search(r"[\[<>]", package) else package
    command = _ADDS.get(declared.shape)
    if command is not None:
        add = f"Run `{command.format(quoted)}` and commit {declared.name}"
    elif declared.shape is Shape.PROJECT:
        add = f'Add "{package}" to `dependencies` in {declared.name}'
    elif declared.shape is Shape.SETUP:
        add = f"Add {package} to `install_requires` in {declared.name}"
    elif declared.shape is Shape.PYLOCK:
        add = f"Lock again with {package}, and commit {declared.name}"
    elif declared.shape is Shape.CONDA:
        add = f"Add the line `- {package}` to the list `pip` in {declared.name}"
    else:
        add = f"Add the line `{package}` to {declared.name}"
    return add
