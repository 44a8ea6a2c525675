"""How the project's code is to be run; the same for every session of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from action.allowance import UNLIMITED, Allowance
from action.sandbox.project_user import OURSELVES, ProjectUser
from action.session.pipe import Heard
from action.session.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWay:
    """How the project itself gets to its migrations, where settings say so."""

    alembic_config: str | None = None
    command: str | None = None
    x_args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRun:
    """The interpreter, its variables and limits, and the user that it runs as."""

    python: str
    env: Mapping[str, str] = field(default_factory=dict)
    way: OwnWay = OwnWay()
    timeout: float = 600.0
    """Seconds for one request."""
    allowance: Allowance = UNLIMITED
    """The time of the whole run."""
    heard: Heard = field(default_factory=Heard)
    user: ProjectUser = OURSELVES
    trace: Trace | None = None
    is_chosen: bool = False
    """Whether a setting names the interpreter."""
    note: str = ""
    """Another environment that looks like the project's, and why it is not used; a sentence for a missing module."""
