"""The revisions as Alembic itself has them: which files it loads once env.py has run, and what they say then."""

from __future__ import annotations

import os
from typing import Any, List

from alembic import util
from alembic.script.revision import RevisionError
from alembic.util import CommandError

from .protocol.event_fields import GraphFields, RevisionFields
from .watching.frames import Places


def graph_of(script: Any, places: Places) -> GraphFields:
    """Load every version file that Alembic uses, and return the graph; of a duplicated id, the file that wins.

    env.py may have changed where the files are: this has to be called while or after it runs. Raises what the files
    raise, and Alembic's errors for a graph that it cannot read.
    """
    folders = [os.path.abspath(str(folder)) for folder in script._version_locations]
    places.use_version_folders(folders)
    # As ``upgrade heads`` finds them: without those that another revision depends on.
    heads = [found.revision for found in script.revision_map.get_revisions("heads")]
    return {
        "heads": heads,
        "revisions": [_fields(found, places) for found in _scripts(script)],
        "version_locations": folders,
        "recursive": bool(getattr(script, "recursive_version_locations", False)),
    }


def is_raised_by_alembic(failure: BaseException, places: Places) -> bool:
    """Tell what Alembic raises of a graph that it cannot read, from what version files raise as they are loaded.

    A file, or what it imports, may raise Alembic's own exceptions, and a KeyError: then a line of the project's led
    to it. ``failure`` was caught where ``graph_of`` was called.
    """
    kinds = (RevisionError, CommandError, KeyError)  # KeyError: for a missing parent
    return isinstance(failure, kinds) and not places.of_traceback(failure.__traceback__)


def version_files(script: Any, places: Places) -> List[str]:
    """Return the paths of the version files that Alembic has loaded."""
    return [_path(found, places) for found in _scripts(script)]


def _scripts(script: Any) -> List[Any]:
    # A label is a key of the map as well, for the same script.
    return list(
        {id(found): found for found in script.revision_map._revision_map.values() if found is not None}.values()
    )


def _path(found: Any, places: Places) -> str:
    path = places.real.of(str(found.path))
    return places.below_root(path) or path


def _fields(found: Any, places: Places) -> RevisionFields:
    return {
        "revision": found.revision,
        "path": _path(found, places),
        "down_revisions": list(util.to_tuple(found.down_revision, default=())),
        "depends_on": list(util.to_tuple(found.dependencies, default=())),
        "branch_labels": sorted(found._orig_branch_labels),
    }
