"""A machine on which a project's Python is prepared: another user, a repository, and an index of packages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from action.interpreter.environments import find_uv
from action.interpreter.host import Host
from action.interpreter.prepared import Prepared
from action.interpreter.preparing import Preparation
from action.project.discovery import find_trees
from action.sandbox.project_user import ProjectUser
from action.settings import Settings
from tests.integration.interpreter.wheels import index
from tests.repositories import Repository

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass
class Shown:
    """The lines that a run shows."""

    lines: list[str] = field(default_factory=list)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        yield

    def say(self, text: str) -> None:
        self.lines.append(text)


@dataclass
class Machine:
    """A project, a user without rights on it, and an index of packages."""

    project: Repository
    host: Host
    env: dict[str, str]
    cleanup: ExitStack
    shown: Shown = field(default_factory=Shown)

    def prepared(self, **settings: Any) -> Prepared:
        """Prepare the Python of the only tree."""
        chosen = Settings.model_validate({"path": self.project.root, "env": self.env, **settings})
        (tree,) = find_trees(self.project.root)
        preparation = Preparation(
            settings=chosen, root=self.project.root, cleanup=self.cleanup, host=self.host, progress=self.shown
        )
        return preparation.of(tree)

    def imported(self, prepared: Prepared, *modules: str) -> list[str]:
        """Return the file of each module, below the project or the environment; "" for one that is missing."""
        code = (
            "import importlib.util, sys\nfor name in sys.argv[1:]:\n    spec = importlib.util.find_spec(name)\n"
            "    print(spec.origin if spec else '')"
        )
        done = subprocess.run(
            [prepared.python, "-c", code, *modules], cwd="/", capture_output=True, text=True, **self.host.user.switch()
        )
        assert done.returncode == 0, done.stderr
        environment = str(Path(prepared.python).parents[1])
        places = {str(self.project.root): "project", f"{environment}/lib/python{VERSION}/site-packages": "installed"}
        found = done.stdout.splitlines()
        return [
            next((name + line[len(at) :] for at, name in places.items() if line.startswith(at)), line) for line in found
        ]

    def uv(self, *arguments: str) -> None:
        uv = find_uv(self.host)
        assert uv is not None
        environ = {
            **os.environ,
            **self.env,
            "UV_PYTHON": self.host.own,
            "UV_CACHE_DIR": f"{self.env['UV_FIND_LINKS']}/roots",
        }
        subprocess.run([uv, *arguments], cwd=self.project.root, env=environ, check=True, capture_output=True)


@pytest.fixture
def machine(shared: Path, stranger: ProjectUser, reachable: str) -> Iterator[Machine]:
    """Return a machine on which the project's code runs as another user, as in the image."""
    env = index(shared / "index")
    cache = Path(env["UV_CACHE_DIR"])
    cache.mkdir()
    stranger.own(cache)
    project = Repository(shared / "project")
    project.tree()
    with ExitStack() as cleanup:
        yield Machine(project, Host(user=stranger, own=reachable, environ=dict(os.environ)), env, cleanup)
