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
CONNECTIONS = {
    "a key": """
connection = config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
""",
    "what get() returns": """
connection = config.attributes.get("connection").engine.connect()
with connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
""",
}
IN_A_SUBPROCESS = """
import subprocess, sys
subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"], check=True)
"""
WHO_IMPORTS = """
import sys


class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "alembic":
            with open("imported", "a") as file:
                file.write("%s\\n" % sys.argv[0])


sys.meta_path.insert(0, Finder())
open("chained", "w").close()
"""
"""A sitecustomize.py that takes note of the programs that import Alembic."""
_ENDED = "The command `python run.py` exited with code {} before it ran env.py."
ENDS = {
    "print('nothing to do')": (
        _ENDED.format(0),
        "Its last output was:\n  nothing to do\n",
        "Set `command` to the one that upgrades the database, such as `flask db upgrade`",
    ),
    "import sys\nsys.exit('no such tenant')": (
        _ENDED.format(1),
        "Its last output was:\n  no such tenant\n",
        "Run the command against an empty database to see the error: its URL is in DATABASE_URL.",
    ),
    "input('Really? [y/N] ')": (
        _ENDED.format(1),
        "EOFError: EOF when reading a line\n",
        "Nobody answers the question that it asks: add the option that skips it, such as --no-prompt.",
    ),
    "import os\nos.environ['LIBRARY_KEY']": (
        "The project's settings need an environment variable that is not set: LIBRARY_KEY.",
        "",
        "--env LIBRARY_KEY=…",
    ),
}
"""What a command does in place of running env.py, and what is said of it."""
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
