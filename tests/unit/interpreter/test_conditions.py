"""Lines of requirements with a condition, as each tool writes them."""

from __future__ import annotations

import pytest

from action.interpreter.conditions import condition_of

LINES = (
    'flask==3.1.3 ; python_full_version == "3.12.13"',
    'psycopg[binary]>=3.3,<4; sys_platform == "win32"  # not on our servers',
    "six==1.16 ; python_version < '3' \\",
    "six==1.17 ; python_version < '2.8' \\",
    "    --hash=sha256:00",
    "alembic==1.14",
    "alembic==1.13 ; python_version < '3.9'",
    "# yaml ; never",
)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("flask", ("flask", 'python_full_version == "3.12.13"')),
        ("psycopg", ("psycopg", 'sys_platform == "win32"')),
        ("six.moves", ("six", "python_version < '3' or python_version < '2.8'")),
        ("alembic", None),
        ("yaml", None),
        ("fla", None),
    ],
)
def test_the_condition_of_a_package(module: str, expected: tuple[str, str] | None) -> None:
    assert condition_of(module, LINES) == expected
