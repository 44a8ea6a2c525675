"""The revisions as Alembic itself has them: which files it loads once env.py has run, and what they say then."""

from __future__ import annotations

import os
from typing import Any

from alembic import util

from .protocol.event_fields import GraphFields, RevisionFields
from .watching.frames import Places


def graph_of(script: Any, places: Places) -> GraphFields:
    """Load every version file that Alembic uses, and return the graph; of a duplicated id, the file that wins.

    env.py may have changed where the files are: this has to be called while or after it runs. Raises what the files
    raise, and Alembic's errors for a graph that it cannot read.
    """
    folders = [os.path.abspath(str(folder)) for folder in script._version_locations]
    places.use_version_folders(folders)
    heads = list(script.get_heads())
    scripts = {id(found): found for found in script.revision_map._revision_map.values() if found is not None}
    return {
        "heads": heads,
        "revisions": [_fields(found, places) for found in scripts.values()],
        "version_locations": folders,
        "recursive": bool(script.recursive_version_locations),
    }


def _fields(found: Any, places: Places) -> RevisionFields:
    path = os.path.realpath(str(found.path))
    return {
        "revision": found.revision,
        "path": places.below_root(path) or path,
        "down_revisions": list(util.to_tuple(found.down_revision, default=())),
        "depends_on": list(util.to_tuple(found.dependencies, default=())),
        "branch_labels": sorted(found._orig_branch_labels),
    }
