"""Doing a thing as soon as a module has been imported, and not before: the order of imports stays the project's."""

from __future__ import annotations

import builtins
import sys
from importlib.machinery import ModuleSpec
from typing import Any, Callable, Dict, Mapping, Optional

Then = Callable[[Any], None]


def after_import(wanted: Mapping[str, Then]) -> None:
    """Call each function with its module when that has been executed."""
    sys.meta_path.insert(0, _Waiting(dict(wanted)))


class _Waiting:
    """The first of all finders, which has the others find, and looks at what they found."""

    def __init__(self, wanted: Dict[str, Then]) -> None:
        self._wanted = wanted

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Optional[ModuleSpec]:
        """Return where one of the modules comes from; None for any other."""
        then = self._wanted.pop(fullname, None)
        if then is None:
            return None
        for finder in sys.meta_path:
            spec = finder.find_spec(fullname, path, target) if finder is not self else None
            if spec is not None and spec.loader is not None:
                _execute_then(spec.loader, then)
                return spec
        self._wanted[fullname] = then  # not there yet
        return None


def import_without_us(module: Any) -> None:
    """Let a module import as if we were not there: it tells by the traceback which module is missing.

    Flask and Quart look for wsgi.py so, and would take our frame for one of that file.
    """
    vars(module)["__import__"] = getattr(builtins.__import__, "__wrapped__", builtins.__import__)


def _execute_then(loader: Any, then: Then) -> None:
    original = loader.exec_module

    def exec_module(module: Any) -> None:
        original(module)
        then(module)

    loader.exec_module = exec_module
