"""Fills in variables that the project lacks from the examples in its repository, and says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from action.project.alembic_tree import Tree
from action.project.example_values import ExampleValue, example_values, is_example
from action.sandbox.tracked import unchanged
from action.session.event_parts import WantedVariable
from action.session.events import MissingFound, ObstacleMet
from action.session.obstacle_sentences import describe
from action.session.running import ProjectRun
from action.session.settings_sentences import filled_too
from checks.plural import plural
from checks.recording.obstacles import Obstacle

MAY_LACK_SETTINGS = ("missing-settings", "load-failed", "exited")
"""Kinds of obstacles that further variables may remove."""


@dataclass(frozen=True, slots=True)
class FilledVariable:
    """A variable with the value that it was given, and the words for where that comes from."""

    value: str
    file: str
    replaced: str = ""


@dataclass(slots=True)
class Filling:
    """What a session fills in: nothing until its project fails for want of a variable."""

    run: ProjectRun
    root: Path
    is_export: bool = False
    """Whether the root is an export of another commit, which only holds what the project's user may see."""
    filled: dict[str, FilledVariable] = field(default_factory=dict)
    _offers: Mapping[str, ExampleValue] = field(default_factory=dict)
    _offered_in: Path | None = None
    """The folder that these values are for."""

    @property
    def env(self) -> dict[str, str]:
        """Return the variables of the project: those of the user win."""
        return {**{name: one.value for name, one in self.filled.items()}, **self.run.env}

    def offered(self, tree: Tree) -> dict[str, str]:
        """Return the values that the examples have, read at the first call for a folder."""
        if self._offered_in != tree.workdir:
            self._offers = example_values(_folders(tree, self.root), self.root, self.run.env_files, self._readable)
            self._offered_in = tree.workdir
        return {name: offer.value for name, offer in self._offers.items()}

    def _readable(self, paths: Sequence[Path]) -> Collection[Path]:
        """Return the files that are no secret of anybody who does not write the project's code anyway."""
        if self.is_export:
            return paths
        public = partial(_is_published, self.run)
        return {*filter(public, paths), *unchanged(self.root, [path for path in paths if not public(path)])}

    def take(self, found: MissingFound) -> bool:
        """Fill in what was found missing; return whether there was anything, and nothing is left over."""
        fresh = [one for one in found.settings if one.name not in self.filled]
        if not fresh or any(map(self._is_left, found.settings)):
            return False
        for one in fresh:
            self.filled[one.name] = _filled(one.value or "", self._offers[one.name])
        return True

    def take_deciding(self, met: ObstacleMet, tree: Tree) -> bool:
        """Fill in what decides on another kind of database; return whether an example has anything for it."""
        if met.kind != "other-database":
            return False
        offered = self.offered(tree)
        names = [name for name in met.decides if offered.get(name) and name not in self.env]
        self.filled |= {name: _filled(offered[name], self._offers[name]) for name in names}
        return bool(names)

    def with_named(self, found: MissingFound | None, met: ObstacleMet) -> MissingFound | None:
        """Return what was found missing; what the obstacle itself names, where the project cannot load a second time.

        That is so in the process of its own command. What an example has can be filled in, in a round for each.
        """
        if found is None or found.settings:
            return found
        likely = {name: None for name in met.maybe if name in self._offers}
        named = met.settings or likely
        settings = (self._named(name, wrong) for name, wrong in named.items())
        return replace(found, settings=tuple(settings))

    def _named(self, name: str, wrong: str | None) -> WantedVariable:
        offer = self._offers.get(name)
        return WantedVariable(name=name, value=offer.value if offer and wrong is None else None, refused=wrong)

    def _is_left(self, wanted: WantedVariable) -> bool:
        """Tell whether only the user can set a variable."""
        return wanted.refused is not None or wanted.value is None or wanted.name not in self._offers

    def obstacle(self, found: MissingFound, met: ObstacleMet, tree: Tree) -> Obstacle | None:
        """Return the obstacle of all variables that only the user can set; None where there is none."""
        left = {one.name: one for one in found.settings if self._is_left(one)}
        if not left:
            return None
        values = {name: one.value for name, one in left.items() if one.value is not None}
        settings = {name: one.refused for name, one in left.items()}
        whole = replace(met, kind="missing-settings", settings=settings, decides=values)
        described = describe(whole, tree, self.run)
        others = {one.name: self._offers[one.name].file for one in found.settings if one.name not in left}
        proven = " env.py loads with the values below." if found.loads else ""
        return replace(described, why=f"{described.why}{proven}{filled_too(others)}")

    def noted(self, obstacle: Obstacle) -> Obstacle:
        """Return the obstacle of a project that fails although variables were filled in, with the note on these."""
        return obstacle if self.note is None else replace(obstacle, why=f"{obstacle.why} {self.note}".strip())

    @property
    def note(self) -> str | None:
        """Return a sentence for each file that variables come from; None where none was filled in."""
        files = dict.fromkeys(one.file for one in self.filled.values())
        return " ".join(self._sentence(file) for file in files) or None

    def _sentence(self, file: str) -> str:
        names = [f"{name}{_replaced(one)}" for name, one in self.filled.items() if one.file == file]
        verb = "comes" if len(names) == 1 else "come"
        return f"{plural(len(names), 'environment variable')} {verb} from {file}: {', '.join(names)}."


def _is_published(run: ProjectRun, path: Path) -> bool:
    """Tell whether a file may be read although Git does not have it as it is."""
    return not run.user.is_another and (is_example(path.name) or path.as_posix().endswith(tuple(run.env_files)))


def _filled(value: str, offer: ExampleValue) -> FilledVariable:
    replaced = offer.replaced
    if value != offer.value:
        why = "empty" if not offer.value else "refused"
        replaced = f"{value}, because its value there is {why}"
    return FilledVariable(value, offer.file, replaced)


def _replaced(one: FilledVariable) -> str:
    return f" (replaced by {one.replaced})" if one.replaced else ""


def _folders(tree: Tree, root: Path) -> list[Path]:
    """Return where examples may lie: where env.py runs, at its configuration, and in the folders above."""
    starts = (tree.workdir, tree.config_file.parent)
    above = [folder for start in starts for folder in (start, *start.parents) if folder.is_relative_to(root)]
    return sorted(dict.fromkeys([*above, root]), key=lambda folder: -len(folder.parts))
