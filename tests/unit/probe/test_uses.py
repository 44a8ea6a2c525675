"""Which files use which, in a process of its own: the hooks stay for as long as it lives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
WATCHED = """
import json, sys
sys.path[:0] = [{ours!r}, {root!r}]
from action.probe.watching.frames import Places
from action.probe.watching.uses import Uses

uses = Uses(Places({root!r}, []))
uses.watch()
import {module}
print(json.dumps(uses.files()))
"""


def used(root: Path, module: str, **files: str) -> dict[str, list[str]]:
    """Write files below ``root``, import a module of them, and return what uses what."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    code = WATCHED.format(ours=str(ROOT), root=str(root), module=module)
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_an_import_is_a_use_also_of_a_module_that_is_imported_already(tmp_path: Path) -> None:
    found = used(tmp_path, "first", first="import second, third", second="import third", third="")
    assert found == {"first.py": ["second.py", "third.py"], "second.py": ["third.py"]}


def test_a_module_of_a_package_uses_the_packages_above_it(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    found = used(tmp_path, "first", first="from shop.models import Book", shop__models="Book = 1")
    assert found == {"first.py": ["shop/__init__.py", "shop/models.py"]}


def test_an_import_by_name_and_one_inside_a_function_are_uses(tmp_path: Path) -> None:
    text = "import importlib\ndef run():\n    import second\nrun()\nimportlib.import_module('third')"
    assert used(tmp_path, "first", first=text, second="", third="") == {"first.py": ["second.py", "third.py"]}


def test_what_is_read_is_used_by_the_file_that_reads_it(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text("SELECT 1")
    text = "from pathlib import Path\ndef schema():\n    return Path('schema.sql').read_text()"
    found = used(tmp_path, "first", first="import second\nsecond.schema()", second=text)
    assert found == {"first.py": ["second.py"], "second.py": ["schema.sql"]}


def test_what_is_written_is_not_used(tmp_path: Path) -> None:
    assert used(tmp_path, "first", first="open('log.txt', 'w').close()\nopen('log.txt', 'a').close()") == {}


def test_files_that_share_a_metadata_use_it(tmp_path: Path) -> None:
    base = "from sqlalchemy import MetaData\nmetadata = MetaData()"
    model = "from base import metadata\nfrom sqlalchemy import Table\nbook = Table('book', metadata)"
    found = used(tmp_path, "models", base=base, models=model)
    (shared,) = (name for name in found if name.startswith("metadata:"))
    assert found[shared] == ["base.py", "models.py"]
    assert found["base.py"] == [shared]


def test_one_file_under_two_names_has_the_uses_of_both(tmp_path: Path) -> None:
    first = "import sys, second\nsys.path.insert(0, 'link')\nimport linked"
    (tmp_path / "link").mkdir()
    (tmp_path / "linked_to.py").write_text("import third")
    (tmp_path / "link" / "linked.py").symlink_to(tmp_path / "linked_to.py")
    found = used(tmp_path, "first", first=first, second="import linked_to", third="")
    assert found == {
        "first.py": ["linked_to.py", "second.py"],
        "linked_to.py": ["third.py"],
        "second.py": ["linked_to.py"],
    }
