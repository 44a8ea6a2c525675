"""Projects that have a way of their own to their migrations: a Config, a command, -x arguments."""

from __future__ import annotations

from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, Revision, tree, versions

X_ENV = EnvPy(
    top='arguments = context.get_x_argument(as_dictionary=True)\ntenant = arguments["tenant"]\n'
    'if not arguments.get("region"):\n    raise SystemExit("no region")',
    before='connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {tenant}"))\n'
    'connection.execute(text(f"SET search_path TO {tenant}"))\nconnection.commit()',
).text
CONNECTION = """
connection = config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
"""
CONFIG_OF_ITS_OWN = """
import os
from pathlib import Path
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine


def get_config():
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["tenant"] = "north"
    return config


def upgrade(question=False):
    if question:
        input("Really? [y/N] ")
    engine = create_engine(os.environ["LIBRARY_DB"])
    with engine.begin() as connection:
        config = get_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    print("never printed")
"""
TENANT = """
from alembic import context
from library.models import metadata

config = context.config
assert config.attributes["tenant"] == "north"
connection = config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
"""
MAIN = """
import sys
from library import db

{body}
"""


def own_program(body: str) -> dict[str, str]:
    """Return a project without an Alembic config file, whose ``python -m library`` does what ``body`` says."""
    return {
        "library/__init__.py": "",
        "library/__main__.py": MAIN.format(body=body),
        "library/db.py": CONFIG_OF_ITS_OWN,
        "library/models.py": builder.MODELS,
        "library/migrations/env.py": TENANT,
        "library/migrations/script.py.mako": builder.MAKO,
        **versions(BOOK, folder="library/migrations/versions"),
    }


PAGES = Revision(id="b2", down="a1", upgrade='op.add_column("book", sa.Column("pages", sa.Integer()))')
