"""Texts that try to be more than text, and a report that holds one in each of its fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from hypothesis import example
from hypothesis import strategies as st

from checks.findings import (
    Finding,
    Report,
    Result,
    Severity,
    Snippet,
    Status,
    Subject,
    TreeReport,
    Verdict,
)
from checks.recording.server import ServerUsed

_PIECES = (
    *("`", "```", "~~~~", "|", "\n", "\n\n", "\r\n", "\\", "<", ">", "&", "&lt;", "&#64;", "$", "$$", " ", "    "),
    *("# ", "## ", "- ", "+ ", "* ", "1. ", "2) ", "> ", "---", "===", "\t", "* * *", "- [ ] ", "| a |\n|---|"),
    *("@team", "@a/b", "me@example.com", "#12", "a/b#7", "GH-3", ":rocket:", "https://x.example", "www.x.example"),
    *("[a](b)", "![a](b)", "[a]: b", "<b>", "<!--", "-->", "</details>", "<script>", "**", "_", "~~", "[^1]"),
    *("\x1b[31m", "\x1b]8;;x\x07", "\x9b2J", "\x00", "\x07", "\x08", "\x85", "\u2028", "\u202e", "\u2066", "\u200b"),
    *("<!-- alembic-checks ", "<!--alembic-checks", "\uffff", "\ufffe", "](", "{0}", "]]>", "&#0;", "\xa0::error::x"),
    *(
        "\ufeff",
        "\u00ad",
        "\U000e0041",
        "\ud800",
        "::error::",
        "\n::error::",
        "##[error]",
        "##[",
        "]",
        "%0A",
        "%25",
        "é",
        "漢",
        "\N{PILE OF POO}",
    ),
)

EXAMPLES = (
    "x\n```\n\n# x\n\n~~~\n",
    "a|b\\|c",
    "<b>x</b></summary></details>\n\n<script>",
    "@team #12 GH-3 https://x.example www.x.example me@example.com :rocket: $x$",
    "# x\n- x\n> x\n===\n[a](https://x.example) ![a](b) <!-- -->",
    "\x1b[31m\x1b]8;;https://x.example\x07x\u202e\u200b\ud800",
    "x\n ::error file=a.py::x\r::add-mask::x\n##[error]x ###[debug]x",
    "<!-- alembic-checks --> <!--ALEMBIC-CHECKS\uffff]]>&#0;",
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


def unmarked(text: str) -> str:
    """Return text without the one thing that code does not show as it is."""
    return re.sub(r"<! ?(--\s*alembic-checks)", r"\1", text, flags=re.IGNORECASE)


def filled(text: str, url: str | None = None) -> Report:
    """Return a report of a fixed shape whose every text begins with ``text``; the run's address too, if not given."""
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
            Result(id=field(), status=Status.SKIPPED, reason=f"{field()}\n{field()}", required=False),
        )
        return TreeReport(
            path=field(),
            checks=checks,
            base=field(),
            new_revisions=(field(),),
            environment={field(): field()},
            revision_seconds={field(): 2.0},
        )

    server = ServerUsed(version=field(), kind=field(), detail=field())
    return Report(
        verdict=Verdict.FAILED,
        trees=(tree(), tree()),
        server=server,
        seconds={field(): 1.0, "total": 1.0},
        subject=Subject(key=field(), head_sha=field(), run_id=7, url=url or field()),
    )
