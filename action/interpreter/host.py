"""The machine of a run, as a project may use it: a user to run code as, a Python, environment variables."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from action.sandbox.project_user import OURSELVES, ProjectUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The machine of a run."""

    user: ProjectUser = OURSELVES
    """The user that the project's code runs as."""
    own: str = sys.executable
    """The Python to use where the project has none, and to create environments with."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)


HERE = Host()
"""This machine, with everything run as the current user."""
