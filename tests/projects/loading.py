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
