"""The code of the merge base, exported and imported only when something has to be known of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from action.base.interface import BaseError
from action.postgres.databases import Databases
from action.project.alembic_tree import Tree, moved
from action.rehearsal.bring_along import bring_module, bring_used
from action.rehearsal.first_load import FirstLoad
from action.rehearsal.modelled import Modelled
from action.rehearsal.plan import Plan
from action.repository.export import bring_settings, hand_over
from action.repository.git import GitError
from action.session.session import Session
from action.supervisor.run_folder import new_folder
from action.version_files.base_tree import tree_at_fork
from checks.recording.absent import Absent

_MOST_GENERATED = 5
"""Most modules that are brought to the base one by one, because its import asks for them."""


class BaseCheckout:
    """The base's side of a rehearsal; a context manager that removes the export."""

    def __init__(self, plan: Plan, head: Session, databases: Databases) -> None:
        """Prepare for the base of a plan; ``head`` is the session on the working tree's code."""
        # The head's own tree: it may run in another folder than was planned.
        self._base, self._tree, self._root, self._run = plan.base, head.tree, plan.root, plan.run
        self._head, self._plan = head, plan
        self._first = FirstLoad(databases, plan.init, plan.schema)
        self._stack = contextlib.ExitStack()
        self._session: Session | Absent | None = None
        self.models: dict[tuple[str, int], Modelled | Absent] = {}
        """What its models describe, by the database that they were compared with and the number of the engine."""

    def __enter__(self) -> BaseCheckout:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def go_to(self, databases: Databases) -> None:
        """Do everything on another server from now on; what is imported stays so."""
        self._first = FirstLoad(databases, self._plan.init, self._plan.schema)
        if isinstance(self._session, Session):
            self._session.go_to(databases.address)

    def session(self) -> Session | Absent:
        """Return a session on the merge base's code, imported at the first call."""
        if self._session is None:
            self._session = self._start()
        return self._session

    def _start(self) -> Session | Absent:
        if self._base is None:
            return Absent(reason="no base is known")
        folder = self._stack.enter_context(new_folder("base-"))
        try:
            then = tree_at_fork(self._base, self._tree, self._root)
            self._base.export(folder, self._tree)
            tree = moved(then, self._root, folder)
            bring_settings(self._root, self._tree.workdir, tree.workdir, folder)
        except (BaseError, GitError) as error:
            return Absent(reason=f"its files cannot be read: {error}")
        if not tree.config_file.exists():
            return Absent(reason=f"{self._tree.path} does not exist at the base")
        self._head.learn_uses()
        bring_used(self._root, folder, self._head.uses.files)
        hand_over(folder, self._run.user)
        return self._imported(tree, folder)

    def _imported(self, tree: Tree, folder: Path) -> Session | Absent:
        """Import the export; where a module is missing that an installation has generated, again with that module."""
        session = self._stack.enter_context(Session(self._run, tree, folder, moved_from=self._root))
        session.known_engines = self._head.known_engines
        session.filling.filled.update(self._head.filling.filled)
        obstacle = self._first.load(session, "load_base")
        for _ in range(_MOST_GENERATED):
            if obstacle is None:
                self._first.databases.companions = max(0, len(session.known_engines) - 1)
                return session
            if not obstacle.module or not bring_module(self._root, folder, self._tree, obstacle.module):
                return Absent(reason=f"the base's code could not be imported: {obstacle.message}")
            hand_over(folder, self._run.user)
            obstacle = self._first.load(session, "load_base")
        return session if obstacle is None else Absent(reason=f"it needs too many modules: {obstacle.message}")

    @property
    def output(self) -> str:
        """Return the end of what the base's code has printed; empty where it was not run."""
        if not isinstance(self._session, Session):
            return ""
        self._session.keep_output()
        return self._session.output
