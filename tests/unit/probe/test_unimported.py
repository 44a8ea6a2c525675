"""Which files declare tables beside those of the metadata: read in a process that imported only some of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from action.probe.unimported.sorting import find_unimported
from tests.projects.builder import write
from tests.projects.unimported import APPLICATION, BASE, LOANS, OWN_BASE, TABLE

Find = Callable[..., list[tuple[str, int, str, list[str]]]]
LOAN = [("app/models/loan.py", 5, "app.models.loan", ["loan"])]


@pytest.fixture
def find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Find]:
    """Write the application and more files, import what env.py does, and look for what it does not."""
    before = set(sys.modules)

    def find(
        files: dict[str, str], *, imports: tuple[str, ...] = ("app.models",), metadata: str = "app.db", root: str = ""
    ) -> list[tuple[str, int, str, list[str]]]:
        files = {name: dedent(text) for name, text in files.items()}
        write(tmp_path, APPLICATION, files)
        monkeypatch.syspath_prepend(str(tmp_path / root))
        for name in imports:
            importlib.import_module(name)
        base = vars(sys.modules[metadata])["Base"]
        names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.py"))
        found = find_unimported(names, str(tmp_path), str(tmp_path / "migrations/env.py"), [base.metadata])
        assert found["error"] is None
        return [(file["path"], file["line"], file["module"], file["tables"]) for file in found["files"]]

    yield find
    for name in set(sys.modules) - before:
        del sys.modules[name]


DECLARATIVE = {
    "a class on the same Base": LOANS,
    "a table on the same metadata": TABLE.replace("\nloans", "\n\nloans"),
    "another name of the Base": """
        from sqlalchemy import Column, Integer
        from app import db as database

        class Loan(database.Base):
            __tablename__ = "loan"
            id = Column(Integer, primary_key=True)
        """,
    "a relative import": """
        from sqlalchemy import Column, Integer
        from ..db import Base as Model

        class Loan(Model):
            __tablename__ = "loan"
            id = Column(Integer, primary_key=True)
        """,
    "a module by its whole name": """
        import app.db
        from sqlalchemy import Column, Integer

        class Loan(app.db.Base):
            __tablename__ = "loan"
            id = Column(Integer, primary_key=True)
        """,
    "everything of a module": """
        from sqlalchemy import *
        from app.db import *

        class Loan(Base):
            __tablename__ = "loan"
            id = Column(Integer, primary_key=True)
        """,
    "a mixin before it": """
        from sqlalchemy import Column, Integer
        from app.db import Base
        class Stamped: created = Column(Integer)
        class Loan(Stamped, Base):
            __tablename__ = "loan"
            id = Column(Integer, primary_key=True)
        """,
    "an import that may fail": """
        from app.db import Base
        try: from orjson_of_nowhere import loads
        except ImportError: loads = None
        class Loan(Base):
            __tablename__ = "loan"
            __mapper_args__ = {}
        """,
    "a registry": """
        from app.db import Base
        from sqlalchemy import Column, Integer
        from sqlalchemy.orm import registry
        mapper_registry = registry(metadata=Base.metadata)
        @mapper_registry.mapped
        class Loan:
            __tablename__ = "loan"
        """,
    "a Base of its metadata": """
        from app.db import Base
        from sqlalchemy.orm import registry
        Model = registry(metadata=Base.metadata).generate_base()

        class Loan(Model):
            __tablename__ = "loan"
        """,
    "a Base that takes its metadata over": """
        from sqlalchemy.orm import DeclarativeBase
        from app.db import Base
        class Model(DeclarativeBase): metadata = Base.metadata

        class Loan(Model):
            __tablename__ = "loan"
        """,
    "a name that is put together": """
        from app.db import Base
        NAME = "oan"
        LETTER = "l"

        class Loan(Base):
            __tablename__ = f"{LETTER}{NAME}"
        """,
    "a class with a table": """
        from app.db import Base
        from sqlalchemy import Column, Integer, Table
        class Loan(Base):

            __table__ = Table("loan", Base.metadata, Column("id", Integer, primary_key=True))
        """,
    "a table between two classes": """
        from app.db import Base
        from sqlalchemy import Column, Integer, Table
        class Friend:

            books = f(secondary=Table("loan", Base.metadata, Column("id", Integer, primary_key=True)))
        """,
}


@pytest.mark.parametrize("name", DECLARATIVE)
def test_a_module_that_nobody_imports_is_found(name: str, find: Find) -> None:
    (found,) = find({"app/models/loan.py": DECLARATIVE[name]})
    lines = DECLARATIVE[name].strip().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "class Loan" in text or 'able("loan"' in text)
    if "__table__" in DECLARATIVE[name]:
        line += 2
    assert found == ("app/models/loan.py", line, "app.models.loan", ["loan"])


NEIGHBOURS = {
    "a Base of its own": {"app/models/loan.py": OWN_BASE},
    "a Base of its own, from the file beside": {
        "other/app/__init__.py": "",
        "other/app/db.py": BASE,
        "other/app/loan.py": LOANS,
    },
    "a Base of its own, beside the project": {
        "other/app/__init__.py": "",
        "other/app/db.py": BASE,
        "other/app/models.py": LOANS,
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


def test_a_module_that_was_imported_later_is_known(find: Find) -> None:
    assert find({"app/models/loan.py": LOANS}, imports=("app.models", "app.models.loan")) == []


def test_all_tables_of_a_file_are_named_with_their_schema(find: Find) -> None:
    more = '\n\nclass Fine(Loan):\n    __tablename__ = "fine"\n    __table_args__ = ({"schema": "desk"})\n'
    assert find({"app/models/loan.py": LOANS + more}) == [
        ("app/models/loan.py", 5, "app.models.loan", ["loan", "desk.fine"])
    ]


def test_a_chain_of_files_that_nobody_imports(find: Find) -> None:
    chain = {
        "app/extra/__init__.py": "from .base import Model",
        "app/extra/base.py": """
        from app.db import Base
        class Model(Base):
            __abstract__ = True
        """,
        "app/extra/loan.py": LOANS.replace("app.db import Base", "app.extra import Model as Base"),
    }
    assert find(chain) == [("app/extra/loan.py", 5, "app.extra.loan", ["loan"])]


def test_names_that_a_base_derives_from_the_class(find: Find) -> None:
    derives = """
    from sqlalchemy import Column, Integer
    from sqlalchemy.orm import declarative_base, declared_attr
    class Named:
        @declared_attr
        def __tablename__(cls): return cls.__name__.lower() + "s"
    Base = declarative_base(cls=Named)
    """
    files = {
        "app/db.py": derives,
        "app/models/book.py": "from sqlalchemy import Column, Integer\nfrom app.db import Base\n"
        "class Book(Base): id = Column(Integer, primary_key=True)",
        "app/models/loan.py": """
        from sqlalchemy import Column, Integer
        from app.db import Base
        from app.models.book import Book
        class Loan(Base): id = Column(Integer, primary_key=True)
        class Novel(Book): plot = Column(Integer)
        class Other(Base):
            def __tablename__(cls):
                return f"other_{cls.__name__}".lower()
        """,
    }
    assert find(files) == [("app/models/loan.py", 4, "app.models.loan", ["loans", "other_other"])]


SQLMODEL = """
from sqlalchemy.orm import DeclarativeMeta, declared_attr, registry

class SQLModelMetaclass(DeclarativeMeta):
    def __new__(cls, name, bases, namespace, table=False, **more): return super().__new__(cls, name, bases, namespace)
    def __init__(cls, name, bases, namespace, table=False, **more):
        if table: DeclarativeMeta.__init__(cls, name, bases, namespace, **more)

_registry = registry()
class SQLModel(metaclass=SQLModelMetaclass):
    registry, metadata, __abstract__ = _registry, _registry.metadata, True
    @declared_attr
    def __tablename__(cls): return cls.__name__.lower()
"""


def test_a_model_of_sqlmodel_has_a_table_where_it_asks_for_one(find: Find) -> None:
    files = {
        "app/db.py": SQLMODEL + "\nBase = SQLModel\n",
        "app/models/book.py": "",
        "app/models/__init__.py": "import app.db",
        "app/models/loan.py": """
        from app.db import SQLModel
        class LoanBase(SQLModel): pass
        class Loan(LoanBase, table=True): pass
        class LoanRead(LoanBase): pass
        """,
    }
    assert find(files) == [("app/models/loan.py", 3, "app.models.loan", ["loan"])]


FLASK = {
    "flask_sqlalchemy/__init__.py": """
    import sqlalchemy as sa
    from flask_sqlalchemy.model import Model
    class SQLAlchemy:
        def __init__(self):
            self.metadata, self.Table = sa.MetaData(), sa.Table
            self.Model = type("Model", (Model,), {"metadata": self.metadata})
    """,
    "flask_sqlalchemy/model.py": """
    class Model: pass
    def camel_to_snake_case(name): return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
    """,
}


def test_models_of_flask_sqlalchemy(find: Find) -> None:
    files = {
        "app/db.py": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nBase = db.Model",
        "app/models/__init__.py": "import app.db",
        "app/models/book.py": "",
        "app/models/loan.py": """
        from app.db import db
        class LoanOfBook(db.Model):
            id = db.Column(db.Integer, primary_key=True)
        fines = db.Table("fine", db.Column("id", db.Integer))
        class Elsewhere(db.Model):
            __bind_key__ = "other"
            id = db.Column(db.Integer, primary_key=True)
        """,
    }
    found = find({**FLASK, **files})
    assert found == [("app/models/loan.py", 2, "app.models.loan", ["loan_of_book", "fine"])]


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


def test_a_folder_for_examples_that_env_py_is_in(find: Find) -> None:
    files = {f"examples/{name}": text for name, text in {**APPLICATION, "app/models/loan.py": LOANS}.items()}
    assert find(files, root="examples") == [("examples/app/models/loan.py", 5, "app.models.loan", ["loan"])]


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
