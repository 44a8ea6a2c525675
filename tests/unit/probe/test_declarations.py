"""Where tables and columns are declared, found in the source of modules that were really imported."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from action.probe.declarations import declarations
from action.probe.watching.frames import Places

SOURCE = '''
"""Models."""
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Stamped:
    created: Mapped[int]


class Book(Stamped, Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = Column("Title", Text)


class Novel(Book):
    plot: Mapped[str | None]


tags = Table(
    "tags",
    Base.metadata,
    Column("book_id", ForeignKey("book.id")),
    Column("tag", Text),
    schema="shop",
)
'''


@pytest.fixture
def project(tmp_path: Path) -> Iterator[MetaData]:
    path = tmp_path / "app" / "sample_models.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("sample_models_of_a_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module.Base.metadata
    del sys.modules[spec.name]


def named(item: Any) -> tuple[str, str]:
    return (item.schema or "public", item.name)


def test_classes_attributes_mixins_and_tables_are_found(project: MetaData, tmp_path: Path) -> None:
    path = "app/sample_models.py"
    assert declarations([project], Places(str(tmp_path), []), named) == {
        "public.book": (path, 15, "Book"),
        "public.book.id": (path, 17, "Book"),
        "public.book.Title": (path, 18, "Book"),
        "public.book.created": (path, 12, "Stamped"),
        "public.book.plot": (path, 22, "Novel"),
        "shop.tags": (path, 25, "tags"),
        "shop.tags.book_id": (path, 28, "tags"),
        "shop.tags.tag": (path, 29, "tags"),
    }


def test_files_outside_the_root_are_not_the_project_s(project: MetaData, tmp_path: Path) -> None:
    assert declarations([project], Places(str(tmp_path / "elsewhere"), []), named) == {}


def test_what_is_no_metadata_gives_nothing() -> None:
    assert declarations([object()], Places("/", []), named) == {}
