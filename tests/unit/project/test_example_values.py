"""Which files are examples, and what they have for variables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from action.project.compose_files import services
from action.project.example_values import example_values, is_example, rank, resolved
from tests.projects.builder import write


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (".env.example", 0),
        (".env-sample", 0),
        ("env.example", 0),
        ("example.env", 0),
        (".env.dist", 0),
        (".env.local.example", 0),
        (".env.test", 1),
        (".env.testing", 1),
        (".env.local", 2),
        ("docker-compose.yml", 3),
        ("docker-compose.override.yaml", 3),
        ("compose.dev.yaml", 3),
        (".env", None),
        (".env.production", None),
        ("docker-compose.prod.yml", None),
        ("environment.yml", None),
        ("test_env.py", None),
    ],
)
def test_an_example_is_known_by_its_name(name: str, expected: int | None) -> None:
    assert rank(name) == expected
    assert is_example(name) is (expected in (0, 1, 3))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a-${B}", "a-b"),
        ("${C:-c}${C-d}", "cd"),
        ("${C}", None),
        ("p$ss", "p$ss"),
    ],
)
def test_references_are_resolved_in_the_file_alone(
    value: str, text: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("C", "a secret of ours")
    assert resolved(value, {"B": "b"}) == text


def test_the_services_of_a_compose_file_come_in_the_order_in_which_they_count() -> None:
    found = services(
        """
        x-all: &all {A: 1, B: true}
        services:
          db: {image: postgres, environment: [C=c, D]}
          web:
            build: .
            env_file: [one.env, {path: two.env, required: false}, /etc/passwd]
            environment: {<<: *all, B: false, E: , F: !reset null}
        """
    )
    assert [(one.is_built, one.variables, one.files) for one in found] == [
        (True, {"A": "1", "B": "false", "E": None, "F": None}, ("one.env", "two.env")),
        (False, {"C": "c", "D": None}, ()),
    ]


@pytest.mark.parametrize("text", ["", "[", "services: 1", "services: {web: 1}", "a: &a [*a]", "{" * 5000])
def test_a_compose_file_that_is_none_has_no_variables(text: str) -> None:
    assert [service for service in services(text) if service.variables or service.files] == []


def values(root: Path, *chosen: str, closed: Sequence[str] = ()) -> dict[str, tuple[str, str]]:
    """Return the values with their files, by variable, of a folder ``app`` and the root above it."""

    def readable(paths: Sequence[Path]) -> list[Path]:
        return [path for path in paths if path.name not in closed]

    found = example_values([root / "app", root], root, chosen or ("all",), readable)
    return {name: (one.value, one.file) for name, one in found.items()}


def test_the_nearest_file_counts_first_and_an_empty_value_last(tmp_path: Path) -> None:
    root = write(
        tmp_path / "project",
        {
            "app/.env.example": "A=near\nB=\nlines that are none\nexport C='quoted # text'",
            ".env.example": "A=far\nB=far\nD=$HOME",
            ".env.test": "E=tested",
            ".env": "SECRET=hush",
            "docker/docker-compose.yml": "services: {web: {env_file: ../.env, environment: {F: '${E:-f}'}}}",
        },
    )
    expected = {
        "A": ("near", "app/.env.example"),
        "B": ("far", ".env.example"),
        "C": ("quoted # text", "app/.env.example"),
        "D": ("$HOME", ".env.example"),
        "E": ("tested", ".env.test"),
        "F": ("f", "docker/docker-compose.yml"),
    }
    assert values(root, closed=[".env"]) == expected
    assert values(root) == {**expected, "SECRET": ("hush", "docker/docker-compose.yml")}
    assert values(root, ".env.test") == {"E": ("tested", ".env.test")}
    assert values(root, "none") == {}


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("TOKEN=hush\n")
    root = write(tmp_path / "project", {"app/x": ""})
    (root / ".env.example").symlink_to(tmp_path / "secret")
    (root / "app" / ".env.example").mkdir()
    assert values(root) == {}


def test_examples_below_count_last_and_those_of_another_project_never(tmp_path: Path) -> None:
    root = write(
        tmp_path / "project",
        {
            "app/core/.env-example": "A=core\nB=core",
            "infra/production/.env.example": "A=infra\nC=infra",
            "infra/compose.yml": "services: {web: {environment: {D: d}}}",
            ".env.example": "A=root",
            "worker/setup.py": "",
            "worker/.env.example": "E=worker",
            "node_modules/x/.env.example": "F=x",
        },
    )
    assert values(root) == {
        "A": ("root", ".env.example"),
        "B": ("core", "app/core/.env-example"),
        "C": ("infra", "infra/production/.env.example"),
    }
