"""The commands ``list`` and ``merge``: what they set, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.errors import SettingsError
from action.settings import load
from action.settings.matrix import ListAs

MATRIX = '{"include": [{"tree": "a.ini\\nb.ini", "name": "2 unchanged"}, {"tree": "c.ini"}]}'


def given(tmp_path: Path, *argv: str) -> dict[str, object]:
    return load(argv, tmp_path).model_dump(exclude_defaults=True, exclude={"path"})


def test_list_sets_what_the_input_list_sets(tmp_path: Path) -> None:
    assert given(tmp_path, "list") == {"list_as": ListAs.ALL}
    stdout = Path("/dev/stdout")
    assert given(tmp_path, "list", "--json", "--together") == {"list_as": ListAs.TOGETHER, "json_file": stdout}


def test_a_folder_of_that_name_is_reached_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "list").mkdir()
    assert load(["./list"], tmp_path).path == tmp_path / "list"
    assert load(["list", "list"], tmp_path).path == tmp_path / "list"


def test_merge_takes_files_and_what_is_expected(tmp_path: Path) -> None:
    (tmp_path / "matrix.json").write_text(MATRIX)
    expected = ("a.ini", "b.ini", "c.ini")
    assert given(tmp_path, "merge", "1.json", "2.json", "--expected", "matrix.json", "--fail-on", "never") == {
        "fail_on": "never",
        "merge_reports": ("1.json", "2.json"),
        "expected": expected,
    }
    assert given(tmp_path, "merge", "1.json", "--expected", MATRIX)["expected"] == expected
    assert given(tmp_path, "merge", "1.json", "--expected", "a.ini", "--expected", "b.ini")["expected"] == expected[:2]


@pytest.mark.parametrize(
    ("argv", "problem"),
    [
        (["merge"], "  the following arguments are required: FILE."),
        (["merge", "a.json", "--tree", "x"], "  --tree (command line): unknown."),
        (["list", "--bass", "main"], "  --bass (command line): unknown; did you mean --base?"),
        (
            ["merge", "a.json", "--expected", "{}"],
            "  --expected (command line): not a matrix that `list` writes; accepted: the output `matrix`, or "
            "Alembic configs.",
        ),
    ],
)
def test_what_they_refuse(tmp_path: Path, argv: list[str], problem: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(argv, tmp_path)
    assert error.value.why.splitlines()[0] == problem


def test_the_inputs_of_the_action_take_the_output_of_the_list(tmp_path: Path) -> None:
    inputs = {"INPUT_MERGE-REPORTS": "reports\n", "INPUT_EXPECTED": MATRIX}
    settings = load([], tmp_path, inputs)
    assert (settings.merge_reports, settings.expected) == (("reports",), ("a.ini", "b.ini", "c.ini"))
