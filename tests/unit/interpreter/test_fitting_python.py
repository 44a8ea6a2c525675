"""Packages that install with a Python and do not run with it."""

from __future__ import annotations

import pytest

from action.interpreter.fitting_python import unfit_for


@pytest.mark.parametrize(
    ("version", "python", "expected"),
    [
        ("2.0.0b3", "3.13", True),
        ("2.0.3", "3.13", True),
        ("2.0.30", "3.14", True),
        ("2.0.30", "3.12", False),
        ("2.0.31", "3.13", False),
        ("2.0.300", "3.13", False),
        ("1.4.54", "3.13", False),
    ],
)
def test_an_early_sqlalchemy_2_does_not_run_with_python_3_13(version: str, python: str, expected: bool) -> None:
    found = unfit_for(python, f"alembic==1.14.0\nsqlalchemy=={version} ; python_version >= '3'\n")
    assert found == (f"sqlalchemy=={version}" if expected else "")
