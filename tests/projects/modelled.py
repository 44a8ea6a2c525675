"""Models and env.py files that ``alembic upgrade`` and ``alembic check`` take, and that are hard to build apart from them."""

from __future__ import annotations

from tests.projects.builder import BOOK, EnvPy, Revision, tree

HEAD = """
from sqlalchemy import *

metadata = MetaData()
book = Table("book", metadata, Column("id", Integer, primary_key=True), Column("title", String(200), nullable=False))
"""
PEOPLE = """
from sqlalchemy import *
from models import book

metadata = MetaData()
author = Table(
    "author",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("best_id", ForeignKey({target}, name="fk_best", ondelete="SET NULL")),
)
"""
AUTHOR = """
op.create_table("author", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("best_id", sa.Integer()))
{key}
"""
KEY = 'op.create_foreign_key("fk_best", "author", "book", ["best_id"], ["id"], ondelete="SET NULL")'


def _of_two_metadatas(target: str, order: str, key: str = KEY) -> dict[str, str]:
    imports = "from models import metadata as books\nfrom people import metadata as people"
    author = Revision(id="b2", down="a1", upgrade=AUTHOR.format(key=key))
    files = tree(BOOK, author, env=EnvPy(imports=imports, metadata=order).text, models=HEAD)
    return {**files, "people.py": PEOPLE.format(target=target)}


def lacks_a_key_across() -> dict[str, str]:
    return _of_two_metadatas("book.c.id", "[people, books]", key="")


def defines_a_table_twice() -> dict[str, str]:
    files = _of_two_metadatas("book.c.id", "[books, people]")
    return {**files, "people.py": files["people.py"] + 'Table("book", metadata, Column("id", BigInteger))\n'}


UTCNOW = """
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import expression

class utcnow(expression.FunctionElement):
    type = DateTime()
    inherit_cache = True

@compiles(utcnow, "postgresql")
def pg_utcnow(element, compiler, **kw):
    return "TIMEZONE('utc', CURRENT_TIMESTAMP)"

book.append_column(Column("made", DateTime, server_default=utcnow(), nullable=False))
book.append_constraint(CheckConstraint(book.c.made <= utcnow(), name="ck_made"))
"""
MADE = """
op.add_column("book", sa.Column(
    "made", sa.DateTime(), server_default=sa.text("timezone('utc', current_timestamp)"), nullable=False))
op.create_check_constraint("ck_made", "book", "made <= timezone('utc', current_timestamp)")
"""


def has_custom_sql(upgrade: str = MADE) -> dict[str, str]:
    return tree(BOOK, Revision(id="b2", down="a1", upgrade=upgrade), models=HEAD + UTCNOW)


def _concurrently() -> dict[str, str]:
    index = 'op.create_index("ix_title", "book", ["title"])'
    models = HEAD + '\nIndex("ix_title", book.c.title, postgresql_concurrently=True)\n'
    return tree(BOOK, Revision(id="b2", down="a1", upgrade=index), models=models)


def translates(on: str, more: str = "") -> dict[str, str]:
    """Return a project whose tables without a schema go to ``tenant``, by an engine or a connection.

    With ``more``, env.py sets the search_path, which Alembic's ALTERs need; without, it has a second schema, whose
    tables Alembic's own autogenerate cannot find.
    """
    translated = 'schema_translate_map={None: "tenant", "shop": "tenant_shop"}'
    before = 'connection.execute(text("CREATE SCHEMA IF NOT EXISTS tenant"))\n'
    before += 'connection.execute(text("CREATE SCHEMA IF NOT EXISTS tenant_shop"))\nconnection.commit()\n'
    engine = "create_engine(url, poolclass=pool.NullPool)"
    if more:
        before += 'connection.execute(text("SET search_path TO tenant"))\nconnection.commit()\n'
    if on == "engine":
        engine = f"create_engine(url, poolclass=pool.NullPool, execution_options=dict({translated}))"
    else:
        before += f"connection = connection.execution_options({translated})"
    env = EnvPy(engine=engine, before=before, options="" if more else 'version_table_schema="tenant"').text
    models = HEAD + 'Table("loan", metadata, Column("no", Integer), Column("kind", Enum("a", "b", name="kind")),\n'
    models += '    Column("book_id", ForeignKey("book.id")), schema="shop")\n'
    loan = """
    kind = sa.Enum("a", "b", name="kind")
    op.create_table("loan", sa.Column("no", sa.Integer()), sa.Column("kind", kind),
        sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id")), schema="shop")
    """
    if more:
        return tree(BOOK, env=env, models=HEAD + more)
    return tree(BOOK, Revision(id="b2", down="a1", upgrade=loan), env=env, models=models)


CLEAN = {
    "a key to another metadata, as a column": _of_two_metadatas("book.c.id", "[books, people]"),
    "a key to another metadata, by name and backwards": _of_two_metadatas('"book.id"', "[people, books]"),
    "SQL that only PostgreSQL's dialect knows": has_custom_sql(),
    "an index that is made concurrently": _concurrently(),
    "schemas translated by the connection": translates("connection"),
    "schemas translated by the engine": translates("engine"),
}
"""Every one of these must pass as the plainest project does."""
