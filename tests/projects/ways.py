"""Projects that have a way of their own to their migrations: an application's context, a Config, a command."""

from __future__ import annotations

from tests.projects import builder
from tests.projects.builder import BOOK, CREATE_BOOK, EnvPy, Revision, tree, versions

FLASK_INI = """
[alembic]
# template used to generate migration files
# file_template = %%(rev)s_%%(slug)s

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARN
handlers = console
qualname =

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
"""
"""As ``flask db init`` writes it: without a script_location."""
FLASK_ENV_PY = """
from logging.config import fileConfig
from flask import current_app
from alembic import context

config = context.config
fileConfig(config.config_file_name)
migrate = current_app.extensions["migrate"]


def get_engine():
    try:
        return migrate.db.get_engine()
    except (TypeError, AttributeError):
        return migrate.db.engine


def get_metadata():
    metadatas = getattr(migrate.db, "metadatas", None)
    return metadatas[None] if metadatas else migrate.db.metadata


config.set_main_option("sqlalchemy.url", str(get_engine().url).replace("%", "%%"))


def process_revision_directives(context, revision, directives):
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


arguments = dict(migrate.configure_args)
arguments.setdefault("process_revision_directives", process_revision_directives)
with get_engine().connect() as connection:
    context.configure(connection=connection, target_metadata=get_metadata(), **arguments)
    with context.begin_transaction():
        context.run_migrations()
"""
FLASK_APP = """
import os
from flask import Flask
from flask_migrate import Migrate
from library.models import db

migrate = Migrate()


def create_app({parameter}):
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "postgresql://nobody@db.invalid/production")
    app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
    db.init_app(app)
    migrate.init_app(app, db{options})
    return app
"""
FLASK_MODELS = """
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Book(db.Model):
    __tablename__ = "book"
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(200), nullable=False)
"""


def flask(parameter: str = "", options: str = "", models: str = FLASK_MODELS) -> dict[str, str]:
    """Return a project with Flask-Migrate: a package with a factory, and migrations as ``flask db init`` makes them."""
    return {
        "library/__init__.py": FLASK_APP.format(parameter=parameter, options=options),
        "library/models.py": models,
        "migrations/alembic.ini": FLASK_INI,
        "migrations/env.py": FLASK_ENV_PY,
        "migrations/script.py.mako": builder.MAKO,
        **versions(BOOK),
    }


FLASK = {
    "a factory in a package, which nothing names": flask(),
    ".flaskenv, without python-dotenv": {
        **flask(parameter="config"),
        ".flaskenv": "FLASK_APP=start\n",
        "start.py": "from library import create_app\n\nbook_app = create_app('production')\n",
        "wrong.py": "raise RuntimeError('not this one')\n",
    },
    "a Dockerfile that names a path in the container": {
        **flask(),
        "Dockerfile": 'FROM python:3.12\nENV FLASK_APP=/srv/shop/serve/start.py\nCMD ["gunicorn"]\n',
        "serve/start.py": "from library import create_app\n\napp = create_app()\n",
    },
    "manage.py of Flask-Script's time": {
        **flask(parameter="config"),
        "manage.py": "from library import create_app\n\napp = create_app('default')\n\n"
        "if __name__ == '__main__':\n    app.run()\n",
    },
    "env.py whose models need the context": {
        **tree(BOOK, env=EnvPy(imports="from library.tables import metadata", url='os.environ["DATABASE_URL"]').text),
        "library/tables.py": "from flask import current_app\nfrom library.models import db\n"
        "metadata = db.metadata\nassert current_app.extensions['migrate']\n",
        "library/models.py": FLASK_MODELS,
        "library/__init__.py": FLASK_APP.format(parameter="", options=""),
    },
}
"""What is found without any setting."""
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
__all__ = ["CREATE_BOOK", "FLASK", "PAGES"]
