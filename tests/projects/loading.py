"""Projects that load only as `alembic upgrade` loads them: in its order, from its folder, by its configuration."""

from __future__ import annotations

from textwrap import dedent

from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, Revision, tree

TYPES = "import sqlalchemy as sa\n\nTitle = sa.String(200)\n"
WITH_TYPE = """
op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("title", Title, nullable=False))
"""
TYPED = Revision(id="a1", upgrade=WITH_TYPE, top="from shelves.types import Title")
SET_PARTS = """
config.set_section_option("alembic", "DB_USER", "ann")
config.set_section_option("alembic", "DB_PASS", "p%%40ss")
"""
FILLED_INI = """
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
file_template = %%(year)d_%%(rev)s
sqlalchemy.url = postgresql+psycopg2://%(DB_USER)s:%(DB_PASS)s@db.invalid/production
output = 100 % sure, 5%(nothing
"""


def path_from_env_py() -> dict[str, str]:
    """Return a project whose env.py makes importable what a version file imports."""
    env = EnvPy(
        imports='sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "src"))\n'
        "from shelves.models import metadata"
    )
    files = tree(TYPED, env=env.text, ini=builder.INI.replace("prepend_sys_path = .\n", ""))
    del files["models.py"]
    package = {"__init__.py": "", "models.py": builder.MODELS, "types.py": TYPES}
    return {**files, **{f"src/shelves/{name}": text for name, text in package.items()}}


def circular() -> dict[str, str]:
    """Return a project whose package can be imported from its models, and not from its types."""
    models = builder.MODELS.replace("metadata = MetaData()", "metadata = MetaData()\nfrom shelves import types\n")
    types = "from shelves.models import metadata\n" + TYPES
    env = EnvPy(imports="from shelves.models import metadata").text
    return {
        **tree(TYPED, env=env),
        "models.py": "raise RuntimeError('not this one')",
        "shelves/__init__.py": "",
        "shelves/models.py": models + "assert types.Title\n",
        "shelves/types.py": types,
    }


def url_filled_in_by_env_py() -> dict[str, str]:
    """Return a project whose env.py sets the options that its URL is made of."""
    env = EnvPy(top="", imports="from models import metadata", url='""').text
    env = env.replace('url = ""', dedent(SET_PARTS).strip() + f"\nurl = {builder.FROM_INI}")
    return tree(BOOK, env=env, ini=FILLED_INI)


def raises_command_error(where: str) -> dict[str, str]:
    """Return a project whose own code raises Alembic's exception as it is imported: env.py, or a version file."""
    refusal = 'from alembic.util import CommandError\nraise CommandError("the shelves are not open")'
    if where == "env.py":
        return tree(BOOK, env=EnvPy(top=refusal).text)
    if where == "a module":
        return {**tree(Revision(id="a1", upgrade=builder.CREATE_BOOK, top="import shelves")), "shelves.py": refusal}
    return tree(Revision(id="a1", upgrade=builder.CREATE_BOOK, top=refusal))


ENGINE_SETTINGS = """
import os
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    DB_ENGINE: str = "sqlite"
    POSTGRES_HOST: str = "db"
    POSTGRES_URL_OVERRIDE: str | None = None

    @property
    def url(self):
        if self.DB_ENGINE == "postgres":
            return os.environ["DATABASE_URL"]
        return "sqlite:///library.db"


settings = Settings()
"""
URI_SETTINGS = """
from enum import Enum
from typing import Optional
from pydantic_settings import BaseSettings, SettingsConfigDict


class Kind(str, Enum):
    SQLITE = "sqlite"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="library_", extra="ignore")
    cover: Optional[str] = None
    pg_uri: Optional[str] = None

    @property
    def url(self):
        return self.pg_uri or "sqlite:///" + "library.db"


settings = Settings()
"""
PLAIN_SETTINGS = """
import os


class settings:
    url = os.environ["SHELF_URL"] if "SHELF_URL" in os.environ else "sqlite:///library.db"
"""


def by_settings(settings: str) -> dict[str, str]:
    """Return a project whose settings choose SQLite unless a variable says otherwise."""
    env = EnvPy(imports="from models import metadata\nfrom settings import settings", url="settings.url").text
    return {**tree(BOOK, env=env), "settings.py": settings}


PACKAGE_INI = """
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
sqlalchemy.url = postgresql+psycopg2://nobody:nothing@db.invalid/production
"""
_FROM_PACKAGE = "from library.models import metadata"


def _in_a_package(env: EnvPy, *, ini: str = PACKAGE_INI, folder: str = "library") -> dict[str, str]:
    files = builder.below(folder, tree(BOOK, env=env.text, ini=ini))
    return {**files, f"{folder}/__init__.py": ""}


FOLDERS = {
    "an ini in a package that is imported from the root": _in_a_package(EnvPy(imports=_FROM_PACKAGE)),
    "a file that is read from the root": {
        **_in_a_package(EnvPy(imports=f'{_FROM_PACKAGE}\nassert open("config/library.txt").read()')),
        "config/library.txt": "open",
    },
    "a package below the given folder": builder.below(
        "services/api", _in_a_package(EnvPy(imports=_FROM_PACKAGE), folder="library")
    ),
}
"""Each loads in the folder above its ini, and not in that of its ini."""
_NO_PATH = builder.INI.replace("prepend_sys_path = .\n", "")
SEVERAL = "prepend_sys_path = %(here)s/src{0}lib\n"


def _src(ini: str = _NO_PATH) -> dict[str, str]:
    env = EnvPy(imports="from shelves.models import metadata\nimport lamps").text
    files = tree(BOOK, env=env, ini=ini)
    del files["models.py"]
    return {
        **files,
        "src/shelves/__init__.py": "",
        "src/shelves/models.py": builder.MODELS,
        "lib/lamps.py": "LIT = True",
    }


PATHS = {
    "os": _src(_NO_PATH + SEVERAL.format(":") + "path_separator = os\n"),
    "space": _src(_NO_PATH + SEVERAL.format(" ") + "path_separator = space\n"),
    "newline": _src(_NO_PATH + SEVERAL.format("\n  ") + "path_separator = newline\n"),
    "the old separator of versions": _src(
        _NO_PATH
        + SEVERAL.format(" ")
        + "version_locations = %(here)s/migrations/versions\nversion_path_separator = :\n"
    ),
    "none": _src(_NO_PATH + SEVERAL.format(":")),
}
"""Several folders in prepend_sys_path, absolute and relative, by their separator."""


def without_a_path() -> dict[str, str]:
    """Return a project of which only PYTHONPATH says where its packages are."""
    return _src()


def needs_a_file_of_nowhere() -> dict[str, str]:
    return tree(BOOK, env=EnvPy(top='open("config/library.txt")').text)


def versions_from_the_root() -> dict[str, str]:
    """Return a project whose ini names its versions as they are called from the root."""
    ini = PACKAGE_INI + "version_locations = library/migrations/versions\n"
    return _in_a_package(EnvPy(imports=_FROM_PACKAGE), ini=ini)


_PART = """
    context.configure(connection=connection, target_metadata={0}, version_table="version_of_{0}")
    with context.begin_transaction():
        context.run_migrations()
"""


def configures_once_for_each_part() -> dict[str, str]:
    """Return a project whose env.py configures Alembic twice on one database, with another metadata each time."""
    models = builder.MODELS + 'more = MetaData()\nTable("author", more, Column("id", Integer, primary_key=True))\n'
    run = "with create_engine(url).connect() as connection:" + _PART.format("metadata") + _PART.format("more")
    make = builder.CREATE_BOOK.strip() + "\n" + AUTHOR
    once = 'if not sa.inspect(op.get_bind()).has_table("book"):\n' + "\n".join(
        f"    {line}" for line in make.splitlines()
    )
    return tree(Revision(id="a1", upgrade=once), models=models, env=EnvPy(imports=IMPORTS, run=run).text)


AUTHOR = 'op.create_table("author", sa.Column("id", sa.Integer(), primary_key=True))'
IMPORTS = "from models import metadata, more"
