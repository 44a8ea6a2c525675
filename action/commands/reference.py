"""The commands ``rules`` and ``explain``: what the rules are, from this program alone.

A project's folder of the same name is ``./rules``.
"""

from __future__ import annotations

import difflib
import io
import json
import os
import re
import sys
import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from action.about import page_text, page_url
from action.commands.plain_parser import parsed, plain_parser
from action.errors import SettingsError
from action.reports.terminal import wants_color
from checks import CHECKS
from checks.rule import ANY_CHECK, Rule
from checks.rules import RULES, rule_of_id

_WIDTH = 80
_PAGES = (*(check.id for check in CHECKS), ANY_CHECK)
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)\s]+\)")
"""A link to another page of ours: at a terminal its text says as much."""
_ROW = re.compile(r"^\|(.*)\|$")
_RULES = """\
List every rule: its check, its severity, and what it finds in one sentence.
`alembic-checks explain RULE` says more."""
_EXPLAIN = """\
Explain a rule: what it means, an example, how to fix it, how to silence it. For
a check: what it proves, and its rules. Nothing is read from the network."""


def print_rules(words: Sequence[str]) -> None:
    """Print the table of rules."""
    parser = plain_parser("rules [--json]", _RULES)
    parser.add_argument("--json", action="store_true", help="Print them as JSON, with the URLs of their pages")
    given = parsed(parser, words)
    print(_as_json() if "json" in given else _for_people())


def explain(words: Sequence[str]) -> None:
    """Print the section of a rule, or what a check proves. Raises SettingsError for an unknown name."""
    parser = plain_parser("explain RULE", _EXPLAIN)
    parser.add_argument("rule", nargs="+", metavar="RULE", help="Rule, such as multiple-heads, or check, such as heads")
    name = re.sub(r"[\s_]+", "-", " ".join(parsed(parser, words).rule).strip().lower())
    rule = rule_of_id(name)
    if rule is not None:
        _print(_about(rule), section(page_text(rule.check), rule.id), str(page_url(rule.id)))
    elif name in _PAGES:
        page = page_text(name)
        body = "\n\n".join([page.partition("\n## Rules\n")[0], "## Rules", *map(_item, _of(name))])
        _print("", body, str(page_url(_of(name)[0].id)).partition("#")[0])
    else:
        raise _unknown(name)


def section(page: str, rule: str) -> str:
    """Return the section of a rule on its page, without its heading."""
    found = re.search(rf"^### `{re.escape(rule)}`\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"the page has no section {rule}"
    return found[1].strip()


def _of(check: str) -> list[Rule]:
    return [rule for rule in RULES if rule.check == check]


def _item(rule: Rule) -> str:
    return f"- `{rule.id}` ({rule.severity_text}): {rule.sentence}"


def _unknown(name: str) -> SettingsError:
    known = [*_PAGES, *(rule.id for rule in RULES)]
    alike = [one for one in known if name and (name in one or set(name.split("-")) & set(one.split("-")))]
    near = list(dict.fromkeys([*difflib.get_close_matches(name, known, n=3), *alike]))[:5]
    return SettingsError(
        f"There is no rule {name}.{f' Did you mean {_either(near)}?' if near else ''}",
        remedy="Run `alembic-checks rules` to list all rules.",
    )


def _either(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _as_json() -> str:
    entries = [
        {
            "id": rule.id,
            "check": None if rule.check == ANY_CHECK else rule.check,
            "severity": rule.severity.value,
            "otherwise": rule.otherwise or None,
            "parts": list(rule.parts),
            "sentence": rule.sentence,
            "url": page_url(rule.id),
        }
        for rule in RULES
    ]
    return json.dumps(entries, indent=2)


def _for_people() -> str:
    titles = {check.id: f"{check.id}: {check.title}" for check in CHECKS}
    titles[ANY_CHECK] = f"{ANY_CHECK}: in the check whose rule a comment names"
    return "\n\n".join("\n".join([title, *map(_entry, _of(check))]) for check, title in titles.items())


def _entry(rule: Rule) -> str:
    return "\n".join((_filled(f"{rule.id} ({rule.severity_text})", 2), _filled(rule.sentence, 6)))


def _filled(text: str, indent: int) -> str:
    start, more = " " * indent, " " * max(indent, 4)
    return textwrap.fill(text, _WIDTH, initial_indent=start, subsequent_indent=more, break_on_hyphens=False)


def _about(rule: Rule) -> str:
    where = "any check" if rule.check == ANY_CHECK else f"check {rule.check}"
    return f"**{rule.id}** · {where} · {rule.severity_text}\n\n{rule.sentence}"


def _without_tables(page: str) -> str:
    """Return a page whose tables are lists: four columns cannot be read at 80 characters."""
    lines: list[str] = []
    titles: list[str] = []
    for line in page.split("\n"):
        match = _ROW.match(line)
        cells = [cell.strip() for cell in match[1].split("|")] if match else []
        if not cells:
            titles = []
            lines.append(line)
        elif not titles:
            titles = cells
        elif not all(set(cell) <= set("-: ") for cell in cells):
            first, *rest = zip(titles, cells, strict=False)
            about = "; ".join(f"{title}: {cell}" for title, cell in rest if cell)
            lines.append(f"- **{first[1]}**{f' - {about}' if about else ''}")
    return "\n".join(lines)


def _print(head: str, body: str, url: str) -> None:
    color = wants_color(sys.stdout, os.environ)
    file = io.StringIO()
    console = Console(
        file=file, width=_WIDTH, force_terminal=color, color_system="standard" if color else None, no_color=not color,
        highlight=False, legacy_windows=False,
    )  # fmt: skip
    for text in filter(None, (head, body)):
        console.print(Markdown(_LINK.sub(r"\1", _without_tables(text)), code_theme="ansi_dark", hyperlinks=False))
        console.print()
    console.print(Text(url), soft_wrap=True)
    print("\n".join(line.rstrip() for line in file.getvalue().strip("\n").split("\n")))
