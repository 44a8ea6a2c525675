"""Configurations that are no tree, and the reason that is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.errors import NoProjectError, SettingsError
from action.project.discovery import find_trees
from tests.integration.project.finding import paths
from tests.repositories import Repository

LEFT_OUT = {
    "absent.ini": (
        "[alembic]\nscript_location = nowhere\n",
        "the folder 'nowhere' of script_location does not exist",
    ),
    "empty.ini": ("[alembic]\nscript_location = empty\n", "empty has no env.py and no revisions"),
    "broken.ini": (
        "script_location = x\n",
        "Python cannot read it as an ini file (File contains no section headers.)",
    ),
    "twice.ini": (
        "[alembic]\nscript_location = x\nscript_location = y\n",
        "Python cannot read it as an ini file (While reading from 'twice.ini' [line  3]: "
        "option 'script_location' in section 'alembic' already exists)",
    ),
    "percent.ini": (
        "[alembic]\nscript_location = %(nothing)s\n",
        "script_location cannot be interpolated (Bad value substitution: option 'script_location' in section "
        "'alembic' contains an interpolation key 'nothing' which is not a valid option name. Raw value: '%(nothing)s')",
    ),
    "separator.ini": (
        "[alembic]\nscript_location = full\nversion_locations = a b\npath_separator = comma\n",
        "path_separator is 'comma', which is not one of space, newline, os, : and ;",
    ),
    "alembic.ini": ("[alembic]\n", "it has no script_location"),
    "{{name}}/alembic.ini": ("[alembic]\nscript_location = ../full\n", "it is a template"),
    "bomb.ini": (
        "[alembic]\nscript_location = %(a0)s\na8 = x\n" + "".join(f"a{i} = {f'%(a{i + 1})s' * 20}\n" for i in range(8)),
        "script_location cannot be interpolated (Recursion limit exceeded in value substitution: ",
    ),
    "zero.ini": (
        "[alembic]\nscript_location = a\0b\n",
        "one of its options is not a possible name of a folder",
    ),
    "long.ini": (
        f"[alembic]\nscript_location = {'a/' * 3000}\n",
        "one of its options is not a possible name of a folder",
    ),
    "name.ini": (
        f"[alembic]\nscript_location = full\nversion_locations = {'a' * 300}\n",
        "one of its options is not a possible name of a folder",
    ),
    "pyproject.toml": ("[tool.alembic\n", "it is not valid TOML "),
    "deep/pyproject.toml": (f"[tool.alembic]\nx = {'[' * 20_000}", "it is not valid TOML (maximum recursion depth"),
    "digits/pyproject.toml": (f"[tool.alembic]\nx = {'9' * 5_000}\n", "it is not valid TOML (Exceeds the limit"),
    "padded/pyproject.toml": (
        "[tool.alembic]\nscript_location = '%(here)9000000000s'\n",
        "script_location cannot be interpolated (it is padded)",
    ),
    "list/pyproject.toml": (
        '[tool.alembic]\nscript_location = "full"\nversion_locations = ["full", "a\\u0000b"]\n',
        "one of its options is not a possible name of a folder",
    ),
    "typed/pyproject.toml": ("[tool.alembic]\nscript_location = 1\n", "script_location is neither a string nor a list"),
}


@pytest.mark.parametrize("path", LEFT_OUT)
def test_what_was_left_out_is_named(project: Repository, path: str) -> None:
    text, reason = LEFT_OUT[path]
    project.files({path: text, "empty/README": "", "full/env.py": ""})
    with pytest.raises(NoProjectError) as raised:
        find_trees(project.root)
    assert raised.value.what == f"No Alembic config was found below {project.root}."
    assert raised.value.why.startswith(f"These files were read: {path}: {reason}")


def test_nothing_at_all(project: Repository) -> None:
    project.files({"setup.cfg": "[metadata]\n", "pyproject.toml": '[project]\nname = "alembic"\n'})
    with pytest.raises(NoProjectError) as raised:
        find_trees(project.root)
    assert raised.value.why == (
        "There is no alembic.ini with a script_location and no pyproject.toml with [tool.alembic]."
    )


def test_a_broken_configuration_hides_no_other(project: Repository) -> None:
    project.files({"broken.ini": "script_location"})
    project.tree("backend")
    assert paths(project) == ["backend/alembic.ini"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        find_trees(tmp_path / "absent")
