"""What a tree uses of a repository, so that a change of anything else leaves it alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from action.project.discovery import find_trees
from action.project.tree_files import NamedBySettings, TreeFiles

INI = "[alembic]\nscript_location = {}\nprepend_sys_path = .\n"
NOTHING_NAMED = NamedBySettings(env={})
SERVICES = {
    **{
        f"services/{name}/{file}": text
        for name, base in (("a", "from common.db import Base"), ("b", "class Base: ..."))
        for file, text in {
            "alembic.ini": INI.format("migrations"),
            "migrations/env.py": "from alembic import context\nfrom app.models import metadata",
            "migrations/versions/1.py": "revision = '1'\ndown_revision = None",
            "app/__init__.py": "",
            "app/models.py": base,
            "app/seed.json": "{}",
            "README.md": "",
        }.items()
    },
    "libs/common/pyproject.toml": "",
    "libs/common/src/common/__init__.py": "",
    "libs/common/src/common/db.py": "from .base import Base",
    "libs/common/src/common/base.py": "",
    "libs/common/src/common/web.py": "",
    "uv.lock": "",
    "requirements/base.txt": "",
    ".github/workflows/ci.yml": "",
    "docs/index.md": "",
    "frontend/app.ts": "",
}
ONE_FOLDER = {
    **{
        file: text
        for name in ("a", "b")
        for file, text in {
            f"alembic_{name}.ini": INI.format(f"migrations_{name}"),
            f"migrations_{name}/env.py": f"from shop.{name}.models import metadata",
            f"migrations_{name}/versions/1.py": "revision = '1'\ndown_revision = None",
            f"shop/{name}/__init__.py": "",
            f"shop/{name}/models.py": "from pathlib import Path",
            f"shop/{name}/late.py": "",
        }.items()
    },
    "shop/__init__.py": "",
    "shop/api.py": "import shop.a.models, shop.b.models",
    "shop/a/__init__.py": "import pkgutil\nfor one in pkgutil.iter_modules(__path__): __import__(one.name)",
    "shop/b/models.py": "Path('data/titles.csv').read_text()\nAPPS = ['shop.plugins']",
    "shop/plugins.py": "",
    "data/titles.csv": "",
    "data/other.csv": "",
    "data/views.sql": "",
    "pyproject.toml": "",
}


def using(
    tmp_path: Path,
    files: dict[str, str],
    settings: NamedBySettings = NOTHING_NAMED,
    places: Sequence[str] = ("services/a/migrations", "migrations_a"),
) -> dict[str, list[str]]:
    """Return for each file the trees that use it: ``a`` for one that lies in ``places``, else ``b``."""
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    trees = find_trees(tmp_path)
    uses = TreeFiles(trees, tmp_path, frozenset(files), settings)
    found = {tree.script_location.relative_to(tmp_path).as_posix(): uses.of(tree) for tree in trees}
    letters = {place: "a" if place in places else "b" for place in found}
    return {
        name: sorted(letters[place] for place, used in found.items() if used is None or name in used) for name in files
    }


@pytest.mark.parametrize(
    ("changed", "trees"),
    [
        ("services/a/app/models.py", "a"),
        ("services/b/app/models.py", "b"),
        ("services/a/migrations/env.py", "a"),
        ("services/b/alembic.ini", "b"),
        ("services/a/app/seed.json", "a"),
        ("libs/common/src/common/db.py", "a"),
        ("libs/common/src/common/base.py", "a"),
        ("libs/common/src/common/__init__.py", "a"),
        ("libs/common/src/common/web.py", ""),
        ("libs/common/pyproject.toml", "a"),
        ("uv.lock", "ab"),
        ("requirements/base.txt", "ab"),
        (".github/workflows/ci.yml", "ab"),
        ("services/a/README.md", ""),
        ("docs/index.md", ""),
        ("frontend/app.ts", ""),
    ],
)
def test_services_in_folders_of_their_own(tmp_path: Path, changed: str, trees: str) -> None:
    assert using(tmp_path, SERVICES)[changed] == list(trees)


@pytest.mark.parametrize(
    ("changed", "trees"),
    [
        ("shop/a/models.py", "a"),
        ("shop/b/models.py", "b"),
        ("shop/__init__.py", "ab"),
        ("shop/api.py", ""),
        ("shop/a/late.py", "a"),
        ("shop/b/late.py", ""),
        ("shop/plugins.py", "b"),
        ("migrations_a/versions/1.py", "a"),
        ("data/titles.csv", "b"),
        ("data/other.csv", ""),
        ("data/views.sql", "ab"),
        ("pyproject.toml", "ab"),
    ],
)
def test_trees_that_share_a_folder(tmp_path: Path, changed: str, trees: str) -> None:
    assert using(tmp_path, ONE_FOLDER)[changed] == list(trees)


@pytest.mark.parametrize(
    ("changes", "changed", "trees"),
    [
        ({"migrations_a/env.py": "from flask import current_app\nimport shop.a.models"}, "shop/api.py", "a"),
        ({"migrations_a/env.py": "target_metadata = None"}, "shop/api.py", "a"),
        ({"shop/a/models.py": "def ("}, "shop/api.py", "a"),
        (
            {
                "migrations_a/env.py": "import os, sys\nsys.path.append(os.path.join(HERE, '..', 'backend'))\n"
                "import core.tables",
                "core/tables.py": "",
                "backend/core/__init__.py": "",
                "backend/core/tables.py": "",
            },
            "backend/core/tables.py",
            "a",
        ),
        ({"shop/b/models.py": "import lost", "elsewhere/lost/__init__.py": ""}, "elsewhere/lost/__init__.py", "b"),
    ],
    ids=["an application", "no models", "not Python", "sys.path", "a folder nobody names"],
)
def test_in_doubt_it_is_used(tmp_path: Path, changes: dict[str, str], changed: str, trees: str) -> None:
    assert using(tmp_path, ONE_FOLDER | changes)[changed] == list(trees)


def test_what_settings_name_is_used(tmp_path: Path) -> None:
    named = NamedBySettings(
        env={"PYTHONPATH": "vendor"}, commands=("sh tools/install.sh", "python -m shop.api", "vendored")
    )
    more = {"tools/install.sh": "", "vendor/vendored.py": ""}
    found = using(tmp_path, ONE_FOLDER | more, named)
    assert [found[name] for name in ("tools/install.sh", "shop/api.py", "vendor/vendored.py")] == [["a", "b"]] * 3


def test_a_program_that_a_setting_names_may_use_all_of_the_project(tmp_path: Path) -> None:
    named = NamedBySettings(env={}, commands=("shop migrate",), names_program=True)
    found = using(tmp_path, ONE_FOLDER, named)
    assert (found["shop/api.py"], found["data/other.csv"]) == (["a", "b"], ["a", "b"])


FLASK = {
    **{
        f"{name}/{file}": text
        for name in ("a", "b")
        for file, text in {
            "requirements.txt": "",
            "src/factory.py": "import src.models",
            "src/models.py": "",
            "web/migrations/env.py": "from flask import current_app",
            "web/migrations/versions/1.py": "revision = '1'\ndown_revision = None",
            "web/migrations/alembic.ini": "[alembic]\n",
        }.items()
    },
    "frontend/app.ts": "",
    "scripts/load.py": "",
    ".flaskenv": "FLASK_APP=a.src.factory",
}
"""Two Flask applications, which lie beside the folders that their migrations are run from."""
BARE = {name: text for name, text in FLASK.items() if not name.endswith((".ini", "env.py"))}
"""The same without configs: Flask-Alembic, or a program with a Config of its own."""


@pytest.mark.parametrize("files", [FLASK, BARE], ids=["Flask-Migrate", "no config"])
def test_the_application_that_runs_the_migrations_is_used(tmp_path: Path, files: dict[str, str]) -> None:
    found = using(tmp_path, files, places=("a/web/migrations",))
    assert [found[f"{name}/src/{file}.py"] for name in "ab" for file in ("factory", "models")] == [
        *(["a"], ["a"]),
        *(["b"], ["b"]),
    ]
    assert (found["frontend/app.ts"], found["scripts/load.py"], found[".flaskenv"]) == ([], [], ["a", "b"])
