"""The tables that a file declares, in all the ways of SQLAlchemy and of what is built on it."""

from __future__ import annotations

import pytest

from tests.projects.unimported import LOANS, TABLE
from tests.unit.probe.unimported.conftest import Find

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
    "a Base that names the tables": """
        from sqlalchemy.orm import DeclarativeBase, declared_attr
        from app.db import Base
        class Model(DeclarativeBase):
            metadata = Base.metadata
            @declared_attr.directive
            def __tablename__(cls):
                return cls.__name__.lower()
        class Loan(Model): pass
        """,
    "a decorator that makes a Base": """
        from sqlalchemy.orm import as_declarative
        from app.db import Base
        @as_declarative(metadata=Base.metadata)
        class Model:
            def __tablename__(cls): return cls.__name__.lower()
        class Loan(Model): pass
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
        class Late(Loan): due = Column(Integer)
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
