"""Why autogenerate wrote no migration: a sentence that names the hook, the template or the line of the project."""

from __future__ import annotations

import os
import traceback
from types import TracebackType
from typing import Any, List, Optional, Tuple

from alembic.util import CommandError
from mako.exceptions import CompileException, RichTraceback, SyntaxException  # type: ignore[import-untyped]

from .load_failures import chain
from .revision_hook import HookFault
from .server_errors import error_of
from .watching.frames import Places

TEMPLATE = "script.py.mako"


def refuse_special_template(places: Places, script_folder: str) -> None:
    """Raise CommandError for a pipe or a device in place of the template: Alembic would wait for its content."""
    path = os.path.join(script_folder, TEMPLATE)
    if os.path.exists(path) and not os.path.isfile(path):
        raise CommandError("%s is not a regular file" % (places.relative(path) or TEMPLATE))


def why_not(failure: BaseException, places: Places, script_folder: str, scratch: str) -> str:
    """Return the sentence; ``scratch`` is the folder in which the new file was to be loaded."""
    hook = next((link for link in chain(failure) if isinstance(link, HookFault)), None)
    if hook is not None:
        return str(hook)
    template = places.relative(os.path.join(script_folder, TEMPLATE)) or TEMPLATE
    return (
        _of_template(failure, template, places) or _of_new_file(failure, template, scratch) or _of_code(failure, places)
    )


def _of_template(failure: BaseException, template: str, places: Places) -> Optional[str]:
    """Return the sentence about a template that cannot be read or filled in."""
    if isinstance(failure, (SyntaxException, CompileException)):
        words = str(failure).split(" in file ")[0].split(" at line: ")[0]
        return _fails(places.relative(str(failure.filename or "")) or template, failure.lineno, None, words)
    original = failure.__context__
    if not isinstance(failure, CommandError) or original is None or "Template rendering failed" not in str(failure):
        return None
    # Of each: file, line, function, text, then the same of the template.
    records = RichTraceback(error=original, traceback=original.__traceback__).records
    lines: List[Tuple[Any, Any, Any]] = [(r[4], r[5], r[6]) for r in records if r[5] is not None]
    path, number, text = lines[-1] if lines else (None, None, None)
    words = "%s: %s" % (type(original).__name__, original)
    return _fails(places.relative(str(path or "")) or template, number, text, words)


def _fails(template: str, line: Optional[int], text: Optional[str], words: str) -> str:
    shown = " (%s)" % " ".join(str(text).split()) if text else ""
    return "%s%s fails%s: %s" % (template, "" if line is None else ":%d" % line, shown, " ".join(words.split()))


def _of_new_file(failure: BaseException, template: str, scratch: str) -> Optional[str]:
    """Return the sentence about a file that the template made, and that Python cannot load."""
    frames = traceback.extract_tb(failure.__traceback__)
    places = [(frame.filename, frame.lineno) for frame in frames]
    if isinstance(failure, SyntaxError):
        places.append((failure.filename or "", failure.lineno))
    inside = os.path.realpath(scratch) + os.sep
    line = next((number for path, number in reversed(places) if os.path.realpath(path).startswith(inside)), None)
    if line is None:
        return None
    words = failure.msg if isinstance(failure, SyntaxError) else str(failure)
    text = "the migration that %s makes does not load: line %d: %s: %s"
    return text % (template, line, type(failure).__name__, words)


def _of_code(failure: BaseException, places: Places) -> str:
    """Return what was raised, and by which line of the project while autogenerate ran."""
    said = error_of(failure)
    own = said["sqlstate"] is None and not isinstance(failure, CommandError)
    words = "%s: %s" % (said["error"], said["message"]) if own else str(said["message"])
    frames = places.of_traceback(_within_autogenerate(failure.__traceback__))
    return words + (" (%(function)s at %(path)s:%(line)d)" % frames[-1] if frames else "")


def _within_autogenerate(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    """Return the traceback without env.py's own way to ``run_migrations()``."""
    start = trace
    while trace is not None:
        if trace.tb_frame.f_code.co_name == "_run_environment":
            return trace.tb_next
        trace = trace.tb_next
    return start
