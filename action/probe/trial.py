"""Which statements of a migration fail: each is run behind a savepoint of its own, and all are undone."""

from __future__ import annotations

import ast
import os
from functools import partial
from typing import Any, Dict, Iterable, List

from alembic.util import load_python_file

from .loaded import LoadedProject
from .patience import attempt
from .protocol.event_fields import FailingFields
from .server_errors import error_of


class _Undone(Exception):
    """Raised at the end, so that env.py rolls back."""


def failing(project: LoadedProject, path: str, function: str = "upgrade") -> List[FailingFields]:
    """Return the statements of a function of a version file that fail where the others run; the database is kept."""
    with open(path, encoding="utf-8") as file:
        statements = _statements(file.read(), function)
    namespace: Dict[str, Any] = dict(vars(load_python_file(*os.path.split(path))))
    found: List[FailingFields] = []

    def work(rev: Any, context: Any) -> Iterable[Any]:
        with context.begin_transaction(_per_migration=True):
            cursor = context.connection.connection.cursor()
            for node in statements:
                code = compile(ast.Module(body=[node], type_ignores=[]), path, "exec")
                error = attempt(cursor, partial(exec, code, namespace))
                if error is not None:
                    last = node.end_lineno or node.lineno
                    found.append({"first": node.lineno, "last": last, "error": said(error)})
            raise _Undone

    run = project.run()(work)
    if run.failure is not None and not isinstance(run.failure, _Undone):
        project.faults.look_at(run.failure)
    return found


def _statements(content: str, name: str) -> List[ast.stmt]:
    functions = [node for node in ast.parse(content).body if isinstance(node, ast.FunctionDef)]
    found = next((function for function in functions if function.name == name), None)
    body = found.body if found is not None else []
    return [node for node in body if not isinstance(node, ast.Pass)]


def said(error: BaseException) -> str:
    """Return what the server, or Python, said."""
    fields = error_of(error)
    if fields["sqlstate"] is not None:
        return str(fields["message"]).strip()
    return ("%s: %s" % (type(error).__name__, error)).strip()
