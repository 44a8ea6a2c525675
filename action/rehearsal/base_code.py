"""The code of the merge base, exported and imported only when something has to be known of it."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path

from action.base.interface import BaseError
from action.postgres.databases import Databases
from action.probe.protocol.requests import CreateSchema, Initialize, LegRequest
from action.project.alembic_tree import Tree
from action.rehearsal.bring_along import bring_module, bring_used
from action.rehearsal.goals import UpgradedTo, wanted_rows
from action.rehearsal.leg import Route, drive
from action.rehearsal.plan import Plan
from action.rehearsal.watcher import Watcher
from action.repository.export import hand_over
from action.session.session import Session
from checks.recording.absent import Absent
from checks.recording.legs import CodeOf, Leg, LegName, MadeBy
from checks.recording.obstacles import Obstacle, ObstacleKind

_MOST_GENERATED = 5
"""Most modules that are brought to the base one by one, because its import asks for them."""


class BaseCheckout:
    """The base's side of a rehearsal; a context manager that removes the export."""

    def __init__(self, plan: Plan, head: Session, databases: Databases) -> None:
        """Prepare for the base of a plan; ``head`` is the session on the working tree's code."""
        self._base, self._tree, self._root, self._run = plan.base, plan.tree, plan.root, plan.run
        self._head, self._databases = head, databases
        self._stack = contextlib.ExitStack()
        self._session: Session | Absent | None = None

    def __enter__(self) -> BaseCheckout:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def session(self) -> Session | Absent:
        """Return a session on the merge base's code, imported at the first call."""
        if self._session is None:
            self._session = self._start()
        return self._session

    def _start(self) -> Session | Absent:
        if self._base is None:
            return Absent(reason="no base is known")
        # Hostile code of the project's may still be writing there; what is left then goes with the container.
        export = tempfile.TemporaryDirectory(prefix="alembic-checks-base-", ignore_cleanup_errors=True)
        folder = Path(self._stack.enter_context(export)).resolve()
        try:
            self._base.export(folder, self._tree)
        except BaseError as error:
            return Absent(reason=f"its files cannot be read: {error}")
        tree = moved(self._tree, self._root, folder)
        if not tree.config_file.exists():
            return Absent(reason=f"{self._tree.path} does not exist at the base")
        self._head.learn_uses()
        bring_used(self._root, folder, self._head.files)
        hand_over(folder, self._run.user)
        return self._imported(tree, folder)

    def _imported(self, tree: Tree, folder: Path) -> Session | Absent:
        """Import the export; where a module is missing that an installation has generated, again with that module."""
        session = self._stack.enter_context(Session(self._run, tree, folder, moved_from=self._root))
        database = self._databases.create("load_base")
        obstacle = session.load(self._databases.address, database)
        for _ in range(_MOST_GENERATED):
            if obstacle is None:
                return session
            if not obstacle.module or not bring_module(self._root, folder, self._tree, obstacle.module):
                return Absent(reason=f"the base's code could not be imported: {obstacle.message}")
            hand_over(folder, self._run.user)
            obstacle = session.load(self._databases.address, database)
        return session if obstacle is None else Absent(reason=f"it needs too many modules: {obstacle.message}")

    def create(self, goal: UpgradedTo, init: str | None, watcher: Watcher) -> tuple[str, Leg]:
        """Make a database at the goal without its migrations: by the ``init`` command, or the base's models."""
        database = self._databases.create("base_made")
        session = self.session()
        if isinstance(session, Absent):
            return database, Leg(name=LegName.CREATE_BASE, target=wanted_rows(goal, ()), obstacle=no_base(session))
        route = Route(
            name=LegName.CREATE_BASE,
            request=_request(database, goal.targets, init),
            goal=goal,
            made_by=MadeBy.INIT_COMMAND if init else MadeBy.MODELS,
            code=CodeOf.BASE,
        )
        return database, drive(session, self._databases, route, watcher)


def _request(database: str, heads: tuple[str, ...], init: str | None) -> LegRequest:
    if init is None:
        return CreateSchema(database=database, target=heads)
    return Initialize(database=database, target=heads, command=init)


def no_base(absent: Absent) -> Obstacle:
    """Return the obstacle of a base database that could not be created."""
    return Obstacle(
        kind=ObstacleKind.NO_BASE,
        message=f"The base database could not be created: {absent.reason.rstrip('.')}.",
        why="New revisions run on a copy of the deployed database. Without it they cannot be checked.",
        remedy="Set `init` to a command that creates it, or compare with another base.",
    )


def moved(tree: Tree, old: Path, new: Path) -> Tree:
    """Return the same tree below another root."""

    def there(path: Path) -> Path:
        return new / path.relative_to(old) if path.is_relative_to(old) else path

    return replace(
        tree,
        config_file=there(tree.config_file),
        workdir=there(tree.workdir),
        script_location=there(tree.script_location),
        version_locations=tuple(there(folder) for folder in tree.version_locations),
        env_py=there(tree.env_py),
    )
