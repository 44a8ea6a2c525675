"""Projects with models that env.py does not import, and neighbours that nearly have such a file."""

from __future__ import annotations

from tests.projects.builder import BOOK, EnvPy, below, tree

IMPORTS = "from app.models import Base"
BASE = """
from sqlalchemy.orm import declarative_base

Base = declarative_base()
"""
OLD_BASE = BASE.replace("sqlalchemy.orm", "sqlalchemy.ext.declarative")
"""As SQLAlchemy 1.3 has it."""
BOOKS = """
from sqlalchemy import Column, Integer, String
from app.db import Base


class Book(Base):
    __tablename__ = "book"

    id = Column(Integer, primary_key=True)
    title = Column(String(200), nullable=False)
"""
LOANS = """
from sqlalchemy import Column, Integer
from app.db import Base


class Loan(Base):
    __tablename__ = "loan"

    id = Column(Integer, primary_key=True)
"""
OWN_BASE = BASE + LOANS.replace("from app.db import Base\n", "")
TABLE = """
import sqlalchemy as sa
from app.db import Base

loans = sa.Table("loan", Base.metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
APPLICATION = {
    "app/__init__.py": "",
    "app/db.py": BASE,
    "app/models/__init__.py": "from app.db import Base\nfrom app.models.book import Book",
    "app/models/book.py": BOOKS,
}
"""Its models are a package, whose ``__init__`` imports each module."""


def application(*parts: dict[str, str], imports: str = IMPORTS, metadata: str = "Base.metadata") -> dict[str, str]:
    """Return a project with the models above, and more files."""
    files = tree(BOOK, env=EnvPy(imports=imports, metadata=metadata).text)
    del files["models.py"]
    return {name: text for part in (files, APPLICATION, *parts) for name, text in part.items()}


FACTORY = """
def create_app():
    from app.models import loan
"""
MONOREPO = below("shop", application()) | below("library", application({"app/models/loan.py": LOANS}))
"""Two services with a Base each; the second one's env.py forgets a module."""
