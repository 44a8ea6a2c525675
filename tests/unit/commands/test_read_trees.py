"""What the settings name counts for every tree: files, modules and commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.commands.read_trees import named_by
from action.settings import load


@pytest.mark.parametrize(
    ("given", "words", "names_program"),
    [
        (["--command", "python -m shop.manage db"], {"shop.manage"}, True),
        (["--alembic-config", "shop.db:config"], {"shop.db"}, True),
        (["--env-files", "deploy/ci.env"], {"ci.env"}, False),
        (["--x-args", "config=deploy/shop.toml"], {"shop.toml"}, False),
        (["--init", "python tools/create.py"], {"create.py"}, False),
        (["--install", "sh tools/install.sh"], {"install.sh"}, False),
        (["--schema", "deploy/schema.sql"], {"schema.sql"}, False),
        (["--env", "FLASK_APP=shop.web"], {"shop.web"}, False),
    ],
)
def test_a_file_or_module_that_a_setting_names(
    given: list[str], words: set[str], names_program: bool, tmp_path: Path
) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "schema.sql").touch()
    found = named_by(load([*given, str(tmp_path)], tmp_path, {}))
    assert (words <= found.words, found.names_program) == (True, names_program)


def test_the_words_of_our_own_are_no_names(tmp_path: Path) -> None:
    given = ["--install", "none", "--env-files", "none", str(tmp_path)]
    assert named_by(load(given, tmp_path, {})).words | named_by(load([str(tmp_path)], tmp_path, {})).words == set()
