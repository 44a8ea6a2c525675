"""docs/security.md has the table of attacks as tests/faults/attacks.py has it, and each attack has its test."""

from __future__ import annotations

import ast
import os
import re

import pytest

from tests.faults.attacks import ATTACKS
from tests.house import ROOT

PAGE = ROOT / "docs" / "security.md"
_BLOCK = re.compile(r"(?<=<!-- attacks -->\n).*(?=<!-- /attacks -->)", re.DOTALL)
MANY = 40


def table() -> str:
    """Return the table as the page has it."""
    rows = (f"| {attack.what} | {attack.against} | {linked(attack.test)} |" for attack in ATTACKS)
    return "\n".join(["| attack | what keeps it out | test |", "| --- | --- | --- |", *rows]) + "\n"


def linked(test: str) -> str:
    """Return a test as a link to its file."""
    path, _, name = test.partition("::")
    return f"[{name.partition('[')[0] or path.rpartition('/')[2]}](../{path})"


def test_the_page_shows_every_attack() -> None:
    text = PAGE.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_GOLDEN"):
        text = _BLOCK.sub(lambda _: table(), text)
        PAGE.write_text(text, encoding="utf-8")
    found = _BLOCK.search(text)
    assert found is not None
    assert found[0] == table()
    assert len(ATTACKS) >= MANY


@pytest.mark.parametrize("test", sorted({attack.test for attack in ATTACKS}))
def test_every_attack_has_its_test(test: str) -> None:
    path, _, name = test.partition("::")
    defined = {node.name for node in ast.parse((ROOT / path).read_bytes()).body if isinstance(node, ast.FunctionDef)}
    assert not name or name.partition("[")[0] in defined


def test_attacks_have_names_of_their_own() -> None:
    names = [attack.what for attack in ATTACKS]
    assert [name for name in names if names.count(name) > 1] == []
