"""Ways of writing env.py: those that keep a project from being rehearsed, and unusual ones that must not."""

from __future__ import annotations

from textwrap import dedent

from tests.projects import builder
from tests.projects.builder import BOOK, CREATE_BOOK, Revision, EnvPy, tree

SWALLOWS = """
try:
    with create_engine(url).connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            context.run_migrations()
except Exception:
    print("It will be all right.")
"""
SECOND_BASE = "from models import metadata as first_metadata\nfrom more import metadata"
MORE = "from sqlalchemy import Column, Integer, MetaData, Table\n\nmetadata = MetaData()\n"
AUTHOR = 'Table("author", metadata, Column("id", Integer, primary_key=True))\n'
AUTHOR_TABLE = 'op.create_table("author", sa.Column("id", sa.Integer(), primary_key=True))'
THREAD = """
import threading

_over = threading.Event()
threading.Thread(target=_over.wait, daemon=True).start()
"""
SETTINGS = """
from pydantic import SecretStr

try:
    from pydantic_settings import BaseSettings
except ImportError:
    from pydantic import BaseSettings


class Settings(BaseSettings, env_prefix="LIBRARY_"):
    database: str
    secret: SecretStr
    shelves: int = 12


settings = Settings()
"""


def exits() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(top="sys.exit(0)").text)


def dies() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(top="os._exit(3)").text)


def falls_back_to_sqlite(url: str = "sqlite:///library.db") -> dict[str, str]:
    return tree(BOOK, env=EnvPy(url=f'os.environ.get("LIBRARY_URL", "{url}")').text)


def has_a_cache_in_memory() -> dict[str, str]:
    """Return a project whose import uses an SQLite database of its own, in memory."""
    cache = """
from sqlalchemy import create_engine as open_cache
with open_cache("sqlite://").connect() as cached:
    cached.exec_driver_sql("SELECT 1")
from models import metadata
"""
    return tree(BOOK, env=EnvPy(imports=cache).text)


def never_runs() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(run='if os.environ.get("LIBRARY_MIGRATES"):\n    ' + "pass\n").text)


def configures_only() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(run=builder.SYNC.replace("context.run_migrations()", "pass")).text)


def swallows_exceptions() -> dict[str, str]:
    broken = Revision(id="b2", down="a1", upgrade='op.execute("SELECT nothing()")')
    return tree(BOOK, broken, env=EnvPy(run=SWALLOWS).text)


def never_commits() -> dict[str, str]:
    """SQLAlchemy 2: the statement begins a transaction, so Alembic leaves the commit to env.py."""
    return tree(BOOK, env=EnvPy(before='connection.execute(text("SET search_path TO public"))').text)


def has_no_metadata() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(metadata="None").text)


def has_empty_metadata() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(imports="from sqlalchemy import MetaData", metadata="MetaData()").text)


def shadows_the_first_metadata() -> dict[str, str]:
    author = Revision(id="b2", down="a1", upgrade=AUTHOR_TABLE)
    return {**tree(BOOK, author, env=EnvPy(imports=SECOND_BASE).text), "more.py": MORE + AUTHOR}


def needs_a_module() -> dict[str, str]:
    return tree(BOOK, models="import library_of_nowhere\n" + builder.MODELS)


def needs_settings() -> dict[str, str]:
    env = EnvPy(imports="from models import metadata\nfrom settings import settings", url="settings.database").text
    return {**tree(BOOK, env=env), "settings.py": SETTINGS}


def needs_a_variable() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(top='token = os.environ["LIBRARY_TOKEN"]').text)


def raises() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(top='raise RuntimeError("the library is closed")').text)


def is_not_python() -> dict[str, str]:
    return tree(BOOK, models=builder.MODELS + "def")


def hangs() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(top="import threading\nthreading.Event().wait()").text)


def _committed(*statements: str) -> str:
    return "\n".join([*(f"connection.execute(text({sql!r}))" for sql in statements), "connection.commit()"])


def _two_schemas() -> dict[str, str]:
    models = builder.MODELS + 'Table("loan", metadata, Column("id", Integer, primary_key=True), schema="desk")\n'
    loan = """
    op.execute("CREATE SCHEMA desk")
    op.create_table("loan", sa.Column("id", sa.Integer(), primary_key=True), schema="desk")
    """
    env = EnvPy(options="include_schemas=True").text
    return tree(BOOK, Revision(id="b2", down="a1", upgrade=loan), env=env, models=models)


def _concurrently() -> dict[str, str]:
    models = builder.MODELS.replace("nullable=False)", "nullable=False, index=True)")
    index = """
    with op.get_context().autocommit_block():
        op.create_index("ix_book_title", "book", ["title"], postgresql_concurrently=True)
    """
    env = EnvPy(options="transaction_per_migration=True").text
    return tree(BOOK, Revision(id="b2", down="a1", upgrade=index), env=env, models=models)


def _engine_of_the_application(options: str = "", end: str = "await engine.dispose()") -> dict[str, str]:
    """Nothing in env.py tells that it needs an asynchronous driver; its connections may outlive their event loop."""
    database = f"""
    import os
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(os.environ["DATABASE_URL"]{options})
    """
    run = builder.ASYNC.replace("create_async_engine(url, poolclass=pool.NullPool)", "app_engine")
    run = run.replace("from sqlalchemy.ext.asyncio import create_async_engine", "")
    run = run.replace("await engine.dispose()", end)
    env = EnvPy(imports="from models import metadata\nfrom database import engine as app_engine", run=run).text
    return {**tree(BOOK, env=env), "database.py": dedent(database)}


USUAL = {
    "an asynchronous engine of the application": _engine_of_the_application(),
    "a pool that outlives its event loop": _engine_of_the_application(end="pass"),
    "a pool that outlives its event loop and pings": _engine_of_the_application(", pool_pre_ping=True", end="pass"),
    "asynchronous": tree(
        BOOK, env=EnvPy(url='"postgresql+asyncpg://nobody:nothing@db.invalid/production"', run=builder.ASYNC).text
    ),
    "transaction_per_migration, autocommit_block and CONCURRENTLY": _concurrently(),
    "a second schema": _two_schemas(),
    "threads at import": tree(BOOK, models=builder.MODELS + THREAD),
    "prints": tree(BOOK, env=EnvPy(top='print("{\\"event\\": \\"ended\\"}")\nprint("closed", file=sys.stderr)').text),
    "advisory lock": tree(BOOK, env=EnvPy(before=_committed("SELECT pg_advisory_lock(42)")).text),
    "time-outs": tree(
        BOOK, env=EnvPy(before=_committed("SET statement_timeout = '5s'", "SET lock_timeout = '4s'")).text
    ),
    "search_path": tree(
        BOOK, env=EnvPy(before=_committed("CREATE SCHEMA IF NOT EXISTS desk", "SET search_path TO desk")).text
    ),
    "version table in a schema of its own": tree(
        BOOK,
        env=EnvPy(
            before=_committed("CREATE SCHEMA IF NOT EXISTS ops"),
            options='version_table="library_version", version_table_schema="ops"',
        ).text,
    ),
    "several metadatas": {
        **tree(
            BOOK,
            Revision(id="b2", down="a1", upgrade=AUTHOR_TABLE),
            env=EnvPy(imports=SECOND_BASE, metadata="[first_metadata, metadata]").text,
        ),
        "more.py": MORE + AUTHOR,
    },
    "one transaction of its own": tree(
        BOOK,
        env=EnvPy(engine="create_engine(url)", run=builder.SYNC.replace("engine.connect()", "engine.begin()")).text,
    ),
    "reads the terminal": tree(
        Revision(id="a1", upgrade="import sys\nassert sys.stdin.read() == ''\n" + CREATE_BOOK.strip())
    ),
}
"""Every one of these must pass as the plainest project does."""
