"""The Python version that a project asks for, and where it says so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from action.interpreter.declared import cfg_of, table, text_of, toml_of
from action.interpreter.python_hints import dockerfile_python, hinted_python

_VERSION = r"\d+\.\d+(?:\.\d+)?"
_PLAIN = re.compile(rf"(?:c?python[-@]?)?({_VERSION})", re.IGNORECASE)
_RANGE = re.compile(r"[<>=!~]")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPython:
    """The Python version that a project asks for."""

    request: str
    """A version such as ``3.12``, or a range as in ``requires-python``; empty where the project does not care."""
    source: str = ""
    """The setting or the file that says so."""
    otherwise: str | None = None
    """What to ask for where that cannot be installed; None where the project allows nothing else."""

    @property
    def is_range(self) -> bool:
        """Return whether several versions fit."""
        return _RANGE.search(self.request) is not None

    def is_met_by(self, version: str) -> bool:
        """Return whether a minor version is one that the project asks for in the first place."""
        return allows(self.request, version) if self.is_range else f"{self.request}.".startswith(f"{version}.")


ANY = WantedPython(request="")
OLDEST = (3, 9)
"""The oldest Python that the project's code can be checked with."""
_OLDER = ("3.13", "3.12", "3.11", "3.10", "3.9")


def wanted_python(folder: Path, root: Path, setting: str | None = None) -> WantedPython:
    """Return the version that the setting names, else the project in ``folder``, or a folder above it, asks for.

    One version counts more than a range; that of a Dockerfile or a workflow counts only within the range.
    """
    if setting is not None:
        return WantedPython(request=setting, source="python-version")
    above = [each for each in (folder, *folder.parents) if each.is_relative_to(root)]
    exact = _first(above, root, _EXACT)
    if exact is not None:
        return exact
    allowed = _first(above, root, _RANGES)
    used = _first(above, root, {"Dockerfile": dockerfile_python}) or _hinted(above, root)
    if used is not None and is_new_enough(used.request) and (allowed is None or allows(allowed.request, used.request)):
        return replace(used, otherwise=allowed.request if allowed else "")
    return allowed or ANY


def is_new_enough(version: str) -> bool:
    """Return whether the project's code can be checked with a version."""
    return _numbers(version)[:2] >= OLDEST


def _hinted(above: Sequence[Path], root: Path) -> WantedPython | None:
    found = next(filter(None, (hinted_python(folder, root) for folder in above)), None)
    return WantedPython(request=found[0], source=found[1].relative_to(root).as_posix()) if found else None


def older_versions(version: str, wanted: WantedPython) -> tuple[str, ...]:
    """Return older versions than one that was found, the newest first, where no setting or file names an exact one."""
    is_open = wanted.is_range or not wanted.request
    if not is_open and (wanted.otherwise is None or wanted.is_met_by(version)):
        return ()
    asked = wanted.request if is_open else wanted.otherwise or ""
    return tuple(one for one in _OLDER if _numbers(one) < _numbers(version) and allows(asked, one))


def _first(
    folders: list[Path], root: Path, looks: Mapping[str, Callable[[Path, Path], str | None]]
) -> WantedPython | None:
    for folder in folders:
        for name, look in looks.items():
            found = look(folder / name, root)
            if found:
                return WantedPython(request=found, source=(folder / name).relative_to(root).as_posix())
    return None


def _python_version_file(file: Path, root: Path) -> str | None:
    lines = (line.strip() for line in text_of(file, root).splitlines())
    words = [line for line in lines if line and not line.startswith("#")]
    return _plain(words[0]) if words else None


def _plain(word: str) -> str | None:
    found = _PLAIN.fullmatch(word)
    return found[1] if found else None


def _tool_versions(file: Path, root: Path) -> str | None:
    found = re.search(rf"^python\s+({_VERSION})\s*$", text_of(file, root), re.MULTILINE)
    return found[1] if found else None


def _runtime(file: Path, root: Path) -> str | None:
    return _plain(text_of(file, root).strip())


def _pipfile(file: Path, root: Path) -> str | None:
    asked = table(toml_of(file, root), "requires")
    return _plain(str(asked.get("python_full_version") or asked.get("python_version") or ""))


def _pipfile_lock(file: Path, root: Path) -> str | None:
    try:
        asked = json.loads(text_of(file, root) or "{}")["_meta"]["requires"]
        return _plain(str(asked.get("python_full_version") or asked.get("python_version") or ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _conda(file: Path, root: Path) -> str | None:
    found = re.search(rf"^\s*-\s*[\"']?python\s*={{1,2}}\s*({_VERSION})", text_of(file, root), re.MULTILINE)
    return found[1] if found else None


_EXACT = {
    ".python-version": _python_version_file,
    ".tool-versions": _tool_versions,
    "runtime.txt": _runtime,
    "Pipfile": _pipfile,
    "Pipfile.lock": _pipfile_lock,
    "environment.yml": _conda,
    "environment.yaml": _conda,
}


def _pyproject(file: Path, root: Path) -> str | None:
    about = toml_of(file, root)
    asked = table(about, "project").get("requires-python")
    if asked:
        return str(asked)
    poetry = table(about, "tool", "poetry", "dependencies").get("python")
    return specifier(str(poetry)) if poetry else None


def _pylock(file: Path, root: Path) -> str | None:
    asked = toml_of(file, root).get("requires-python")
    return str(asked) if asked else None


def _setup_cfg(file: Path, root: Path) -> str | None:
    return cfg_of(file, root).get("options", "python_requires", fallback=None)


def _setup_py(file: Path, root: Path) -> str | None:
    found = re.search(r"python_requires\s*=\s*[\"']([^\"']+)[\"']", text_of(file, root))
    return found[1] if found else None


_RANGES = {"pyproject.toml": _pyproject, "pylock.toml": _pylock, "setup.cfg": _setup_cfg, "setup.py": _setup_py}


def specifier(poetry: str) -> str:
    """Return Poetry's notation for versions as a specifier: ``^3.11`` is ``>=3.11,<4``."""
    return ",".join(part for each in re.split(r"[,\s]+(?=[\^~<>=!\d])", poetry.split("||")[0].strip()) if each
                    for part in _parts(each.strip()))  # fmt: skip


def _parts(each: str) -> Iterator[str]:
    if each.startswith("^"):
        yield from (f">={each[1:]}", f"<{int(each[1:].split('.')[0]) + 1}")
    elif each.startswith("~") and not each.startswith("~="):
        major, _, minor = each[1:].partition(".")
        below = f"{major}.{int(minor.split('.')[0]) + 1}" if minor else str(int(major) + 1)
        yield from (f">={each[1:]}", f"<{below}")
    elif each[0].isdigit():
        yield f"=={each}" if each.endswith("*") or each.count(".") > 1 else f"=={each}.*"
    elif each != "*":
        yield each


def allows(asked: str, version: str) -> bool:
    """Return whether a range allows a version; one that cannot be read allows all."""
    return all(_holds(part.strip(), version) for part in asked.split(",") if part.strip())


def _holds(part: str, version: str) -> bool:
    found = re.fullmatch(r"(~=|===?|!=|<=?|>=?)\s*(\d+(?:\.\d+)*)(\.\*)?", part)
    if found is None:
        return True
    operator, text, _ = found.groups()
    bound, given = _numbers(text), _numbers(version)
    shared = min(len(bound), len(given))
    near, here = bound[:shared], given[:shared]
    match operator:
        case "~=":
            return given >= near and given[: len(bound) - 1] == bound[: len(bound) - 1][: len(given)]
        case "==" | "===":
            return near == here
        case "!=":
            return bound != given
        case ">=":
            return here >= near
        case "<=":
            return here <= near
        case ">":
            return here > near or len(given) < len(bound)
        case _:
            return here < near or (here == near and len(given) < len(bound))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split("."))
