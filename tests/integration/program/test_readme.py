"""What our pages show is what the program prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests import readme
from tests.integration.program.conftest import command, environ

REPOSITORY = Path(__file__).parents[3]
# What differs from run to run or from machine to machine, as the page shows it.
STEADY = (
    (r"(?<=  )( *\d+ ms| *[\d.]+ s)(?=\s|$)", lambda match: "·".rjust(len(match[0]))),
    (r"2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}(?=\n\n\"\"\")", lambda match: "2026-01-20 09:00:00.000000"),
    (r"/20\d\d_\d\d_\d\d_(?=\w+_match_the_models)", lambda match: "/2026_01_20_"),
    (
        r"PostgreSQL [\d.]+, Python [\d.]+, Alembic [\d.]+, SQLAlchemy [\d.]+, psycopg2 [\d.]+, [\d.]+ s",
        lambda match: "PostgreSQL 18.6, Python 3.13.5, Alembic 1.20.1, SQLAlchemy 2.1.9, psycopg2 2.9.13, 1.9 s",
    ),
)


def printed(*arguments: str) -> str:
    done = subprocess.run(
        command(*arguments),
        env=environ({"COLUMNS": "100"}),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def test_the_example_s_report_is_the_demo_s() -> None:
    text = printed("examples/bookstore", "--python", sys.executable, "--fail-on", "never")
    for pattern, replacement in STEADY:
        text = re.sub(pattern, replacement, text)
    readme.check("demo output", readme.fenced(text), readme.EXAMPLE)


def test_its_options_are_those_of_the_program() -> None:
    readme.check("options", readme.fenced(printed("--help")))
