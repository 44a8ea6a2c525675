"""Projects whose merged revisions run more than their own files: models, constants, helpers and files that they read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.projects.builder import EnvPy, Revision, tree

Files = dict[str, str]
BOOK_TABLE = """
op.create_table(
    "book",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
)
"""
DECLARED = """
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String(200), nullable=False)
"""
ISBN = "    isbn = Column(String(13))\n"
WITH_ISBN = DECLARED + ISBN
ENV = EnvPy(imports="from models import Base", metadata="Base.metadata").text
ADDS_ISBN = Revision(id="b2", down="a1", upgrade='op.add_column("book", sa.Column("isbn", sa.String(13)))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A base, and what the pull request makes of it."""

    base: Files
    work: Files
    removed: tuple[str, ...] = field(default=())


CREATES_ALL = Revision(id="a1", top="from models import Base", upgrade="Base.metadata.create_all(op.get_bind())")
FORGOTTEN_AFTER_CREATE_ALL = Change(base=tree(CREATES_ALL, env=ENV, models=DECLARED), work={"models.py": WITH_ISBN})
"""The model gets a column, and no migration: a new database has it, no deployed one does."""
ADDED_AFTER_CREATE_ALL = Change(
    base=tree(CREATES_ALL, env=ENV, models=DECLARED),
    work={"models.py": WITH_ISBN, "migrations/versions/b2_.py": ADDS_ISBN.text},
)
"""The model gets a column, with its migration: the deploy works, and a new database has the column already."""

BASE_PY = "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n"
APART = DECLARED.replace(
    "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n", "from db import Base\n"
)
CREATES_ALL_OF_DB = Revision(id="a1", top="from db import Base", upgrade="Base.metadata.create_all(op.get_bind())")
ENV_OF_BOTH = EnvPy(imports="import models\nfrom db import Base", metadata="Base.metadata").text
FORGOTTEN_WITH_A_SHARED_METADATA = Change(
    base={**tree(CREATES_ALL_OF_DB, env=ENV_OF_BOTH, models=APART), "db.py": BASE_PY},
    work={"models.py": APART + ISBN},
)
"""The revision never imports the models: it shares their MetaData."""

QUERIES = Revision(
    id="b1",
    down="a1",
    top="from sqlalchemy.orm import Session\nfrom models import Book",
    upgrade='session = Session(bind=op.get_bind())\nsession.query(Book).filter(Book.title == "").all()',
)
CREATES_BOOK = Revision(id="a1", upgrade=BOOK_TABLE)
ISBN_AFTER_A_QUERY = Change(
    base=tree(CREATES_BOOK, QUERIES, env=ENV, models=DECLARED),
    work={
        "models.py": WITH_ISBN,
        "migrations/versions/c2_.py": Revision(id="c2", down="b1", upgrade=ADDS_ISBN.upgrade).text,
    },
)
"""A merged revision asks for whole books; with the new column in the model, it fails on a new database."""

LENGTHS = "TITLE = 200\n"
BY_CONSTANT = Revision(
    id="a1", top="from lengths import TITLE", upgrade=BOOK_TABLE.replace("sa.String(200)", "sa.String(TITLE)")
)
MODEL_BY_CONSTANT = DECLARED.replace("String(200)", "String(TITLE)").replace(
    "from sqlalchemy.orm", "from lengths import TITLE\nfrom sqlalchemy.orm"
)
CONSTANT_CHANGED = Change(
    base={**tree(BY_CONSTANT, env=ENV, models=MODEL_BY_CONSTANT), "lengths.py": LENGTHS},
    work={"lengths.py": "TITLE = 300\n"},
)

SQL = "CREATE TABLE book (id serial PRIMARY KEY, title varchar(200) NOT NULL);\n"
SQL_WITH_ISBN = SQL.replace(");", ", isbn varchar(13));")
READS_AS_IT_RUNS = Revision(
    id="a1",
    top="from pathlib import Path",
    upgrade='op.execute((Path(__file__).parent.parent / "schema.sql").read_text())',
)
READS_AT_IMPORT = Revision(
    id="a1",
    top='from pathlib import Path\n\nSCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text()',
    upgrade="op.execute(SCHEMA)",
)
READS_BY_A_HELPER = Revision(id="a1", top="from helpers import run_schema", upgrade="run_schema(op)")
HELPER = """
from pathlib import Path

def run_schema(op):
    with open(Path(__file__).parent / "migrations" / "schema.sql") as file:
        op.execute(file.read())
"""
READS_A_FOLDER = Revision(
    id="a1",
    top="from pathlib import Path",
    upgrade="""
    for file in sorted((Path(__file__).parent.parent / "sql").glob("*.sql")):
        op.execute(file.read_text())
    """,
)
RUNS_A_PROGRAM = Revision(
    id="a1",
    top="import subprocess",
    upgrade='op.execute(subprocess.run(["cat", "migrations/schema.sql"], capture_output=True, text=True).stdout)',
)


def file_changed(revision: Revision) -> Change:
    """Return the change of a file that a merged revision reads, together with the models."""
    return Change(
        base={**tree(revision, env=ENV, models=DECLARED), "migrations/schema.sql": SQL, "helpers.py": HELPER},
        work={"models.py": WITH_ISBN, "migrations/schema.sql": SQL_WITH_ISBN},
    )


FILE_ADDED = Change(
    base={**tree(READS_A_FOLDER, env=ENV, models=DECLARED), "migrations/sql/1.sql": SQL},
    work={"models.py": WITH_ISBN, "migrations/sql/2.sql": "ALTER TABLE book ADD COLUMN isbn varchar(13);\n"},
)
NOTHING_USED_CHANGES = Change(
    base={
        **tree(CREATES_BOOK, QUERIES, env=ENV, models=DECLARED),
        "app.py": "VERSION = 1\n",
        "migrations/notes.sql": SQL,
    },
    work={"app.py": "VERSION = 2\n", "migrations/notes.sql": SQL_WITH_ISBN},
)
MODELS_OF_NO_REVISION = Change(
    base=tree(CREATES_BOOK, env=ENV, models=DECLARED),
    work={"models.py": WITH_ISBN, "migrations/versions/b2_.py": ADDS_ISBN.text},
)
"""The usual pull request: no merged revision imports the models."""


SEEDS = 'CITIES = ["Bergen"]\n'
IMPORTS_SEEDS = Revision(id="a1", top="from seeds import CITIES", upgrade=BOOK_TABLE)
IMPORTS_SEEDS_LATE = Revision(id="a1", upgrade=f"from seeds import CITIES\n{BOOK_TABLE.strip()}")
WITH_SEEDS = {**tree(IMPORTS_SEEDS, env=ENV, models=DECLARED), "seeds.py": SEEDS}
WITH_LATE_SEEDS = {**tree(IMPORTS_SEEDS_LATE, env=ENV, models=DECLARED), "seeds.py": SEEDS}
MODULE_REMOVED = Change(base=WITH_SEEDS, work={}, removed=("seeds.py",))
MODULE_RENAMED = Change(base=WITH_SEEDS, work={"data/cities.py": SEEDS}, removed=("seeds.py",))
NAME_REMOVED = Change(base=WITH_SEEDS, work={"seeds.py": 'TOWNS = ["Bergen"]\n'})
LATE_MODULE_REMOVED = Change(base=WITH_LATE_SEEDS, work={}, removed=("seeds.py",))
MODULE_OF_NOBODY = Change(
    base=tree(CREATES_BOOK, env=ENV, models=DECLARED),
    work={"migrations/versions/b2_.py": Revision(id="b2", down="a1", top="import library_of_nowhere").text},
)
"""An import of a package that is not installed: nobody has removed it from the repository."""

GENERATED = "from _build_info import LENGTH\n" + DECLARED.replace("String(200)", "String(LENGTH)")
IGNORES = "__pycache__/\n_build_info.py\n"
DRIFTED_WITH_A_GENERATED_MODULE = Change(
    base={**tree(CREATES_BOOK, env=ENV, models=GENERATED + ISBN), ".gitignore": IGNORES},
    work={"notes.txt": "nothing", ".gitignore": IGNORES},
)
"""The base's models have a column without a migration, and import a module that Git ignores."""
BASE_DOES_NOT_LOAD = Change(
    base=tree(CREATES_BOOK, env=ENV, models="import library_of_nowhere\n" + WITH_ISBN),
    work={"models.py": WITH_ISBN},
)
BASELINE_WITHOUT_A_BASE = Change(
    base=tree(CREATES_ALL, env=ENV, models="import library_of_nowhere\n" + DECLARED),
    work={"models.py": WITH_ISBN, "migrations/versions/b2_.py": ADDS_ISBN.text},
)
"""The baseline runs the models, and the base's models cannot be imported: what is deployed is not known."""

IN_A_SCHEMA = EnvPy(
    imports="from models import Base", metadata="Base.metadata", options='version_table="shop_version"'
).text
VERSION_TABLE_MOVED = Change(base=tree(CREATES_BOOK, env=ENV, models=DECLARED), work={"migrations/env.py": IN_A_SCHEMA})
"""env.py looks for the version table under another name: the next deploy runs everything again."""

ENV_CHOOSES = EnvPy(
    imports="from models import Base",
    metadata="Base.metadata",
    top='context.script.version_locations = [os.path.join(os.path.dirname(__file__), "versions", "postgresql")]',
).text
POSTGRESQL = "migrations/versions/postgresql"
CHOSEN = {
    **tree(env=ENV_CHOOSES, models=DECLARED),
    f"{POSTGRESQL}/a1_.py": CREATES_BOOK.text,
}
BOGUS = Revision(id="b2", down="a1", upgrade='op.execute("CREATE TABEL shelf (id integer)")')
BOGUS_WHERE_ENV_PY_LOOKS = Change(base=CHOSEN, work={f"{POSTGRESQL}/b2_.py": BOGUS.text})
TWO_HEADS_WHERE_ENV_PY_LOOKS = Change(
    base=CHOSEN,
    work={
        f"{POSTGRESQL}/b2_.py": Revision(id="b2", down="a1").text,
        f"{POSTGRESQL}/c2_.py": Revision(id="c2", down="a1").text,
    },
)
RIGHT_WHERE_ENV_PY_LOOKS = Change(base=CHOSEN, work={f"{POSTGRESQL}/b2_.py": ADDS_ISBN.text, "models.py": WITH_ISBN})
EDITED_WHERE_ENV_PY_LOOKS = Change(
    base=CHOSEN, work={f"{POSTGRESQL}/a1_.py": Revision(id="a1", upgrade=BOOK_TABLE.replace("200", "100")).text}
)
PARENT_AT_RUN_TIME = Revision(id="c2", down="b2", top='globals().update(down_revision="a1")')
TWO_HEADS_AT_RUN_TIME = Change(
    base=tree(CREATES_BOOK, env=ENV, models=DECLARED),
    work={
        "migrations/versions/b2_.py": Revision(id="b2", down="a1").text,
        "migrations/versions/c2_.py": PARENT_AT_RUN_TIME.text,
    },
)
"""One head by the text of the files, two when they run."""

ENV_OF_PACKAGE = EnvPy(imports="from shop.models import Base", metadata="Base.metadata").text
INI_WITHOUT_PATH = "[alembic]\nscript_location = %(here)s/migrations\n"


def installed(models: str, package: str = "src/shop") -> Files:
    """Return a project whose package is found only where it is installed."""
    files = tree(CREATES_BOOK, env=ENV_OF_PACKAGE, ini=INI_WITHOUT_PATH)
    del files["models.py"]
    return {**files, f"{package}/__init__.py": "from shop import models\n", f"{package}/models.py": models}


def forgotten_where_installed(package: str) -> Change:
    """Return the change of a model without a migration."""
    return Change(base=installed(DECLARED, package), work={f"{package}/models.py": WITH_ISBN})


def old_drift_where_installed(package: str) -> Change:
    """Return a change of nothing, on a base whose model has no migration."""
    return Change(base=installed(WITH_ISBN, package), work={"notes.txt": "nothing"})


CREATES_A_ROLE = Revision(
    id="a1",
    top="from lengths import TITLE",
    upgrade='op.execute("CREATE ROLE ac_test_reader")\n'
    + BOOK_TABLE.strip()
    + '\nop.execute("GRANT SELECT ON book TO ac_test_reader")',
)
ROLE_BESIDE_A_CHANGED_FILE = Change(
    base={**tree(CREATES_A_ROLE, env=ENV, models=DECLARED), "lengths.py": LENGTHS},
    work={"lengths.py": LENGTHS + "ISBN = 13\n"},
)
"""A role, which is the whole server's, is created on both ways."""
LATE_ROLE_BESIDE_A_CHANGED_FILE = Change(
    base={
        **tree(
            replace(CREATES_A_ROLE, top="", upgrade="import lengths\n" + CREATES_A_ROLE.upgrade),
            env=ENV,
            models=DECLARED,
        ),
        "lengths.py": LENGTHS,
    },
    work={"lengths.py": LENGTHS + "ISBN = 13\n"},
)

OPERATION = """
from alembic.operations import MigrateOperation, Operations


@Operations.register_operation("create_books")
class CreateBooks(MigrateOperation):
    @classmethod
    def create_books(cls, operations):
        return operations.invoke(cls())


@Operations.implementation_for(CreateBooks)
def create_books(operations, operation):
    operations.execute("{sql}")
"""
BY_OPERATION = Revision(id="a1", upgrade="op.create_books()")
ENV_WITH_OPERATION = EnvPy(imports="import operations\nfrom models import Base", metadata="Base.metadata").text
OPERATION_CHANGED = Change(
    base={
        **tree(BY_OPERATION, env=ENV_WITH_OPERATION, models=DECLARED),
        "operations.py": OPERATION.format(sql=SQL.strip()),
    },
    work={"models.py": WITH_ISBN, "operations.py": OPERATION.format(sql=SQL_WITH_ISBN.strip())},
)
"""The revision imports nothing: env.py adds the operation that it uses."""
