"""The examples of docs/projects.md are settings that the action takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from action.settings import load
from checks.lacking import IMAGES
from tests.readme import REPOSITORY

PAGE = (REPOSITORY / "docs" / "projects.md").read_text(encoding="utf-8")


_OURS = "alembic-checks/"


def examples() -> Iterator[dict[str, Any]]:
    """Yield what stands below ``with:`` in each example of a step of ours."""
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
        yield from _steps(YAML(typ="safe").load(block))


def _steps(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict) and "with" in part and str(part.get("uses", _OURS)).startswith(_OURS):
        yield part["with"]
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _steps(inner)


@pytest.mark.parametrize("example", [*examples()], ids=str)
def test_an_example_is_taken(example: dict[str, Any], tmp_path: Path) -> None:
    settings = load([], tmp_path, {f"INPUT_{name.upper()}": str(value) for name, value in example.items()})
    options = [line.partition("=")[0] for line in example.pop("options", "").splitlines()]
    assert {*example, *options} <= {name.replace("_", "-") for name in settings.model_fields_set}


def test_every_known_image_is_on_the_page() -> None:
    assert [name for name in {*IMAGES.values()} if f"`{name}`" not in PAGE] == []
