"""Version files that are given as text: further revisions of the tree, which are applied and undone."""

from __future__ import annotations

import os
import tempfile
from typing import Any, Callable, Iterable, List, Optional

from alembic.runtime.migration import RevisionStep
from alembic.script.base import Script
from alembic.util import load_python_file

from .loaded import LoadedProject
from .protocol.requests import ApplyMigration, VersionFile
from .server_errors import error_of
from .trial import failing


def apply(project: LoadedProject, request: ApplyMigration) -> None:
    """Apply the files of a migration, or undo them, and send whether that worked."""
    with tempfile.TemporaryDirectory(prefix="alembic-checks-") as folder:
        files = GivenFiles(project, folder, (*request.after, *request.files))

        def wanted() -> List[Any]:
            return files.scripts()[len(request.after) :]

        error = run(project, wanted, undo=request.undo)
        function = "downgrade" if request.undo else "upgrade"
        # Of several files, it is not known in which one the statement stands.
        is_one = len(request.files) == 1
        found = failing(project, files.paths[-1], function) if error and is_one else []
        project.wire.applied(error=error, failing=found)


class GivenFiles:
    """Files in a scratch folder that the tree takes for its own."""

    def __init__(self, project: LoadedProject, folder: str, files: Iterable[VersionFile]) -> None:
        """Write the files, each into a folder of its own: two may have one name."""
        self._project = project
        self._places = [os.path.join(project.places.root, path) for path, _ in files]
        self.paths: List[str] = []
        self._scripts: List[Any] = []
        for number, (path, content) in enumerate(files):
            self.paths.append(os.path.join(folder, "given-%d" % number, os.path.basename(path)))
            os.mkdir(os.path.dirname(self.paths[-1]))
            with open(self.paths[-1], "w", encoding="utf-8") as file:
                file.write(content)

    def scripts(self) -> List[Any]:
        """Return them as scripts of the tree, which has them from then on.

        Not to be called before env.py runs: what version files import may be found and loadable only then.
        """
        if not self._scripts:
            for path, place in zip(self.paths, self._places):  # noqa: B905 - strict= needs Python 3.10
                module: Any = load_python_file(*os.path.split(path))
                # Where they would be in the project: Alembic puts the file of the next revision beside them.
                self._scripts.append(Script(module, module.revision, place))
                self._project.script.revision_map.add_revision(self._scripts[-1])
        return list(self._scripts)


def run(project: LoadedProject, scripts: Callable[[], List[Any]], *, undo: bool = False) -> Optional[object]:
    """Upgrade to revisions, or undo them; return what was said against it. ``scripts`` is called while env.py runs."""

    def work(rev: Any, context: Any) -> Iterable[Any]:
        wanted = scripts()
        followed = {parent for script in wanted for parent in script._all_down_revisions}
        # Of several, one may follow another, so they are no targets beside each other.
        last = tuple(script.revision for script in wanted if script.revision not in followed)
        if not undo:
            yield from project.script._upgrade_revs(last, rev)
        elif frozenset(last) & frozenset(rev):
            revisions = project.script.revision_map
            yield from (RevisionStep(revisions, script, False) for script in reversed(wanted))

    done = project.run()(work)
    if done.failure is None or isinstance(done.failure, SystemExit):
        return None
    project.faults.look_at(done.failure)
    return error_of(done.failure)["message"]
