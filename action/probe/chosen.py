"""What goes into the missing migration of what autogenerate finds."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any, List, Tuple

from alembic.util import load_python_file

from .env_run import metadatas
from .missing_imports import with_imports
from .protocol.requests import WriteCandidate
from .schema_names import default_schema
from .selection import Selected, without_known, without_version_tables
from .types_first import create_types_once


class Chosen:
    """The operations of one request, chosen when autogenerate has found all."""

    def __init__(self, request: WriteCandidate) -> None:
        self._selection = request.selection
        self._metadatas: List[Any] = []

    def choose(self, context: Any, rev: Any, directives: List[Any]) -> None:
        """Keep the operations that were selected; called as a ``process_revision_directives``."""
        self._metadatas = metadatas(context)
        default = default_schema(context.connection)
        for script in directives:
            for upgrade, downgrade in _pairs(script)[-1:]:  # those of this engine: with several, each has its turn
                upgrade.ops = without_version_tables(upgrade.ops, context.version_table)
                selection = self._selection
                if selection is None or selection["known"] is not None:
                    _reverse(upgrade, downgrade)
                    continue
                upgrade.ops = Selected(selection["wanted"], default).of(upgrade.ops)
                _reverse(upgrade, downgrade)
                create_types_once(upgrade, downgrade, selection["types"], context.connection)

    def leave_out_known(self, directives: List[Any], dialect: Any) -> None:
        """Leave out the operations that the base has as well, where only autogenerate could compare."""
        known = None if self._selection is None else self._selection["known"]
        for script in directives if known is not None else ():
            for upgrade, downgrade in _pairs(script):
                upgrade.ops = without_known(upgrade.ops, set(known or ()), dialect)
                _reverse(upgrade, downgrade)

    def completed(self, context: Any, script: Any) -> str:
        """Return the text of a written file, to which the imports that it lacks were added."""
        with open(script.path, encoding="utf-8") as file:
            content = file.read()
        offered = sorted(context._last_autogen_context.imports)
        complete = with_imports(content, offered, self._metadatas)
        if complete != content:
            with open(script.path, "w", encoding="utf-8") as file:
                file.write(complete)
            script.module = load_python_file(*os.path.split(script.path))
        return complete


def _pairs(script: Any) -> List[Tuple[Any, Any]]:
    """Return the operations of each engine, upgrade and downgrade."""
    return list(zip(script.upgrade_ops_list, script.downgrade_ops_list))  # noqa: B905 - strict= needs Python 3.10


def _reverse(upgrade: Any, downgrade: Any) -> None:
    """Make the downgrade anew for the operations that are left; a plugin's may have no reverse."""
    with suppress(NotImplementedError, ValueError):
        upgrade.reverse_into(downgrade)
