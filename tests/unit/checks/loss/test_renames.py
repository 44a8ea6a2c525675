"""Which attribute or class is evidence for a rename, and where names and models say different things."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.loss.renames import renames, written
from checks.recording.losses import Added, Carried, Dropped, Loss, Mapped, Values


def dropped(name: str, *carried: Carried, type_: str = "text") -> Dropped:
    return Dropped(
        kind="column", schema="public", table="book", name=name, type=type_, values=Values.GONE, mapped=Mapped.YES,
        carried=carried,
    )  # fmt: skip


def added(name: str, *carried: Carried, type_: str = "text") -> Added:
    return Added(schema="public", table="book", name=name, type=type_, carried=carried)


def of(attribute: str, *others: str) -> Carried:
    return Carried(owner="Book", attribute=attribute, others=others)


def table(
    kind: type[Dropped] | type[Added], name: str, class_name: str, *columns: str, schema: str = "public"
) -> object:
    fields = {"schema": schema, "name": name, "columns": tuple((column, "text") for column in columns)}
    known = {"kind": "table", "values": Values.GONE, "mapped": Mapped.YES} if kind is Dropped else {}
    return kind(**fields, **known, carried=(Carried(owner=class_name),))  # type: ignore[arg-type]


def found(loss: Loss) -> dict[str, str]:
    return {one.name: rename.added.name for one, rename in renames(loss).items()}


@pytest.mark.parametrize(
    ("gone", "new", "expected"),
    [
        ([dropped("old", of("k", "number"))], [added("number", of("k", "old"))], {"old": "number"}),
        ([dropped("old", of("k", "number"))], [added("number", of("k", "old"), type_="integer")], {}),
        ([dropped("old", of("k"))], [added("number", of("j"))], {}),
        # Another new column has the attribute, or another dropped one had it.
        ([dropped("title", of("title", "head"))], [added("titles", of("titles"))], {}),
        ([dropped("title", of("title"))], [added("titles", of("name", "name"))], {}),
        # The names say that the two are swapped.
        (
            [dropped("x_old", of("a", "y")), dropped("y_old", of("b", "x"))],
            [added("y", of("a", "x_old")), added("x", of("b", "y_old"))],
            {},
        ),
        # Both say the same, whatever else is similar.
        (
            [dropped("line_one", of("a", "row_one")), dropped("line_two", of("b", "row_two"))],
            [added("row_two", of("b", "line_two")), added("row_one", of("a", "line_one"))],
            {"line_one": "row_one", "line_two": "row_two"},
        ),
        (
            [replace(dropped("old", of("k", "number")), mapped=Mapped.UNREAD)],
            [added("number", of("k"))],
            {"old": "number"},
        ),
        ([replace(dropped("old"), mapped=Mapped.UNREAD)], [added("olds")], {}),
        ([replace(dropped("old", of("k")), values=Values.ELSEWHERE)], [added("number", of("k"))], {}),
    ],
)
def test_columns(gone: list[Dropped], new: list[Added], expected: dict[str, str]) -> None:
    assert found(Loss(revision="a1", dropped=tuple(gone), added=tuple(new))) == expected


@pytest.mark.parametrize(
    ("columns", "class_name", "expected"),
    [
        (("id", "name"), "Book", {"book": "volumes"}),
        (("id", "name", "more"), "Book", {"book": "volumes"}),
        (("id", "size"), "Book", {}),
        (("id", "size", "more"), "Book", {}),
        (("id", "name"), "Volume", {}),
    ],
)
def test_tables(columns: tuple[str, ...], class_name: str, expected: dict[str, str]) -> None:
    old, new = table(Dropped, "book", "Book", "id", "name"), table(Added, "volumes", class_name, *columns)
    loss = Loss(revision="a1", dropped=(old,), added=(new,))  # type: ignore[arg-type]
    assert found(loss) == expected


def test_a_table_of_another_schema_is_moved() -> None:
    old, new = table(Dropped, "book", "Book", "id"), table(Added, "volume", "Book", "id", schema="shop")
    ((one, rename),) = renames(Loss(revision="a1", dropped=(old,), added=(new,))).items()  # type: ignore[arg-type]
    assert written(one, rename).splitlines() == [
        "# upgrade()",
        'op.rename_table("book", "volume")',
        'op.execute("ALTER TABLE volume SET SCHEMA shop")',
        "# downgrade()",
        'op.rename_table("volume", "book", schema="shop")',
        'op.execute("ALTER TABLE shop.book SET SCHEMA public")',
    ]
