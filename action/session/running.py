"""How the project's code is to be run; the same for every session of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from action.allowance import UNLIMITED, Allowance
from action.interpreter.prepared import Prepared
from action.sandbox.project_user import OURSELVES, ProjectUser
from action.session.live import LiveProcesses
from action.session.made_places import MadePlaces
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
    env_files: tuple[str, ...] = ("all",)
    """Files with values for variables that are missing; or ``all`` that look like examples, or ``none``."""
    way: OwnWay = OwnWay()
    timeout: float = 600.0
    """Seconds for one request."""
    allowance: Allowance = UNLIMITED
    """The time of the whole run."""
    heard: Heard = field(default_factory=Heard)
    live: LiveProcesses = field(default_factory=LiveProcesses)
    user: ProjectUser = OURSELVES
    trace: Trace | None = None
    is_chosen: bool = False
    """Whether a setting names the interpreter."""
    note: str = ""
    """Another environment that looks like the project's, and why it is not used; a sentence for a missing module."""
    made: MadePlaces | None = None
    """Makes what the project's code writes in the checkout; None where nobody removes it."""
    prepared: Prepared | None = None
    """What was installed for this run, which can be given more of what the project declares."""

    def supply(self, text: str, tree: str) -> bool:
        """Install what an error of a tree's names as missing, if the project declares it; say whether."""
        return self.prepared is not None and self.prepared.supply(text, tree)

    def supplies_metadata(self, text: str) -> bool:
        """Return whether an error of the project's names metadata that ``supply`` can install."""
        return self.prepared is not None and self.prepared.supplies_metadata(text)

    def advice(self, text: str) -> tuple[str, str] | None:
        """Return why something is missing that an error names, and the line to add; None where that is not known."""
        return self.prepared.advice(text) if self.prepared else None
