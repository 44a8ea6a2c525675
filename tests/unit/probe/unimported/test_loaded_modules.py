"""What was imported, and by which name the rest can be."""

from __future__ import annotations

import sys

import pytest

from tests.projects.unimported import APPLICATION, BASE, LOANS
from tests.unit.probe.unimported.conftest import Find

LOAN = [("app/models/loan.py", 5, "app.models.loan", ["loan"])]


def test_a_module_that_was_imported_later_is_known(find: Find) -> None:
    assert find({"app/models/loan.py": LOANS}, imports=("app.models", "app.models.loan")) == []


def test_a_package_that_is_imported_from_src(find: Find) -> None:
    source = {f"src/{name}": text for name, text in {**APPLICATION, "app/models/loan.py": LOANS}.items()}
    assert find(source, root="src") == [("src/app/models/loan.py", 5, "app.models.loan", ["loan"])]


@pytest.mark.parametrize(("imported", "found"), [((), LOAN), (("app.models.loan",), [])])
def test_a_package_that_is_imported_from_an_installed_copy(
    imported: tuple[str, ...], found: object, find: Find
) -> None:
    files = {**APPLICATION, "app/models/loan.py": LOANS}
    copy = {f"venv/site-packages/{name}": text for name, text in files.items()}
    assert find({**files, **copy}, root="venv/site-packages", imports=("app.models", *imported)) == found


def test_a_module_beside_those_that_were_imported(find: Find) -> None:
    flat = {"database.py": BASE, "users/models.py": "from database import Base"}
    flat |= {"orders/models.py": LOANS.replace("app.db", "database")}
    found = find(flat, imports=("users.models",), metadata="database")
    assert found == [("orders/models.py", 5, "orders.models", ["loan"])]


def test_nothing_is_imported(find: Find) -> None:
    lazy = "def __getattr__(name):\n    import app.models.loan\n    return app.models.loan.Loan\n"
    files = {
        "app/lazy.py": lazy,
        "app/models/__init__.py": APPLICATION["app/models/__init__.py"] + "\nimport app.lazy",
        "app/models/loan.py": LOANS,
        "app/models/fine.py": "from app.lazy import Loan\nclass Fine(Loan): __tablename__ = 'fine'",
    }
    assert find(files) == LOAN
    assert "app.models.loan" not in sys.modules
