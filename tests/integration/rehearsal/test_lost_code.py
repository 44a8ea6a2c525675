"""Whether an import fails because of what the change has removed, against a real repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.base.from_git import named
from action.base.interface import Base
from action.rehearsal.lost_code import lost_by
from checks.recording.absent import Absent
from checks.recording.lost_import import LostImport
from checks.recording.obstacles import Obstacle, ObstacleKind
from tests.repositories import Repository


def base_of(repository: Repository) -> Base:
    base = named(repository.root, "main")
    assert not isinstance(base, Absent)
    return base


def missing(module: str, name: str = "") -> Obstacle:
    kind = ObstacleKind.LOAD_FAILED if name else ObstacleKind.MISSING_MODULE
    return Obstacle(kind=kind, message="…", path="versions/a.py", line=3, module=module, missing_name=name)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.init()
    made.files({"src/shop/__init__.py": "", "src/shop/seeds.py": "CITIES = []\n", "tools/lib/helper.py": "X = 1\n"})
    made.commit()
    return made


def lost(repository: Repository, obstacle: Obstacle) -> tuple[str, str | None] | None:
    found = lost_by(base_of(repository), repository.root, obstacle)
    if found is None:
        return None
    assert isinstance(found, LostImport)
    assert (found.path, found.line) == ("versions/a.py", 3)
    return found.old_path, found.new_path


def test_a_module_that_is_gone(repository: Repository) -> None:
    repository.remove("src/shop/seeds.py")
    assert lost(repository, missing("shop.seeds")) == ("src/shop/seeds.py", None)


def test_a_module_that_has_moved_is_known_by_its_content_or_its_name(repository: Repository) -> None:
    repository.remove("src/shop/seeds.py")
    repository.files({"src/shop/towns.py": "CITIES = []\n"})
    assert lost(repository, missing("shop.seeds")) == ("src/shop/seeds.py", "src/shop/towns.py")
    repository.remove("src/shop/towns.py")
    repository.files({"src/data/seeds.py": "CITIES = ['Bergen']\n"})
    assert lost(repository, missing("shop.seeds")) == ("src/shop/seeds.py", "src/data/seeds.py")


def test_a_package_without_a_file_of_its_own(repository: Repository) -> None:
    repository.remove("tools/lib/helper.py")
    (repository.root / "tools" / "lib").rmdir()
    assert lost(repository, missing("lib")) == ("tools/lib", None)


def test_a_name_that_is_gone(repository: Repository) -> None:
    repository.files({"src/shop/seeds.py": "TOWNS = []\n"})
    assert lost(repository, missing("shop.seeds", "CITIES")) == ("src/shop/seeds.py", None)


@pytest.mark.parametrize(
    "obstacle",
    [missing("requests"), missing("shop.seeds"), missing("shop.seeds", "CITIES"), missing("shop.seeds", "NEVER")],
    ids=["a package of others", "a module that is there", "a name that is there", "a name that never was there"],
)
def test_what_the_change_did_not_take_away_is_not_lost(obstacle: Obstacle, repository: Repository) -> None:
    assert lost(repository, obstacle) is None
    assert lost_by(None, repository.root, obstacle) is None
