"""Packages that a project declares under a condition which does not hold here: they are not undeclared."""

from __future__ import annotations

import re
from collections.abc import Iterable

from action.interpreter.declared import DeclaringFile
from action.interpreter.module_names import distributions_of, normalized

_LINE = re.compile(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)[^;#]*(?:;\s*(?P<condition>[^#\\]+))?")


def condition_of(module: str, lines: Iterable[str]) -> tuple[str, str] | None:
    """Return the package of a module and the condition under which lines of requirements have it.

    None where no line names it, or one names it without a condition.
    """
    names, package, conditions = distributions_of(module), "", list[str]()
    for found in filter(None, map(_LINE.match, lines)):
        if normalized(found["name"]) in names and found["condition"] is None:
            return None
        if normalized(found["name"]) in names:
            package = normalized(found["name"])
            conditions.append(found["condition"].strip())
    return (package, " or ".join(dict.fromkeys(conditions))) if conditions else None


def why_left_out(module: str, lines: Iterable[str], declared: DeclaringFile, python: str) -> tuple[str, str] | None:
    """Return why a module is missing that the project declares for another Python or platform, and what to do."""
    found = condition_of(module, lines)
    if found is None:
        return None
    package, condition = found
    why = (
        f"{declared.name} has {package} only where `{condition}` holds, and it does not hold here with Python {python}."
    )
    if "python" in condition:
        return why, "Set `python-version` to a version for which it holds, or change the condition."
    return why, "Change the condition, so that it also holds on Linux."
