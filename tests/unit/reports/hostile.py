"""Texts that try to be more than text, and a report that holds one in each of its fields."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from hypothesis import example
from hypothesis import strategies as st

from checks.findings import (
    Finding,
    NewSql,
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
    fill = _Filling(text)
    server = ServerUsed(version=fill.field(), kind=fill.field(), detail=fill.field())
    return Report(
        verdict=Verdict.FAILED,
        trees=(fill.tree(), fill.tree()),
        server=server,
        seconds={fill.field(): 1.0, "total": 1.0},
        subject=Subject(key=fill.field(), head_sha=fill.field(), run_id=7, url=url or fill.field()),
    )


class _Filling:
    """Makes the parts of a report, each text of them another one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._numbers = itertools.count()

    def field(self) -> str:
        return f"{self._text}{next(self._numbers)}x"

    def tree(self) -> TreeReport:
        one = self._finding(Severity.ERROR)
        worse = (one, self._finding(Severity.ERROR, one), self._finding(Severity.ERROR))
        milder = (self._finding(Severity.WARNING), self._finding(Severity.NOTICE))
        silent = replace(self._finding(Severity.ERROR), suppressed=self.field())
        return TreeReport(
            path=self.field(),
            checks=self._results((*worse, *milder, silent)),
            base=self.field(),
            new_revisions=(self.field(),),
            environment={self.field(): self.field()},
            revision_seconds={self.field(): 2.0},
            new_sql=NewSql(text=self._two_lines(), revisions=(self.field(),), statements=1, note=self.field()),
        )

    def _results(self, findings: tuple[Finding, ...]) -> tuple[Result, ...]:
        """Return a result that failed, one that could not run and one that was skipped."""
        failed = Result(id=self.field(), status=Status.FAILED, findings=findings, fixes=(self._snippet("python"),))
        broken = Result(id=self.field(), status=Status.ERROR, reason=self._two_lines(), fixes=(self._snippet("toml"),))
        skipped = Result(id=self.field(), status=Status.SKIPPED, reason=self._two_lines(), required=False)
        return failed, broken, skipped

    def _finding(self, severity: Severity, like: Finding | None = None) -> Finding:
        """Return a finding; ``like`` is one whose explanation it shares."""
        return Finding(
            rule=like.rule if like else self.field(),
            severity=severity,
            message=self.field(),
            why=like.why if like else self.field(),
            remedy=like.remedy if like else self.field(),
            path=self.field(),
            line=3,
            revision=self.field(),
            object=self.field(),
            evidence=(self._snippet("sql"), self._snippet(self.field()), self._snippet("mermaid")),
            fixes=(self._snippet("python"), self._snippet(self.field())),
        )

    def _snippet(self, language: str) -> Snippet:
        return Snippet(title=self.field(), text=self.field(), language=language, path=self.field())

    def _two_lines(self) -> str:
        return f"{self.field()}\n{self.field()}"
