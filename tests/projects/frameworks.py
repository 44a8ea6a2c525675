"""Projects whose framework runs their migrations, as its own documentation writes them."""

from __future__ import annotations

from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, Revision, tree, versions

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
    "a factory in a package, which nothing names": (flask(), "library"),
    ".flaskenv, without python-dotenv": (
        {
            **flask(parameter="config"),
            ".flaskenv": "FLASK_APP=start\n",
            "start.py": "from library import create_app\n\nbook_app = create_app('production')\n",
            "wrong.py": "raise RuntimeError('not this one')\n",
        },
        "start",
    ),
    "a Dockerfile that names a path in the container": (
        {
            **flask(),
            "Dockerfile": 'FROM python:3.12\nENV FLASK_APP=/srv/shop/serve/start.py\nCMD ["gunicorn"]\n',
            "serve/start.py": "from library import create_app\n\napp = create_app()\n",
        },
        "serve/start.py",
    ),
    "app.py, which Flask finds by itself": (
        {**flask(), "app.py": "from library import create_app\n\napplication = create_app()\n"},
        "wsgi.py or app.py",
    ),
    "manage.py of the time of Flask-Script": (
        {
            **flask(parameter="config"),
            "manage.py": "from library import create_app\n\napp = create_app('default')\napp.run()\n",
        },
        "manage",
    ),
    "scripts that create an application for what they do": (
        {
            **flask(),
            "populate.py": "from library import create_app\n\napp = create_app()\nopen('populated', 'w').close()\n",
            "import.py": "import sys\nfrom library import create_app\n\napp = create_app()\nsys.exit(sys.argv[1])\n",
        },
        "library",
    ),
    "env.py whose models need the context": (
        {
            **tree(
                BOOK, env=EnvPy(imports="from library.tables import metadata", url='os.environ["DATABASE_URL"]').text
            ),
            "library/tables.py": "from flask import current_app\nfrom library.models import db\n"
            "metadata = db.metadata\nassert current_app.extensions['migrate']\n",
            "library/models.py": FLASK_MODELS,
            "library/__init__.py": FLASK_APP.format(parameter="", options=""),
        },
        "library",
    ),
}
"""What is found without any setting, and where."""
MULTIDB_ENV_PY = """
from flask import current_app
from sqlalchemy import MetaData
from alembic import context

config = context.config
db = current_app.extensions["migrate"].db


def engine_of(name):
    if hasattr(db, "engines"):
        return db.engines[name]
    return db.get_engine(current_app._get_current_object(), name)


def metadata_of(name):
    if hasattr(db, "metadatas"):
        return db.metadatas[name]
    found = MetaData()
    for table in db.metadata.tables.values():
        if table.info.get("bind_key") == name:
            table.tometadata(found)
    return found


engines = {"": None, "users": "users"}
opened = {}
for name, key in engines.items():
    connection = engine_of(key).connect()
    opened[name] = (connection, connection.begin())
for name, (connection, _) in opened.items():
    context.configure(
        connection=connection, upgrade_token="%s_upgrades" % name, downgrade_token="%s_downgrades" % name,
        target_metadata=metadata_of(engines[name]), **current_app.extensions["migrate"].configure_args
    )
    context.run_migrations(engine_name=name)
for connection, transaction in opened.values():
    transaction.commit()
    connection.close()
"""
"""What ``flask db init --multidb`` writes, in short."""
USERS = """


class User(db.Model):
    __bind_key__ = "users"
    __tablename__ = "user"
    id = db.Column(db.Integer, primary_key=True)
"""
TWO = """
if engine_name == "users":
    op.create_table("user", sa.Column("id", sa.Integer(), primary_key=True))
else:
    op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("title", sa.String(200), nullable=False))
"""


def multidb() -> dict[str, str]:
    """Return a project with two binds."""
    revision = Revision(id="a1", upgrade=TWO)
    text = revision.text.replace("def upgrade():", "def upgrade(engine_name):")
    files = flask(models=FLASK_MODELS + USERS)
    app = files["library/__init__.py"].replace(
        "    db.init_app(app)",
        '    app.config["SQLALCHEMY_BINDS"] = {"users": "postgresql+psycopg2://nobody@db.invalid/users"}\n    db.init_app(app)',
    )
    return {
        **files,
        "library/__init__.py": app,
        "migrations/env.py": MULTIDB_ENV_PY,
        "migrations/versions/a1_.py": text.replace("def downgrade():", "def downgrade(engine_name):"),
    }


FLASK_ALEMBIC = """
import os
from flask import Flask
from flask_alembic import Alembic
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
alembic = Alembic(run_mkdir=False)


class Book(db.Model):
    __tablename__ = "book"
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(200), nullable=False)
    {more}


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
    db.init_app(app)
    alembic.init_app(app)
    return app
"""


def flask_alembic(more: str = "") -> dict[str, str]:
    """Return a project with Flask-Alembic, which has neither an env.py nor an alembic.ini."""
    return {
        "library/__init__.py": FLASK_ALEMBIC.format(more=more),
        "library/migrations/script.py.mako": builder.MAKO,
        **versions(BOOK, folder="library/migrations"),
    }


ADVANCED_ENV_PY = """
import asyncio
from alembic import context
from advanced_alchemy.base import metadata_registry

config = context.config


def run(connection):
    context.configure(
        connection=connection, target_metadata=metadata_registry.get(config.bind_key),
        version_table=config.version_table_name, version_table_schema=config.version_table_schema,
        compare_type=config.compare_type, render_as_batch=config.render_as_batch,
    )
    with context.begin_transaction():
        context.run_migrations()


async def main():
    async with config.engine.connect() as connection:
        await connection.run_sync(run)
    await config.engine.dispose()


asyncio.run(main())
"""
"""That of ``litestar database init``, in short."""
ADVANCED_INI = "[alembic]\nprepend_sys_path = src:.\nscript_location = migrations\n"
ADVANCED_CONFIG = """
import os
from advanced_alchemy.config import AlembicAsyncConfig
from advanced_alchemy.extensions.{kind} import SQLAlchemyAsyncConfig{plugin}
from advanced_alchemy.base import DefaultBase
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column
{imports}


class Book(DefaultBase):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))


alchemy = SQLAlchemyAsyncConfig(
    connection_string=os.environ["DATABASE_URL"].replace("+psycopg", "+asyncpg"),
    alembic_config=AlembicAsyncConfig(
        script_location="migrations", script_config="migrations/alembic.ini", version_table_name="ddl_version"
    ),
)
{app}
"""


def advanced_alchemy(kind: str) -> dict[str, str]:
    """Return a project with advanced-alchemy, for Litestar or for FastAPI."""
    parts = {
        "litestar": (
            ", SQLAlchemyPlugin",
            "from litestar import Litestar",
            "app = Litestar(plugins=[SQLAlchemyPlugin(alchemy)])",
        ),
        "fastapi": ("", "", ""),
    }
    plugin, imports, app = parts[kind]
    text = ADVANCED_CONFIG.format(kind=kind, plugin=plugin, imports=imports, app=app)
    return {
        "app.py" if kind == "litestar" else "service/db.py": text,
        "service/app.py": "from advanced_alchemy.extensions.fastapi import AdvancedAlchemy\nfrom fastapi import FastAPI\n"
        "from service.db import alchemy\n\napp = FastAPI()\nAdvancedAlchemy(alchemy, app)\n",
        "migrations/alembic.ini": ADVANCED_INI,
        "migrations/env.py": ADVANCED_ENV_PY,
        "migrations/script.py.mako": builder.MAKO,
        **versions(BOOK),
    }


PROGRAM = """
import click
from advanced_alchemy.extensions.fastapi.cli import register_database_commands
from service import tables
from service.app import app


def run():
    group = click.Group()
    group.add_command(register_database_commands(app), name="db")
    group()
"""


def advanced_alchemy_program() -> dict[str, str]:
    """Return a project with FastAPI whose own program has advanced-alchemy's commands, and alone imports the models."""
    files = advanced_alchemy("fastapi")
    tables = files["service/db.py"]
    start, end = tables.index("class Book"), tables.index("alchemy = ")
    scripts = '[project]\nname = "service"\nversion = "1"\n\n[project.scripts]\nservice = "service.cli:run"\n'
    return {
        **{path: text for path, text in files.items() if not path.startswith("service/")},
        "src/service/app.py": files["service/app.py"],
        "src/service/db.py": tables[:start] + tables[end:],
        "src/service/tables.py": tables[:end],
        "src/service/cli.py": PROGRAM,
        "src/service/__init__.py": "",
        "pyproject.toml": scripts,
        "migrations/env.py": ADVANCED_ENV_PY.replace(
            "metadata_registry.get(config.bind_key)", "orm_registry.metadata"
        ).replace("metadata_registry", "orm_registry"),
    }


IN_A_LOOP = ('command.upgrade(config, "head")', 'await asyncio.to_thread(command.upgrade, config, "head")')


def litestar_program() -> dict[str, str]:
    """Return a project with Litestar whose own program says where the application is."""
    files = advanced_alchemy("litestar")
    del files["service/app.py"]
    app = files.pop("app.py")
    program = 'import os\n\nos.environ.setdefault("LITESTAR_APP", "shop.server:app")\n'
    return {**files, "src/py/shop/server.py": app, "src/py/shop/__init__.py": "", "src/py/shop/__main__.py": program}


QUART = """
import asyncio, os
from alembic import command
from alembic.config import Config
from quart import Quart, current_app

app = Quart(__name__)
app.config["DATABASE"] = "postgresql://nobody@db.invalid/production"


@app.cli.command("migrate")
def migrate():
    async def run():
        async with app.app_context():
            config = Config("migrations/alembic.ini")
            config.attributes["engine_url"] = current_app.config["DATABASE"]
            {call}

    asyncio.run(run())
"""
QUART_ENV_PY = EnvPy(imports="from quart import current_app\nfrom models import metadata").text.replace(
    builder.FROM_INI, 'current_app.config["DATABASE"]'
)


def quart(call: str) -> dict[str, str]:
    """Return a project with Quart, whose command calls Alembic within a running event loop."""
    files = tree(BOOK, env=QUART_ENV_PY)
    files["migrations/alembic.ini"] = files.pop("alembic.ini").replace("%(here)s/migrations", "%(here)s")
    return {**files, "app.py": QUART.format(call=call)}
