"""The hook ``process_revision_directives`` of env.py, watched so that what it does can be named."""

from __future__ import annotations

import functools
from typing import Any, List

from .watching.frames import Places

OPTION = "process_revision_directives"


class HookFault(Exception):
    """The hook raised, or left no migration: a sentence that names it."""


class WatchedHook:
    """Calls the project's hook in its place."""

    def __init__(self, hook: Any, places: Places) -> None:
        self.hook, self._places = hook, places

    def __call__(self, context: Any, revision: Any, directives: List[Any]) -> None:
        """Run the hook; raises HookFault where it raises, or removes a migration that has operations.

        A hook that removes an empty migration, as Alembic's cookbook does, cannot know of the lines that we add.
        """
        given = list(directives)
        try:
            self.hook(context, revision, directives)
        except (Exception, SystemExit) as failure:
            frames = self._places.of_traceback(failure.__traceback__)
            where = "%(function)s at %(path)s:%(line)d" % frames[-1] if frames else self._name()
            raise HookFault("%s (%s) raised %s: %s" % (OPTION, where, type(failure).__name__, failure)) from failure
        if not directives and all(is_empty(script) for script in given):
            directives[:] = given
        if not directives:
            raise HookFault("%s (%s) removed the migration that autogenerate wrote" % (OPTION, self._name()))

    def _name(self) -> str:
        """Return the name of the hook, with the line on which it starts where that is the project's."""
        function = self.hook
        while isinstance(function, functools.partial):
            function = function.func
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        if code is None:  # an object that can be called
            code = getattr(vars(type(function)).get("__call__"), "__code__", None)
        name = getattr(function, "__qualname__", None) or type(function).__name__
        path = None if code is None else self._places.relative(code.co_filename)
        return name if code is None or path is None else "%s at %s:%d" % (name, path, code.co_firstlineno)


def watch_hook(context: Any, places: Places) -> None:
    """Have Alembic call the hook of a MigrationContext through us."""
    hook = context.opts.get(OPTION)
    if hook is not None and not isinstance(hook, WatchedHook):
        context.opts[OPTION] = WatchedHook(hook, places)


def is_empty(script: Any) -> bool:
    """Tell whether a migration has no operations, for any of its databases."""
    return all(ops is None or ops.is_empty() for ops in script.upgrade_ops_list)
