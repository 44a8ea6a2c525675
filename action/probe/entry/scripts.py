"""Whether a Config is that of the migrations under check."""

from __future__ import annotations

import os
from typing import Any, Optional, Sequence


def other_scripts(script: Any, script_location: str, version_locations: Sequence[str]) -> Optional[str]:
    """Return the folder of other migrations than those that are meant; None where they are the same."""
    if _same([str(script.dir)], [script_location]):
        return None
    if _same([str(folder) for folder in script._version_locations], version_locations):
        return None
    return str(script.dir)


def _same(some: Sequence[str], others: Sequence[str]) -> bool:
    return {os.path.realpath(path) for path in some} == {os.path.realpath(path) for path in others}
