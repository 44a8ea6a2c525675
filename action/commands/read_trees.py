"""Reads the trees of a run and its base, before any of the project's code runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from action.base.interface import Api, Base
from action.base.locate import locate
from action.base.touched import reached_by, untouched
from action.base.wanted import BaseWanted
from action.commands.progress import Progress
from action.commands.starts import refuse_unknown_starts
from action.errors import SettingsError
from action.interpreter.own_tool import flask_folder, launcher_of
from action.project.alembic_tree import Tree
from action.project.discovery import Found
from action.project.folders import relative
from action.project.tree_files import NamedBySettings
from action.settings import Settings
from action.settings.dependencies import AUTO, NONE
from action.settings.matrix import Rehearse
from action.version_files.changes import read_changes
from action.version_files.reading import read_tree_graph
from checks.not_run import left_alone
from checks.recording.absent import Absent
from checks.recording.tree import TreeRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a run needs besides the settings."""

    base: BaseWanted | None = None
    """The base that the event names."""
    no_base: str = ""
    """Why the event names no base, in a sentence."""
    base_expected: bool = False
    """Whether a check that needs a base counts as not run without one."""
    client: Api | None = None
    workspace: Path = field(default_factory=Path.cwd)
    """Below it no symbolic link is followed when a file is written."""
    secrets: tuple[str, ...] = ()
    """Values that a trace must not show."""
    server_url: str | None = None
    """The server that the repository was cloned from; None where nothing may be fetched."""
    refused: list[SettingsError] = field(default_factory=list)
    """Collects the errors of files that cannot be written: the run goes on without them."""


@dataclass(frozen=True, slots=True)
class ReadTree:
    """A tree as its files show it, before any of the project's code runs."""

    tree: Tree
    base: Base | None
    recording: TreeRecording

    @property
    def is_left_alone(self) -> bool:
        """Return whether its migrations need no run, because the change touches nothing that they use."""
        return left_alone(self.recording) is not None


def named_by(settings: Settings) -> NamedBySettings:
    """Return what settings say about the files that a tree uses."""
    ways = tuple(filter(None, (settings.command, settings.alembic_config)))
    words_of_ours = {"", "all", AUTO, NONE}
    files = (str(settings.schema_file or ""), *settings.env_files, *settings.x_args)
    texts = (*files, settings.install, settings.init or "", *settings.env.values())
    named = tuple(text for text in texts if text not in words_of_ours)
    return NamedBySettings(env=settings.env, commands=(*ways, *named), names_program=bool(ways))


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the trees of one run; ``stack`` removes what was fetched for the base."""

    settings: Settings
    progress: Progress
    world: World
    root: Path
    stack: contextlib.ExitStack

    def read(self, trees: Sequence[Tree]) -> list[ReadTree]:
        """Return the trees with what their files show."""
        return self._read(trees, self._found_base())

    def read_with_touch(self, found: Found) -> list[ReadTree]:
        """Return the same, and of each tree whether the change touches it, where a base is known."""
        base = self._found_base()
        read = self._read(found.trees, base)
        if isinstance(base, Absent):
            return read
        with self.progress.phase("looking for what the change touches"):
            alike = untouched(found.trees, found.every, self.root, base, named_by(self.settings))
        return [
            replace(one, recording=replace(one.recording, untouched=alike.get(one.tree.path))) if one.base else one
            for one in read
        ]

    def reached(self, found: Found, rehearsed: Sequence[Tree]) -> frozenset[str]:
        """Return the files that the project's trees use which are not rehearsed in this run."""
        here = {tree.path for tree in rehearsed}
        others = [tree for tree in found.every if tree.path not in here]
        return reached_by(others, found.every, self.root, named_by(self.settings)) if others else frozenset()

    def may_leave_alone(self, found: Found) -> bool:
        """Return whether trees that the change does not touch are only read.

        Not the only one of a project: a required check would then say little.
        """
        is_compared = self.world.base is not None or self.settings.base is not None
        return self.settings.rehearse is Rehearse.TOUCHED and len(found.every) > 1 and is_compared

    def _found_base(self) -> Base | Absent:
        with self.progress.phase("finding the base"):
            return self.stack.enter_context(self._base())

    @contextlib.contextmanager
    def _base(self) -> Iterator[Base | Absent]:
        settings, world = self.settings, self.world
        token = settings.github_token.get_secret_value() if settings.github_token else None
        looking = locate(
            self.root, world.base, name=settings.base, client=world.client, token=token, server_url=world.server_url
        )
        with looking as found:
            unnamed = world.base is None and settings.base is None and world.no_base
            yield Absent(reason=world.no_base) if unnamed else found

    def _read(self, trees: Sequence[Tree], base: Base | Absent) -> list[ReadTree]:
        with self.progress.phase("reading the revisions"):
            read = [self._static(tree, base) for tree in trees]
            graphs = {one.tree.path: one.recording.graph for one in read}
            refuse_unknown_starts(graphs, self.settings.start_after)
            return read

    def _static(self, tree: Tree, base: Base | Absent) -> ReadTree:
        graph = read_tree_graph(tree, self.root)
        changes = read_changes(tree, self.root, base, graph)
        recording = TreeRecording(
            path=tree.path,
            version_locations=tuple(relative(folder, self.root) for folder in tree.version_locations),
            graph=graph,
            changes=changes,
            launcher=launcher_of(tree, self.root),
            flask_folder=flask_folder(tree, self.root),
            base_expected=self.world.base_expected or self.settings.base is not None,
        )
        known = None if isinstance(base, Absent) or isinstance(changes, Absent) else base
        return ReadTree(tree, known, recording)
