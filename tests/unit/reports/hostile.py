"""Texts that try to be more than text, and a report that holds one in each of its fields."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from hypothesis import example
from hypothesis import strategies as st

from checks.findings import (
    Finding,
    Report,
    Result,
    Server,
    Severity,
    Snippet,
    Status,
    TreeReport,
    Verdict,
)

_PIECES = (
    *("`", "```", "~~~~", "|", "\n", "\n\n", "\r\n", "\\", "<", ">", "&", "&lt;", "&#64;", "$", "$$", " ", "    "),
    *("# ", "## ", "- ", "+ ", "* ", "1. ", "2) ", "> ", "---", "===", "\t", "* * *", "- [ ] ", "| a |\n|---|"),
    *("@team", "@a/b", "me@example.com", "#12", "a/b#7", "GH-3", ":rocket:", "https://x.example", "www.x.example"),
    *("[a](b)", "![a](b)", "[a]: b", "<b>", "<!--", "-->", "</details>", "<script>", "**", "_", "~~", "[^1]"),
    *("\x1b[31m", "\x1b]8;;x\x07", "\x9b2J", "\x00", "\x07", "\x08", "\x85", "\u2028", "\u202e", "\u2066", "\u200b"),
    *("\ufeff", "\u00ad", "\U000e0041", "\ud800", "::error::", "%0A", "é", "漢", "\N{PILE OF POO}"),
)

EXAMPLES = (
    "x\n```\n\n# x\n\n~~~\n",
    "a|b\\|c",
    "<b>x</b></summary></details>\n\n<script>",
    "@team #12 GH-3 https://x.example www.x.example me@example.com :rocket: $x$",
    "# x\n- x\n> x\n===\n[a](https://x.example) ![a](b) <!-- -->",
    "\x1b[31m\x1b]8;;https://x.example\x07x\u202e\u200b\ud800",
)
"""What has to be tried each time."""

texts = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=5)), max_size=12).map("".join)


def always(test: Callable[..., None]) -> Callable[..., None]:
    """Add the examples to a property of one text."""
    for text in EXAMPLES:
        test = example(text)(test)
    return test


def hidden(text: str) -> list[str]:
    """Return the characters that no surface may let through."""
    banned = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return [char for char in text if unicodedata.category(char) in banned and char not in "\n\t"]


def filled(text: str) -> Report:
    """Return a report of a fixed shape whose every text begins with ``text``."""
    numbers: Iterator[int] = iter(range(1000))

    def field() -> str:
        return f"{text}{next(numbers)}x"

    def snippet(language: str) -> Snippet:
        return Snippet(title=field(), text=field(), language=language, path=field())

    def finding(severity: Severity, like: Finding | None = None, *, silent: bool = False) -> Finding:
        return Finding(
            rule=like.rule if like else field(),
            severity=severity,
            message=field(),
            why=like.why if like else field(),
            remedy=like.remedy if like else field(),
            path=field(),
            line=3,
            revision=field(),
            object=field(),
            evidence=(snippet("sql"), snippet(field()), snippet("mermaid")),
            fixes=(snippet("python"), snippet(field())),
            suppressed=field() if silent else None,
        )

    def tree() -> TreeReport:
        one = finding(Severity.ERROR)
        found = (one, finding(Severity.ERROR, one), finding(Severity.ERROR), finding(Severity.WARNING))
        more = (finding(Severity.NOTICE), finding(Severity.ERROR, silent=True))
        checks = (
            Result(id=field(), status=Status.FAILED, findings=found + more, fixes=(snippet("python"),)),
            Result(id=field(), status=Status.ERROR, reason=f"{field()}\n{field()}", fixes=(snippet("toml"),)),
        )
        return TreeReport(path=field(), checks=checks, base=field(), environment={field(): field()})

    server = Server(version=field(), kind=field(), detail=field())
    return Report(verdict=Verdict.FAILED, trees=(tree(), tree()), server=server, seconds={"total": 1.0})
