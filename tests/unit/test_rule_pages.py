"""The pages of the rules: a section for each, with an example that the program prints, a fix and a way to silence."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import cache

import pytest

from action.commands.reference import section
from checks.rule import Rule
from checks.rules import RULES
from tests import readme
from tests.house import ROOT, modules

PAGES = {page.stem: page for page in (ROOT / "docs" / "checks").glob("*.md")}
CATALOGUE = ROOT / "docs" / "README.md"
LABELS = ("Example", "Fix", "Silence")
EACH = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
_FEWEST, _FEWEST_AROUND = 12, 9
"""Characters of its own that a sentence of the source has to have, alone and around a value: `{a} {b}` matches any."""


def text_of(rule: Rule) -> str:
    return section(PAGES[rule.check].read_text(encoding="utf-8"), rule.id)


@cache
def sentences() -> list[re.Pattern[str]]:
    """Return what the checks can say, with any text in the place of a value."""
    found = set()
    for module in modules("checks", "action/rehearsal", "action/session").values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.JoinedStr):
                parts: list[object] = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                parts = [part or None for part in re.split(r"\{\w+\}", node.value)]
            else:
                continue
            own = [len(str(part)) for part in parts if part]
            if sum(own) >= (_FEWEST if len(own) == 1 else _FEWEST_AROUND):
                found.add("".join(re.escape(str(part)) if part else ".*" for part in _with_gaps(parts)))
    return [re.compile(text) for text in found]


def _with_gaps(parts: Sequence[object]) -> list[object]:
    """Return the parts of a format string with a gap between each two texts; those of an f-string as they are."""
    joined: list[object] = []
    for part in parts:
        if joined and joined[-1] is not None and part is not None:
            joined.append(None)
        joined.append(part)
    return joined


def is_said(text: str) -> bool:
    """Return whether the checks say a text: a sentence of theirs, or two."""
    text = re.sub(r"^Revision \w+ (did .*)\.$", r"\1", text)  # what a run did has no subject before it is judged
    cuts = [len(text), *(match.end() for match in re.finditer(r"\. ", text))]
    return any(
        any(one.fullmatch(text[:cut].strip()) for one in sentences())
        and (cut == len(text) or any(one.fullmatch(text[cut:].strip()) for one in sentences()))
        for cut in cuts
    )


@EACH
def test_a_section_has_an_example_a_fix_and_a_way_to_silence(rule: Rule) -> None:
    text = text_of(rule)
    assert tuple(re.findall(r"^\*\*(\w+):\*\*", text, re.MULTILINE)) == LABELS
    meaning, *parts = re.split(r"^\*\*\w+:\*\*", text, flags=re.MULTILINE)
    assert [part for part in (meaning, *parts) if len(part.split()) < 3] == []
    severity = re.match(r"(?:An? )?(error|warning|notice)\b", meaning, re.IGNORECASE)
    assert severity is None or severity[1].lower() == rule.severity.value
    named = re.findall(r"ignore\[([^\]…]+)\]", text)
    assert {one.strip() for names in named for one in names.split(",")} <= {known.id for known in RULES}


@EACH
def test_an_example_is_what_the_program_says(rule: Rule) -> None:
    example = re.split(r"^\*\*\w+:\*\*", text_of(rule), flags=re.MULTILINE)[1]
    quotes = [" ".join(re.sub(r"^> ?", "", part, flags=re.MULTILINE).split()) for part in re.split(r"\n\n+", example)
              if part.startswith(">")]  # fmt: skip
    assert quotes != []
    assert [quote for quote in quotes if not is_said(quote)] == []


def test_a_text_that_no_check_says_is_noticed() -> None:
    assert not is_said("Revision a fails badly, and nobody knows why.")


def test_every_page_has_the_rules_of_its_check_and_no_other() -> None:
    headings = {
        name: set(re.findall(r"^### `([a-z-]+)`$", page.read_text("utf-8"), re.M)) for name, page in PAGES.items()
    }
    assert headings == {check: {rule.id for rule in RULES if rule.check == check} for check in {r.check for r in RULES}}


def test_the_catalogue_has_every_rule_with_its_severity_and_its_page() -> None:
    """`UPDATE_GOLDEN=1` writes the table."""
    rows = ["| rule | severity | check | what it finds |", "| --- | --- | --- | --- |"]
    for rule in RULES:
        link = f"[{rule.id}](checks/{rule.check}.md#{rule.id})"
        check = "any" if rule.check == "suppression" else f"[{rule.check}](checks/{rule.check}.md)"
        rows.append(f"| {link} | {rule.severity_text} | {check} | {rule.sentence} |")
    readme.check("rules", "\n".join(rows), CATALOGUE)


@pytest.mark.parametrize("page", [CATALOGUE, *PAGES.values()], ids=lambda page: page.stem)
def test_every_link_to_another_page_leads_to_a_heading_of_it(page: object) -> None:
    assert isinstance(page, type(CATALOGUE))
    wrong = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        other = page.parent / name if name else page
        if not other.exists() or (anchor and anchor not in anchors(other.read_text(encoding="utf-8"))):
            wrong.append(target)
    assert wrong == []


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
