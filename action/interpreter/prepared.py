"""The Python that the project of a tree runs in, with its dependencies; and more where env.py needs it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from action.errors import ProjectCodeError
from action.interpreter.by_uv import ByUv
from action.interpreter.conditions import why_left_out
from action.interpreter.declared import table
from action.interpreter.environments import version_in
from action.interpreter.failed_installation import of_declaration
from action.interpreter.groups import DependencyGroup, group_with, groups_of, names_alembic
from action.interpreter.installer import InstallError
from action.interpreter.module_names import normalized
from action.interpreter.project_copy import add_to_path
from action.interpreter.python_version import WantedPython
from action.interpreter.source_roots import is_package, source_roots
from action.interpreter.supplements import Supplement, supplement_for, unfitting
from action.interpreter.undeclared import (
    add_line,
    lacks_of_its_own,
    line_to_add,
    missing_metadata,
    missing_module,
    why_missing,
)

_OTHERWISE = "To choose otherwise, set `install` or `python-version`."


@dataclass(slots=True, kw_only=True)
class Prepared:
    """The Python of one project."""

    python: str
    note: str = ""
    """What the report says about it first: what was installed, or why it is our own; empty where it was just there."""
    lacking: str = ""
    """Which other environment is not used, and why, in a sentence; empty for none."""
    error: ProjectCodeError | None = None
    """Why there is none with the project's dependencies."""
    installation: Installation | None = None
    """What was installed for this run; None where the environment was there."""

    def supply(self, text: str, tree: str = "") -> bool:
        """Install what an error of a tree's names as missing, if a group has it; return whether it is there now."""
        done = self.installation is not None and self.installation.supply(text, tree)
        if done and self.installation is not None:
            self.note = self.installation.note
        return done

    def supplies_metadata(self, text: str) -> bool:
        """Return whether an error names the metadata of the project itself, which was not installed yet."""
        name = missing_metadata(text)
        return bool(name) and self.installation is not None and self.installation.can_install_itself(name)

    def advice(self, text: str) -> tuple[str, str] | None:
        """Return why something is missing that an error names, and what to do; None where that is not known."""
        module = missing_module(text)
        if self.installation is None:
            return None
        if missing_metadata(text):
            return self.installation.why_without_metadata(missing_metadata(text))
        if not module:
            return unfitting(text, self.installation.by.declared, self.installation.by.environment)
        declared = self.installation.by.declared
        known = lacks_of_its_own(module, declared) or self.installation.why_left_out(module)
        if known is not None:
            return known
        return self.installation.failed or why_missing(module, declared), line_to_add(module, declared)


@dataclass(slots=True, kw_only=True)
class Installation:
    """What was installed of a project, and what more it declares."""

    by: ByUv
    wanted: WantedPython
    groups: list[DependencyGroup] = field(default_factory=list)
    """Installed beside the main dependencies."""
    because: str = ""
    """Why it is another Python than the newest that fits: ``because greenlet 1.1.0 has no wheel for 3.13``."""
    reasons: list[str] = field(default_factory=list)
    supplements: list[Supplement] = field(default_factory=list)
    """Installed although the project does not declare it."""
    failed: str = ""
    """Why a group with a missing module could not be installed, in a sentence."""
    _tried: set[str] = field(default_factory=set)
    _supplied: dict[str, set[str]] = field(default_factory=dict)
    """By what was missing, the trees that know of it: several can share the environment, side by side."""
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def install(self) -> None:
        """Install the smallest set that migrations need.

        Raises ProjectCodeError, and OlderPython where packages fit only an older one.
        """
        declared = self.by.declared
        if not names_alembic(declared):
            self._choose("alembic")
        try:
            local = self.by.install(self.groups)
            own = [declared.folder] if is_package(declared.folder, declared.root) else []
            roots = [path for folder in dict.fromkeys([*own, *local]) for path in source_roots(folder, declared.root)]
            add_to_path(list(dict.fromkeys(roots)), self.by.installer, self.by.environment)
        except InstallError as error:
            if self.by.wheels is not None:
                self.by.wheels.after(error, declared.folder)
            python = version_in(self.by.environment)
            raise of_declaration(error, self.by.installer.host, python, declared) from None
        self.by = replace(self.by, wheels=None)  # what is supplied later has to fit the Python that is there

    def _choose(self, module: str) -> bool:
        """Add the group that has a module; return whether there is one."""
        group = group_with(module, (group for group in groups_of(self.by.declared) if group not in self.groups))
        if group is None or module in self._tried:
            return False
        self._tried.add(module)
        self.groups.append(group)
        self.reasons.append(f"{group.in_words} ({module})")
        return True

    def supply(self, text: str, tree: str) -> bool:
        """Install what an error of a tree's names as missing; return whether it is there since that tree's last try."""
        missing = missing_metadata(text) or missing_module(text) or text
        with self._one_at_a_time:
            known = self._supplied.get(missing)
            if known is not None and tree not in known:
                known.add(tree)
                return True
            done = self._installed(text)
            if done:
                self._supplied[missing] = {tree}
            return done

    def _installed(self, text: str) -> bool:
        """Install what an error names as missing, if a group or the project itself has it; return whether it did."""
        name, module = missing_metadata(text), missing_module(text)
        try:
            if name and self.can_install_itself(name):
                self._tried.add(name)
                self.by.install_project()
                self.reasons.append("the project itself (its metadata)")
                return True
            if module and self._choose(module):
                self.by.install(self.groups)
                return True
            if self._supplement(text):
                return True
        except InstallError as error:
            python = version_in(self.by.environment)
            failed = of_declaration(error, self.by.installer.host, python, self.by.declared)
            self.failed = (
                f"{self.reasons.pop() if module else 'The project itself'} could not be installed: {failed.why}"
            )
        return False

    def why_left_out(self, module: str) -> tuple[str, str] | None:
        """Return why a module is missing that is declared for another Python, and what to do; None for any other."""
        return why_left_out(module, self.by.listed, self.by.declared, version_in(self.by.environment))

    def _supplement(self, text: str) -> bool:
        """Install what is undeclared and can only be meant; return whether it was."""
        found = supplement_for(text, self.by.declared, self.by.environment)
        if self.why_left_out(missing_module(text)) is not None:
            return False
        if found is None or found.requirement in self._tried:
            return False
        self._tried.add(found.requirement)
        try:
            self.by.pip("install", found.requirement, cwd=self.by.declared.folder)
        except InstallError:
            return False  # then the report says what to add
        self.supplements.append(found)
        return True

    def can_install_itself(self, name: str) -> bool:
        """Return whether this is the project's name, and it was not installed yet."""
        if name in self._tried:
            return False
        known = self._own_names
        return normalized(name) in known or (not known and is_package(self.by.declared.folder, self.by.declared.root))

    def why_without_metadata(self, name: str) -> tuple[str, str]:
        """Return why the metadata of a package is missing, and what to do."""
        if normalized(name) in self._own_names:
            why = self.failed or f"{name} is the project itself, and only its dependencies were installed."
            return why, "Set `install` to a command that also installs the project, such as: pip install ."
        return f"The package {name} was not installed, because {self.by.declared.name} does not declare it.", (
            f"{add_line(name, self.by.declared)}."
        )

    @property
    def _own_names(self) -> list[str]:
        about = self.by.declared.pyproject
        names = [table(about, "project").get("name"), table(about, "tool", "poetry").get("name")]
        return [normalized(str(each)) for each in names if each]

    @property
    def note(self) -> str:
        """Return what was chosen, and how to choose otherwise."""
        beside = f" with {' and '.join(self.reasons)}" if self.reasons else ""
        version = version_in(self.by.environment)
        asked = f" ({self.wanted.source})" if self.wanted.source and self.wanted.is_met_by(version) else ""
        asked = f", {self.because}" if self.because else asked
        return (
            f"The project's dependencies were installed from {self.by.declared.name}{beside} "
            f"for Python {version}{asked}. {' '.join([*(one.sentence for one in self.supplements), _OTHERWISE])}"
        )
