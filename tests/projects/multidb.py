"""Projects that migrate several databases at once, as Alembic's template ``multidb`` does."""

from __future__ import annotations

from textwrap import dedent, indent


INI = """
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
databases = engine1, engine2

[engine1]
sqlalchemy.url = {0}

[engine2]
sqlalchemy.url = {1}
"""
URLS = (
    "postgresql+psycopg2://nobody:nothing@db.invalid/books",
    "postgresql+psycopg2://nobody:nothing@db.invalid/loans",
)
PLACEHOLDERS = ("driver://user:pass@localhost/dbname", "driver://user:pass@localhost/dbname2")
MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table

books, loans = MetaData(), MetaData()
Table("book", books, Column("id", Integer, primary_key=True))
Table("loan", loans, Column("id", Integer, primary_key=True))
"""
RETURNED = 'Table("returned", loans, Column("id", Integer, primary_key=True))\n'
BOOK, LOAN, RETURN = (
    f'op.create_table("{name}", sa.Column("id", sa.Integer(), primary_key=True))'
    for name in ("book", "loan", "returned")
)
ENV = """
import os, re
from alembic import context
from sqlalchemy import create_engine, pool
from models import books, loans

config = context.config
target_metadata = {metadata}

engines = {{}}
for name in re.split(r",\\s*", config.get_main_option("databases", "")):
    engines[name] = rec = {{}}
    rec["url"] = os.environ.get(name.upper() + "_URL") or config.get_section_option(name, "sqlalchemy.url")
    rec["engine"] = create_engine(rec["url"], poolclass=pool.NullPool)

for name, rec in engines.items():
    rec["connection"] = connection = rec["engine"].connect()
    rec["transaction"] = connection.begin()

try:
    for name, rec in engines.items():
        context.configure(
            connection=rec["connection"],
            upgrade_token="%s_upgrades" % name,
            downgrade_token="%s_downgrades" % name,
            target_metadata=target_metadata.get(name),
        )
        context.run_migrations(engine_name=name)
    for name, rec in engines.items():
        if name in {commits}:
            rec["transaction"].commit()
except:
    for rec in engines.values():
        rec["transaction"].rollback()
    raise
finally:
    for rec in engines.values():
        rec["connection"].close()
"""
MAKO = '''
<%! import re %>"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


% for db_name in re.split(r",\\s*", config.get_main_option("databases")):

def upgrade_${db_name}():
    ${context.get("%s_upgrades" % db_name, "pass")}


def downgrade_${db_name}():
    ${context.get("%s_downgrades" % db_name, "pass")}

% endfor
'''


def revision(id_: str, down: str | None, first: str, second: str) -> dict[str, str]:
    """Return a version file with what it does to each of the two databases."""
    head = f"""
    import sqlalchemy as sa
    from alembic import op

    revision = {id_!r}
    down_revision = {down!r}


    def upgrade(engine_name):
        globals()["upgrade_%s" % engine_name]()


    def downgrade(engine_name):
        pass
    """
    functions = (
        f"\n\ndef upgrade_engine{number}():\n{indent(dedent(body).strip(), '    ')}\n"
        for number, body in ((1, first), (2, second))
    )
    return {f"migrations/versions/{id_}_.py": dedent(head).lstrip() + "".join(functions)}


def tree(
    *revisions: dict[str, str],
    urls: tuple[str, str] = URLS,
    models: str = MODELS,
    metadata: str = '{"engine1": books, "engine2": loans}',
    commits: str = '("engine1", "engine2")',
) -> dict[str, str]:
    """Return a project of two databases."""
    files = {
        "alembic.ini": INI.format(*urls),
        "models.py": models,
        "migrations/env.py": ENV.format(metadata=metadata, commits=commits),
        "migrations/script.py.mako": MAKO,
    }
    return {**files, **{path: text for one in revisions for path, text in one.items()}}


START = revision("a1", None, BOOK, LOAN)
WITH_RETURNED = MODELS + RETURNED
THREAD = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
