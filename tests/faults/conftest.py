"""Plays a row in namespaces of its own, or says why it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import docker_engine, image  # noqa: F401 - fixtures
from tests.faults import machine
from tests.faults.fault import Fault
from tests.house import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a row ended."""

    code: int | None
    stdout: str
    stderr: str
    verdict: str | None
    left: tuple[str, ...]
    wrong: tuple[str, ...]
    """What a part of the row found wrong, such as a moment that did not come."""
    seconds: float
    report: dict[str, Any]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which all rows find the archive that servers start from."""
    folder = tmp_path_factory.mktemp("templates")
    folder.chmod(0o777)
    return folder


@pytest.fixture(scope="session")
def own_machine() -> None:
    """Skip the test where no namespaces can be made."""
    reason = machine.why_not()
    if reason is not None:
        pytest.skip(reason)


@pytest.fixture
def play(own_machine: None, templates: Path) -> Callable[[Fault], Ended]:
    """Return what plays a row."""

    def play(fault: Fault) -> Ended:
        read, written = os.pipe()
        command = [*machine.NAMESPACES, sys.executable, "-m", "tests.faults.inside", str(written), fault.name]
        with subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "ALEMBIC_CHECKS_TEMPLATE_DIR": str(templates)}, pass_fds=[written],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            os.close(written)
            with os.fdopen(read) as result:
                text = result.read()
            printed, _ = process.communicate()
        assert text, f"the row could not be played:\n{printed}"
        made = json.loads(text)
        return Ended(**{**made, "left": tuple(made["left"]), "wrong": tuple(made["wrong"])})

    return play
