"""The names under which a repository's own modules can be imported."""

from __future__ import annotations

from pathlib import Path

from action.repository.packages import packages_below


def write(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("")
    return root


def test_a_package_is_known_by_its_name_and_the_folder_that_it_lies_in(tmp_path: Path) -> None:
    root = write(tmp_path, "src/shop/__init__.py", "src/shop/models/__init__.py", "src/shop/models/book.py", "setup.py")
    assert packages_below(root) == {"shop": ["src"], "src": ["."], "setup": ["."]}


def test_a_folder_without_an_init_may_be_a_namespace_package(tmp_path: Path) -> None:
    assert packages_below(write(tmp_path, "app/db/base.py")) == {"app": ["."], "db": ["app"], "base": ["app/db"]}


def test_a_name_may_lie_in_several_folders(tmp_path: Path) -> None:
    root = write(tmp_path, "one/shop/__init__.py", "two/shop/__init__.py")
    assert packages_below(root)["shop"] == ["one", "two"]


def test_installed_and_hidden_folders_are_left_out(tmp_path: Path) -> None:
    assert packages_below(write(tmp_path, ".venv/lib/site-packages/x.py", "node_modules/y.py", "z.py")) == {"z": ["."]}
