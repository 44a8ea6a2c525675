"""The locks hold everything that pyproject.toml asks for, pinned and hashed, and name no registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def entries(lock: str) -> list[tuple[Requirement, int]]:
    """Return each pinned requirement of a lock with the count of its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [
        (Requirement(entry.split(" --hash=")[0].strip()), entry.count(" --hash=sha256:"))
        for entry in lines.replace("\\\n", " ").splitlines()
    ]


def pins(lock: str) -> dict[str, str]:
    return {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for requirement, _ in entries(lock)
    }


def asked_for(lock: str) -> list[Requirement]:
    document = pyproject()
    texts = list(document["project"]["dependencies"])
    if lock == "requirements-dev.lock":
        texts += document["dependency-groups"]["dev"]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked_at_a_version_that_pyproject_allows(lock: str) -> None:
    locked = pins(lock)
    unmet = [
        str(wanted)
        for wanted in asked_for(lock)
        if (version := locked.get(canonicalize_name(wanted.name))) is None or version not in wanted.specifier
    ]
    assert unmet == [], "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_exact_version_with_hashes(lock: str) -> None:
    loose = [
        str(requirement)
        for requirement, hashes in entries(lock)
        if hashes == 0 or requirement.url or not re.fullmatch(r"==[^*,]+", str(requirement.specifier))
    ]
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_stands_in_a_lock(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url.*|--find-links.*", text) == []


def test_both_locks_agree() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in runtime} == runtime
