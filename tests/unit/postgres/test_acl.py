"""Access control lists as the catalog has them, and in what they differ from the built-in privileges."""

from __future__ import annotations

import pytest

from action.postgres.acl import of_columns, privileges

OWN = "ann=X/ann"


@pytest.mark.parametrize(
    ("acl", "kind", "expected"),
    [
        (None, "function", None),
        (["ann", OWN, "=X/ann"], "function", None),
        (["ann", OWN], "function", ("REVOKE EXECUTE FROM PUBLIC",)),
        (["ann"], "function", ("REVOKE EXECUTE FROM PUBLIC",)),
        (["ann", OWN, "=X/ann", "app=X*/ann"], "procedure", ("GRANT EXECUTE TO app WITH GRANT OPTION",)),
        (["ann", "ann=U/ann"], "domain", ("REVOKE USAGE FROM PUBLIC",)),
        (["ann", "ann=UC/ann", "=U/ann"], "schema", ("GRANT USAGE TO PUBLIC",)),
        (["ann", "ann=arwdDxtm/ann", "app=r*w/ann"], "column",
         ("GRANT SELECT TO app WITH GRANT OPTION", "GRANT UPDATE TO app")),
        (["Odd=\"/one", '"Odd=""/one"=U/x', '"a ""b"""=U/"Odd=""/one"'], "server", ('GRANT USAGE TO "a ""b"""',)),
        (["ann", "app=r/ann", "app=r/other"], "column", ("GRANT SELECT TO app",)),
        (["ann", "PUBLIC=U/ann"], "schema", ('GRANT USAGE TO "PUBLIC"',)),
    ],
)  # fmt: skip
def test_only_what_differs_from_the_built_in_is_listed(
    acl: list[str] | None, kind: str, expected: tuple[str, ...] | None
) -> None:
    assert privileges(acl, kind) == expected


def test_default_privileges_of_a_schema_are_added_to_those_of_the_database() -> None:
    assert privileges(["ann", OWN], "FUNCTIONS") == ("REVOKE EXECUTE FROM PUBLIC",)
    assert privileges(["ann", "=X/ann"], "FUNCTIONS", adds=True) == ("GRANT EXECUTE TO PUBLIC",)
    assert privileges(["ann", "app=X/ann"], "FUNCTIONS", adds=True) == ("GRANT EXECUTE TO app",)


def test_the_columns_of_a_view_stand_with_their_privileges() -> None:
    assert of_columns(None) is None
    assert of_columns({"a": ["ann", "app=r/ann"], "B": ["ann", "=w/ann"]}) == (
        "GRANT SELECT (a) TO app",
        'GRANT UPDATE ("B") TO PUBLIC',
    )
