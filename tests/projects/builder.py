"""Writes small Alembic projects, ordinary but for the one thing that a scenario is about.

The parts are texts, so that a test reads as the project does: ``project(root, **{"migrations/env.py": EnvPy(...).text})``.
They run on SQLAlchemy from 1.3 and Alembic from 1.8.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

INI = """
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
sqlalchemy.url = postgresql+psycopg2://nobody:nothing@db.invalid/production
"""
MAKO = '''
"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
MODELS = """
from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData()
book = Table("book", metadata, Column("id", Integer, primary_key=True), Column("title", String(200), nullable=False))
"""
CREATE_BOOK = """
op.create_table(
    "book",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
)
"""
FROM_INI = 'config.get_main_option("sqlalchemy.url")'
FROM_ENVIRONMENT = 'os.environ["DATABASE_URL"]'
ENGINE = "create_engine(url, poolclass=pool.NullPool)"
SYNC = """
engine = {engine}

with engine.connect() as connection:
{before}
    context.configure(connection=connection, target_metadata={metadata}{options})
    with context.begin_transaction():
        context.run_migrations()
"""
ASYNC = """
from sqlalchemy.ext.asyncio import create_async_engine

def do_run_migrations(connection):
{before}
    context.configure(connection=connection, target_metadata={metadata}{options})
    with context.begin_transaction():
        context.run_migrations()

async def run_async_migrations():
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await engine.dispose()

asyncio.run(run_async_migrations())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version file to be."""

    id: str
    down: str | tuple[str, ...] | None = None
    upgrade: str = "pass"
    downgrade: str = "pass"
    top: str = ""
    """What stands above ``upgrade``."""
    labels: tuple[str, ...] | None = None
    depends_on: tuple[str, ...] | None = None

    @property
    def text(self) -> str:
        """Return the version file; ``upgrade`` starts at the line that ``line`` says."""
        up, down = (indent(dedent(body).strip(), "    ") for body in (self.upgrade, self.downgrade))
        return f"{self._head}{up}\n\n\ndef downgrade():\n{down}\n"

    @property
    def line(self) -> int:
        """Return the line on which the body of ``upgrade`` starts."""
        return self._head.count("\n") + 1

    @property
    def _head(self) -> str:
        top = f"{dedent(self.top).strip()}\n" if self.top else ""
        return (
            f'"""Revision {self.id}."""\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
            f"revision = {self.id!r}\ndown_revision = {self.down!r}\n"
            f"branch_labels = {self.labels!r}\ndepends_on = {self.depends_on!r}\n{top}\n\ndef upgrade():\n"
        )


BOOK = Revision(id="a1", upgrade=CREATE_BOOK)


@dataclass(frozen=True, kw_only=True)
class EnvPy:
    """An env.py by its parts."""

    top: str = ""
    imports: str = "from models import metadata"
    url: str = FROM_INI
    engine: str = ENGINE
    metadata: str = "metadata"
    before: str = "pass"
    """What runs on the connection, before the migrations."""
    options: str = ""
    """What goes to ``context.configure`` as well."""
    run: str = SYNC

    @property
    def text(self) -> str:
        """Return the file."""
        head = f"""
import asyncio, os, sys
from alembic import context
from sqlalchemy import create_engine, pool, text
{dedent(self.imports).strip()}

config = context.config
url = {self.url}
"""
        body = self.run.format(
            engine=self.engine,
            before=indent(dedent(self.before).strip(), "    "),
            metadata=self.metadata,
            options=f", {self.options}" if self.options else "",
        )
        return head + dedent(self.top).strip() + "\n" + body


def versions(*revisions: Revision, folder: str = "migrations/versions") -> dict[str, str]:
    """Return the version files of a tree."""
    return {f"{folder}/{revision.id}_.py": revision.text for revision in revisions}


def tree(*revisions: Revision, env: str = "", models: str = MODELS, ini: str = INI) -> dict[str, str]:
    """Return the files of an ordinary project: alembic.ini, migrations and models.py."""
    return {
        "alembic.ini": ini,
        "models.py": models,
        "migrations/script.py.mako": MAKO,
        "migrations/env.py": env or EnvPy().text,
        **versions(*revisions),
    }


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return the same files in a subfolder."""
    return {f"{folder}/{path}": text for path, text in files.items()}


def write(root: Path, *parts: Mapping[str, str]) -> Path:
    """Write the files below ``root``, a later part's over an earlier's, and return it."""
    for path, text in {path: text for part in parts for path, text in part.items()}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.strip() + "\n" if not path.endswith("_.py") else text)
    return root


def git(root: Path, *arguments: str) -> str:
    """Run git in the project, as an author of its own."""
    author = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *author, *arguments], cwd=root, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    return done.stdout.strip()


def commit(root: Path, *parts: Mapping[str, str]) -> str:
    """Write and commit the files, in a repository that is made at the first call; return the commit's id."""
    write(root, {".gitignore": "__pycache__/"}, *parts)
    if not (root / ".git").exists():
        git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Change", "--allow-empty")
    return git(root, "rev-parse", "HEAD")
