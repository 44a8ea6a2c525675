"""The variables that an exception asks for, by the library that raised it, each with values that its setting takes."""

from __future__ import annotations

import linecache
import os
import re
import traceback
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from .protocol.caps import capped
from .settings_classes import of_pydantic, settings_class, unparsed


class AskedVariables(NamedTuple):
    """What an exception says of a variable."""

    reason: Optional[str] = None
    """What is wrong with its value; None where it is not set."""
    samples: Tuple[str, ...] = ()
    """Values that the setting takes, where its type tells."""
    also: Tuple[str, ...] = ()
    """Other names that it may have."""


_MISSING = re.compile(
    r"(?:Set the )?(\w+)(?: not found\. Declare| not found\.$| environment variable$)"  # decouple, django-environ
    r"|Environment variable [\"'](\w+)[\"'] not set"  # environs
    r"|[\"']?Config '(\w+)' is missing"  # starlette
)
_REFUSED = re.compile(
    r"Environment variable [\"'](\w+)[\"'] invalid: (.*)|Config '(\w+)' has value .*?\. (Not a valid .*)"
)
_VALIDATED = re.compile(r"([\w.]+) (?:is required in env|must exist)")
_NOT_SET = re.compile(r"variable not set", re.IGNORECASE)


def asked_for(failure: BaseException) -> Dict[str, AskedVariables]:
    """Return the variables that this exception asks for; none for one that is about something else."""
    name, module = type(failure).__name__, type(failure).__module__
    if isinstance(failure, KeyError) and failure.args and _raised_by(failure, vars(os)):
        return {str(failure.args[0]): AskedVariables()}
    if name == "ValidationError" and module.startswith("pydantic"):
        return {variable: AskedVariables(*found) for variable, found in of_pydantic(failure).items()}
    if name == "SettingsError" and settings_class(failure) is not None:
        return {variable: AskedVariables(*found) for variable, found in unparsed(failure).items()}
    if module.startswith("environs") and isinstance(getattr(failure, "error_messages", None), dict):
        found = _of_environs(failure)
        if found:
            return found
    dynaconf = _of_dynaconf(failure)
    return dynaconf or _by_text(capped(str(failure)))


def _by_text(text: str) -> Dict[str, AskedVariables]:
    missing = _MISSING.match(text)
    if missing:
        return {next(filter(None, missing.groups())): AskedVariables()}
    refused = _REFUSED.match(text)
    if refused:
        name, reason = (found for found in refused.groups() if found is not None)
        return {name: AskedVariables(reason)}
    return {}


def _raised_by(failure: BaseException, names: Dict[str, Any]) -> bool:
    frames = [frame for frame, _ in traceback.walk_tb(failure.__traceback__)]
    return bool(frames) and frames[-1].f_globals is names  # its file is called "<frozen os>" since Python 3.11


def _of_environs(failure: Any) -> Dict[str, AskedVariables]:
    """Return all that ``Env(eager=False).seal()`` reports at once."""
    found: Dict[str, AskedVariables] = {}
    for name, messages in failure.error_messages.items():
        text = " ".join(map(str, messages)) if isinstance(messages, (list, tuple)) else str(messages)
        found[str(name)] = AskedVariables(None if _NOT_SET.search(text) else text)
    return found


def _of_dynaconf(failure: Any) -> Dict[str, AskedVariables]:
    """Return what dynaconf's settings lack: by a validator of theirs, or by the line that reads them."""
    if type(failure).__module__.startswith("dynaconf.validator"):
        names = _VALIDATED.findall(capped(str(failure)))
        settings = [v for frame in _frames(failure) for v in frame.f_locals.values() if _is_dynaconf(v)]
        return {_variable(settings[-1], name.split(".")): AskedVariables() for name in names[:1] if settings}
    if not isinstance(failure, (AttributeError, KeyError)):
        return {}
    entries = list(traceback.walk_tb(failure.__traceback__))
    if not entries or not _is_its_own(entries[-1][0]):
        return {}
    for frame, line in reversed([entry for entry in entries if not _is_its_own(entry[0])]):
        for root, parts in _chains(frame, line):
            value = _value(frame, root)
            if _is_dynaconf(value):
                return {_variable(value, parts): AskedVariables()}
    return {}


def _frames(failure: BaseException) -> List[Any]:
    return [frame for frame, _ in traceback.walk_tb(failure.__traceback__)]


def _is_its_own(frame: Any) -> bool:
    return str(frame.f_globals.get("__name__", "")).split(".")[0] in ("dynaconf", "box")


def _is_dynaconf(value: Any) -> bool:
    return type(value).__module__.startswith("dynaconf") and hasattr(type(value), "_setup")


def _variable(settings: Any, parts: List[str]) -> str:
    """Return the environment variable of a setting of dynaconf."""
    options = vars(settings).get("_kwargs", {})
    prefix = next((value for name, value in options.items() if name.lower().startswith("envvar_prefix")), "DYNACONF")
    first = (str(prefix).split(",")[0] + "_") if prefix else ""
    return first.upper() + "__".join(part.upper() for part in parts)


def _value(frame: Any, name: str) -> Any:
    return frame.f_locals.get(name, frame.f_globals.get(name))


def _chains(frame: Any, line: int) -> Iterator[Tuple[str, List[str]]]:
    """Yield the names on a line of source with the attributes and keys that follow each, the longest first."""
    text = linecache.getline(frame.f_code.co_filename, line, frame.f_globals)
    for match in re.finditer(r"(\w+)((?:\.\w+|\[[\"']\w+[\"']\])+)", text):
        yield match.group(1), re.findall(r"\w+", match.group(2))
