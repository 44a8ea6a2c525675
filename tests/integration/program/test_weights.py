"""Differences weighed by who is hurt: what the probe learns of the models, and what the report makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects.builder import Revision, tree, write

TABLE = """
import enum
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

class Base(DeclarativeBase):
    pass

metadata = Base.metadata

class Book({bases}Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True{first})
    {column}
"""


def models(column: str, bases: str = "", first: str = "") -> str:
    return TABLE.format(column=column, bases=bases, first=first)


def book(column: str) -> Revision:
    text = f'op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), {column})'
    return Revision(id="a1", upgrade=text)


@pytest.mark.parametrize(
    ("model", "migration", "findings"),
    [
        (
            models("sold: Mapped[bool] = mapped_column(default=False)"),
            'sa.Column("sold", sa.Boolean(), nullable=False, server_default="false")',
            ["notice schema-differs public.book.sold models.py:13"],
        ),
        (
            models("sold: Mapped[bool] = mapped_column(default=False, server_default='false')"),
            'sa.Column("sold", sa.Boolean(), nullable=False)',
            ["warning missing-migration public.book.sold models.py:13"],
        ),
        (
            models(
                "sold: Mapped[bool] = mapped_column(default=False, server_default='false', kw_only=True)",
                "MappedAsDataclass, ",
                ", init=False",
            ),
            'sa.Column("sold", sa.Boolean(), nullable=False)',
            ["warning missing-migration public.book.sold models.py:13"],
        ),
        (
            models("sold: Mapped[bool] = mapped_column(server_default='false')"),
            'sa.Column("sold", sa.Boolean(), nullable=False)',
            ["error missing-migration public.book.sold models.py:13"],
        ),
        (
            models("sold: Mapped[bool] = mapped_column(server_default=FetchedValue())"),
            'sa.Column("sold", sa.Boolean(), nullable=False, server_default="false")',
            [],
        ),
        (
            models('at: Mapped[str] = mapped_column(DateTime, server_default="now()")'),
            'sa.Column("at", sa.DateTime(), nullable=False, server_default="now()")',
            ["warning frozen-default public.book.at models.py:13"],
        ),
        (
            models('key: Mapped[str] = mapped_column(Uuid, server_default="gen_random_uuid()")'),
            'sa.Column("key", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()"))',
            ["warning frozen-default public.book.key models.py:13"],
        ),
        (
            models("kind: Mapped[str] = mapped_column(Enum('on', 'waiting', native_enum=False, name='k'))"),
            'sa.Column("kind", sa.String(20), nullable=False)',
            ["notice schema-differs public.book.kind models.py:13"],
        ),
    ],
    ids=["only-in-database", "python-too", "dataclass", "orm-fails", "fetched", "frozen", "refused", "wider"],
)
def test_a_column_of_the_model_against_the_migrations(
    run: Run, tmp_path: Path, model: str, migration: str, findings: list[str]
) -> None:
    ran = run(write(tmp_path, tree(book(migration), models=model)))
    failed = any(line.startswith("error") for line in findings)
    drift = [f"  drift {'failed' if failed else 'passed'}", *(f"    {line}" for line in findings)]
    assert ran.outline[ran.outline.index(drift[0]) :] == drift
    assert ran.code == int(failed)
    proposed = any("missing-migration" in line for line in findings)
    assert [fix["title"] for fix in ran.check("drift")["fixes"]] == (
        [
            "Missing migration (autogenerate + 2 added lines; "
            "verified: applies, undoes, applies again; no differences remain)"
        ]
        if proposed
        else []
    )
