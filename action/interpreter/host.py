"""What the machine that we run on offers a project: a user to run its code as, a Python, our variables."""

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
    """Who runs the project's code."""
    own: str = sys.executable
    """The Python to fall back on, and to make environments with."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)


HERE = Host()
"""This machine, with everything run as ourselves."""
