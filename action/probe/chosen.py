"""What goes into the missing migration of what autogenerate finds, and what into the one for old differences."""

from __future__ import annotations

import copy
import hashlib
import os
from contextlib import suppress
from typing import Any, List, Set, Tuple

from alembic.operations import ops
from alembic.util import load_python_file

from .env_run import metadatas
from .missing_imports import with_imports
from .protocol.requests import Selection, WriteCandidate
from .schema_names import default_schema
from .selection import Selected, without_known, without_version_tables
from .types_first import create_types_once

OLD_MESSAGE = "end old differences"


class Chosen:
    """The operations of one request, chosen when autogenerate has found all."""

    def __init__(self, request: WriteCandidate) -> None:
        self._selection = request.selection
        self._old: List[Tuple[Any, Any]] = []
        self._metadatas: List[Any] = []
        self._created: Set[str] = set()

    def choose(self, context: Any, rev: Any, directives: List[Any]) -> None:
        """Keep the operations that were selected; called as a ``process_revision_directives``."""
        self._metadatas = metadatas(context)
        default = default_schema(context.connection)
        for script in directives:
            for upgrade, downgrade in _pairs(script)[-1:]:  # those of this engine: with several, each has its turn
                upgrade.ops = without_version_tables(upgrade.ops, context.version_table)
                if self._selection is not None and self._selection["known"] is None:
                    self._split(upgrade, downgrade, self._selection, context.connection, default)
                else:
                    _reverse(upgrade, downgrade)

    def _split(self, upgrade: Any, downgrade: Any, selection: Selection, connection: Any, default: str) -> None:
        old_upgrade, old_downgrade = copy.copy(upgrade), copy.copy(downgrade)
        old_upgrade.ops = Selected(selection["old"], default).of(upgrade.ops)
        upgrade.ops = Selected(selection["new"], default).of(upgrade.ops)
        for one, other, types in ((upgrade, downgrade, selection["types"]), (old_upgrade, old_downgrade, [])):
            _reverse(one, other)
            create_types_once(one, other, types, connection, self._created)
        self._old.append((old_upgrade, old_downgrade))

    def leave_out_known(self, directives: List[Any], dialect: Any) -> None:
        """Leave out the operations that the base has as well, where only autogenerate could compare."""
        known = None if self._selection is None else self._selection["known"]
        for script in directives if known is not None else ():
            for upgrade, downgrade in _pairs(script):
                upgrade.ops = without_known(upgrade.ops, set(known or ()), dialect)
                _reverse(upgrade, downgrade)

    @property
    def has_old(self) -> bool:
        """Return whether there are operations for old differences."""
        return any(upgrade.ops for upgrade, _ in self._old)

    def old_script(self, context: Any, after: str) -> Any:
        """Write the migration for the old differences, which follows the revision ``after``."""
        script = ops.MigrationScript(
            rev_id=hashlib.sha256(("old " + after).encode()).hexdigest()[:12],
            message=OLD_MESSAGE,
            upgrade_ops=self._old[0][0],
            downgrade_ops=self._old[0][1],
            head=after,
            splice=True,  # an empty migration may follow it as well
        )
        script._upgrade_ops = [upgrade for upgrade, _ in self._old]
        script._downgrade_ops = [downgrade for _, downgrade in self._old]
        script._needs_render = True
        return context._to_script(script)

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
