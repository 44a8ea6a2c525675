"""Text stays text: what is escaped renders as itself and as nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from action.reports import escape
from tests.unit.reports.hostile import always, hidden, texts, unmarked

GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
LINKED = re.compile(r"@\w|#\d|https?://|www\.|GH-\d|:rocket:", re.IGNORECASE)


def rendered(source: str) -> tuple[str, set[str]]:
    """Return the words that a paragraph shows, and the kinds of markup in it."""
    tokens = GFM.parse(source)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    shown = "".join(child.content for child in children if child.type != "html_inline")
    return shown, {child.type if child.type != "html_inline" else child.content for child in children}


@given(texts)
@always
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    text += "\nx"  # on a line of its own: the beginning of a control sequence would take it along
    shown, kinds = rendered(escape.markdown(text))
    assert shown.replace("\u200b", "") == escape.line(text)
    assert kinds <= {"text", "text_special", "<span>", "</span>"}
    assert not LINKED.search(shown)


@given(texts)
@always
def test_a_sentence_shows_the_text_and_code_between_backticks(text: str) -> None:
    shown, kinds = rendered(escape.sentence(f"{text} x `y` {text}x"))
    plain = escape.line(f"{text} x `y` {text}x")
    assert re.sub(r"[`\s\u200b]", "", unmarked(shown)) == re.sub(r"[`\s]", "", unmarked(plain))
    assert kinds <= {"text", "text_special", "code_inline", "<span>", "</span>"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Set `down_revision` to a_b.", r"Set `down_revision` to a\_b."),
        ("Put `@team` and @team.", "Put `@team` and @&#8203;team."),
        ("`a` or ``b`` or `c", r"`a` or \`\`b\`\` or \`c"),
        ("`<!-- alembic-checks`", "`<! -- alembic-checks`"),
    ],
)
def test_sentence(text: str, expected: str) -> None:
    assert escape.sentence(text) == expected


@given(texts)
@always
def test_code_shows_the_text_and_nothing_else(text: str) -> None:
    shown, kinds = rendered(escape.code(text + "x"))
    assert (unmarked(shown), kinds) == (unmarked(escape.line(text + "x")) or " ", {"code_inline"})


@given(texts)
@always
def test_fence_shows_the_text_and_nothing_else(text: str) -> None:
    tokens = GFM.parse(escape.fence(text, "sql") + "\n\nend")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].info == "sql"
    assert unmarked(tokens[0].content.rstrip("\n")) == unmarked(escape.lines(text).strip("\n"))


@given(texts)
@always
def test_html_has_no_element_of_its_own(text: str) -> None:
    assert not re.search(r"[<>\n]|&(?!(?:amp|lt|gt|#8203);)", escape.html(text))


@given(texts)
@always
def test_nothing_hidden_is_left(text: str) -> None:
    assert hidden(escape.lines(text)) == []
    assert "\n" not in escape.line(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a \x1b[1;31mred\x1b[0m", "a red"),
        ("\x1b]8;;https://x.example\x07link\x1b]8;;\x07", "link"),
        ("\x9b2Jcleared", "cleared"),
        ("\x9done \x9dtwo\x07three", "\\x9done three"),
        ("bell\x07", "bell\\x07"),
        ("user\u202enimda", "user\\u202enimda"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("half\ud800", "half\\ud800"),
        ("two\r\nlines", "two lines"),
    ],
)
def test_line(text: str, expected: str) -> None:
    assert escape.line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("::error::x", ": :error::x"),
        ("a\n \t::add-mask::x\nb", "a\n \t: :add-mask::x\nb"),
        ("a ##[error]x ###[debug]", "a ## [error]x ### [debug]"),
        ("a\r::error::x", "a\n: :error::x"),
        ("SELECT a\n  ::jsonb", "SELECT a\n  ::jsonb"),
        ("a::b::c", "a::b::c"),
    ],
)
def test_log(text: str, expected: str) -> None:
    assert escape.log(text) == expected


@pytest.mark.parametrize("text", ["<!-- alembic-checks x -->", "<!--\nAlembic-Checks", "<!--alembic-checks"])
def test_no_text_imitates_our_marker_not_even_as_code(text: str) -> None:
    for shown in (escape.code(text), escape.fence(text, "text"), escape.markdown(text), escape.html(text)):
        assert not re.search(r"<!--\s*alembic-checks", shown, re.IGNORECASE)


def test_a_pipe_in_a_cell_is_escaped_even_in_code() -> None:
    assert escape.code("a|b", cell=True) == "`a\\|b`"
