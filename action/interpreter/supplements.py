"""Packages that a project needs and does not declare, and that can only be meant: installed for the run, and said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from action.interpreter.declared import DeclaringFile, text_of
from action.interpreter.undeclared import add_line, is_commonly_undeclared, missing_module, why_missing
from action.sandbox.looking import is_folder

_SETUPTOOLS = ("pkg_resources", "distutils", "setuptools")
_OLD_ALEMBIC = "alembic<1.9"
"""The oldest that the probe supports: it fits each SQLAlchemy from 1.3 to 2.0."""
_NOT_IN_PACKAGE = re.compile(r"cannot import name '(\w+)' from '([\w.]+)' \(\S*/site-packages/")
_NOT_IN_SQLALCHEMY = re.compile(
    r"cannot import name '\w+' from '(sqlalchemy[\w.]*)'|No module named '(sqlalchemy\.[\w.]+)'"
    r"|module '(sqlalchemy[\w.]*)' has no attribute"
)


@dataclass(frozen=True, slots=True)
class Supplement:
    """A package that is installed for the run although the project does not declare it."""

    requirement: str
    because: str
    """A sentence."""
    remedy: str
    """A sentence with the line to add."""

    @property
    def sentence(self) -> str:
        """Return what the report says about it."""
        return f"`{self.requirement}` was installed as well. {self.because} {self.remedy}"


def supplement_for(text: str, declared: DeclaringFile, environment: Path) -> Supplement | None:
    """Return the package that cures an error of the project's; None where it is not certain."""
    module = missing_module(text)
    top = module.partition(".")[0]
    if top in _SETUPTOOLS:
        because = f"The module {top} comes with setuptools up to 80, and {declared.name} does not declare it."
        return Supplement("setuptools<81", because, f"{add_line('setuptools<81', declared)}.")
    older = _older_sqlalchemy(text, module, declared, environment)
    if older is not None or not is_commonly_undeclared(module):
        return older
    package, because = is_commonly_undeclared(module), why_missing(module, declared)
    return Supplement(package, because, f"{add_line(package, declared)}.")


def _older_sqlalchemy(text: str, module: str, declared: DeclaringFile, environment: Path) -> Supplement | None:
    """Return the SQLAlchemy before the one that was installed, where the other packages do not fit that."""
    if declared.is_lock:
        return None
    version = installed_version("sqlalchemy", environment)
    lacks = _NOT_IN_SQLALCHEMY.search(text)
    if lacks is not None:
        alembic = installed_version("alembic", environment)
        asked = f"Alembic {alembic} or the project's code asks" if alembic else "The project's code asks"
        because = f"{asked} for a part of SQLAlchemy that SQLAlchemy {version} does not have, and {declared.name} " \
                  "does not limit its version."  # fmt: skip
    elif module == "psycopg" and version.startswith("2.1.") and _has("psycopg2", environment):
        because = f"SQLAlchemy {version} uses psycopg for URLs that begin with postgresql://, and {declared.name} " \
                  "declares psycopg2."  # fmt: skip
    else:
        return None
    if lacks is not None and re.search(r"^\s*sqlalchemy\s*==", text_of(declared.file, declared.root), re.M | re.I):
        return Supplement(
            _OLD_ALEMBIC, because.replace("limit its", "limit Alembic's"), f"{add_line(_OLD_ALEMBIC, declared)}."
        )
    below = ".".join(version.split(".")[:2])
    if below not in ("2.0", "2.1"):
        return None
    pin = f"sqlalchemy<{below}"
    otherwise = ", or write postgresql+psycopg2://" if lacks is None else ""
    return Supplement(pin, because, f"{add_line(pin, declared)}{otherwise}.")


def unfitting(text: str, declared: DeclaringFile, environment: Path) -> tuple[str, str] | None:
    """Return why an installed package lacks a name that another one imports, and what to do; None for another error."""
    found = _NOT_IN_PACKAGE.search(text)
    package = found[2].partition(".")[0] if found else ""
    version = installed_version(re.sub(r"[-_.]", "[-_.]", package), environment)
    if found is None or not version:
        return None
    why = (
        f"{package} {version} has no {found[1]}: another package, or the project's code, was written for another "
        "version."
    )
    more = "" if declared.is_lock else f", such as `{package}<{version}`"
    return why, f"Limit the version of {package} in {declared.name}{more}, or update the code that imports {found[1]}."


def _has(module: str, environment: Path) -> bool:
    return any(is_folder(path) for path in environment.glob(f"lib/python3*/site-packages/{module}"))


def installed_version(package: str, environment: Path) -> str:
    """Return the version of a package in an environment; empty where it is not installed."""
    found = (path.name for path in environment.glob("lib/python3*/site-packages/*.dist-info"))
    matches = (re.fullmatch(rf"{package}-(.+)\.dist-info", name, re.IGNORECASE) for name in found)
    return next((match[1] for match in matches if match), "")
