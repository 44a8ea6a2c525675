"""What is not a module of the models, and looks like one."""

from __future__ import annotations

import pytest

from tests.projects.unimported import APPLICATION, BASE, LOANS, OWN_BASE, TABLE
from tests.unit.probe.unimported.conftest import Find

NEIGHBOURS = {
    "a Base of its own": {"app/models/loan.py": OWN_BASE},
    "a Base of its own, from the file beside": {
        "other/app/__init__.py": "",
        "other/app/db.py": BASE,
        "other/app/loan.py": LOANS,
    },
    "another project with the same Base": {"tool/pyproject.toml": "", "tool/loan.py": LOANS},
    "another project with migrations": {"tool/alembic.ini": "", "tool/loan.py": LOANS},
    "an abstract class": {"app/models/loan.py": LOANS + "    __abstract__ = True\n"},
    "a known table": {"app/models/loan.py": LOANS.replace('"loan"', '"book"')},
    "a known table in the default schema": {
        "app/models/loan.py": LOANS.replace('"loan"', '"book"') + '    __table_args__ = {"schema": "public"}\n'
    },
    "a known name in a schema that cannot be told": {
        "app/models/loan.py": LOANS.replace('"loan"', '"book"') + '    __table_args__ = {"schema": schema()}\n'
    },
    "for the type checker": {
        "app/models/loan.py": """
        from typing import TYPE_CHECKING
        from app.db import Base
        if TYPE_CHECKING:
            class Loan(Base): __tablename__ = "loan"
        """
    },
    "in a function": {
        "app/models/loan.py": """
        from app.db import Base
        def make():
            class Loan(Base): __tablename__ = "loan"
            return Loan
        """
    },
    "under a condition": {
        "app/models/loan.py": """
        from app.db import Base
        if settings.loans:
            class Loan(Base): __tablename__ = "loan"
        """
    },
    "a name that cannot be told": {
        "app/models/loan.py": LOANS.replace('"loan"', "name()"),
    },
    "a subclass without a table": {
        "app/models/loan.py": "from app.models.book import Book\n\nclass Loan(Book):\n    __mapper_args__ = {}\n"
    },
    "a reflected table": {"app/models/loan.py": TABLE.replace("sa.Column", "autoload_with=engine, x=")},
    "tests": {"tests/loan.py": LOANS, "app/tests/loan.py": LOANS, "app/test_loan.py": LOANS, "conftest.py": LOANS},
    "aside": {"examples/loan.py": LOANS, "docs/loan.py": LOANS, "scripts/loan.py": LOANS, ".hidden/loan.py": LOANS},
    "installed": {"lib/site-packages/loan.py": LOANS, "venv/pyvenv.cfg": "", "venv/loan.py": LOANS},
    "a script": {"loan.py": LOANS + '\nif __name__ == "__main__":\n    print(Loan)\n'},
    "a seed": {"loan.py": LOANS + "\nBase.metadata.create_all(engine)\n"},
    "a revision": {"versions/loan.py": LOANS + '\nrevision = "a"\ndown_revision = None\n'},
    "not to be imported by that name": {"loan-models.py": LOANS},
    "for a module that is not installed": {"app/models/loan.py": "import library_of_nowhere\n" + LOANS},
    "left behind": {"app/models/loan.py": "from app.models.shelf import Shelf\n" + LOANS},
    "env.py": {"migrations/env.py": LOANS},
    "not Python": {"app/models/loan.py": LOANS + "def"},
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_what_is_not_a_module_of_the_models_is_left_alone(name: str, find: Find) -> None:
    assert find(NEIGHBOURS[name]) == []


def test_a_word_of_the_business_in_a_package(find: Find) -> None:
    assert find({"templates/loan.py": LOANS, "app/templates/loan.py": LOANS}) == [
        ("app/templates/loan.py", 5, "app.templates.loan", ["loan"])
    ]


def test_a_folder_for_examples_that_env_py_is_in(find: Find) -> None:
    files = {f"examples/{name}": text for name, text in {**APPLICATION, "app/models/loan.py": LOANS}.items()}
    assert find(files, root="examples") == [("examples/app/models/loan.py", 5, "app.models.loan", ["loan"])]
