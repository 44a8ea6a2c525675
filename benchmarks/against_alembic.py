"""Compare one whole run with the plain `alembic upgrade head` and `alembic check` that it replaces, as a ratio.

    .venv/bin/python benchmarks/against_alembic.py [REVISIONS] [ROUNDS]

Both run the same generated history on this machine, one after the other in every round. Alembic gets a running server
with the same settings as ours, so its time does not include the start of a server; our time does.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from action.postgres.databases import Databases  # noqa: E402
from action.postgres.servers import embedded  # noqa: E402

ENV_PY = """
import os
from alembic import context
from sqlalchemy import create_engine, pool
from models import Base
with create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
INI = "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\n"


def generate(folder: Path, revisions: int) -> None:
    """Write a linear history: a table in every fifth revision, then columns, an index and a foreign key on it."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI)
    (folder / "migrations" / "env.py").write_text(ENV_PY)
    (folder / "migrations" / "script.py.mako").write_text("")
    models = [
        "import sqlalchemy as sa",
        "from sqlalchemy.orm import DeclarativeBase",
        "class Base(DeclarativeBase): pass",
    ]
    for number in range(revisions):
        table, part = divmod(number, 5)
        operation, model = operations(table, part)
        models += model
        down = repr(f"r{number - 1:05}") if number else "None"
        (versions / f"r{number:05}.py").write_text(
            f'"""step {number}"""\nimport sqlalchemy as sa\nfrom alembic import op\n'
            f"revision = 'r{number:05}'\ndown_revision = {down}\n\n\n"
            f"def upgrade():\n    {operation}\n\n\ndef downgrade():\n    pass\n"
        )
    (folder / "models.py").write_text("\n".join(models) + "\n")


def operations(table: int, part: int) -> tuple[str, list[str]]:
    """Return the operation of a revision, and the lines that it adds to the models."""
    name = f"t{table}"
    if part == 0:
        return (
            f"op.create_table('{name}', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20)))",
            [f"T{table} = sa.Table('{name}', Base.metadata, sa.Column('id', sa.Integer, primary_key=True), "
             f"sa.Column('a', sa.String(20)))"],
        )  # fmt: skip
    if part == 3:
        return f"op.create_index('ix_{name}_a', '{name}', ['a'])", [f"sa.Index('ix_{name}_a', T{table}.c.a)"]
    column = f"c{part}"
    return (
        f"op.add_column('{name}', sa.Column('{column}', sa.Integer, server_default='0', nullable=False))",
        [f"T{table}.append_column(sa.Column('{column}', sa.Integer, server_default='0', nullable=False))"],
    )


@contextmanager
def running_server() -> Iterator[str]:
    """Yield the URL of a fresh database."""
    with embedded.boot() as server, Databases(server) as databases:
        address, database = server.address, databases.create("bench")
        login = f"{address.user}:{address.password}@{address.host}:{address.port}"
        yield f"postgresql+psycopg2://{login}/{database}"


def timed(command: list[str], folder: Path, environ: dict[str, str]) -> float:
    """Return the seconds that a command takes; it must succeed."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env={**os.environ, **environ}, check=True, capture_output=True)
    return time.perf_counter() - started


def one_round(folder: Path) -> tuple[float, float]:
    """Return the seconds of plain Alembic, and ours."""
    alembic = [sys.executable, "-m", "alembic"]
    with running_server() as url:
        environ = {"DATABASE_URL": url}
        plain = timed([*alembic, "upgrade", "head"], folder, environ) + timed([*alembic, "check"], folder, environ)
    ours = timed([sys.executable, str(REPOSITORY / "entrypoint.py"), str(folder)], folder, {})
    return plain, ours


def main() -> None:
    """Print the medians of all rounds and their ratio."""
    revisions, rounds = (int(argument) for argument in (sys.argv[1:] + ["300", "5"][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory() as name:
        generate(Path(name), revisions)
        one_round(Path(name))  # compiles the bytecode of both
        pairs = [one_round(Path(name)) for _ in range(rounds)]
    plain, ours = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for theirs, mine in pairs)
    print(
        f"{revisions} revisions, {rounds} rounds: alembic {plain:.2f} s, alembic-checks {ours:.2f} s, ratio {ratio:.2f}"
    )


if __name__ == "__main__":
    main()
