"""How high a comment is on a screen, estimated from its Markdown with what is folded closed.

The numbers are those of GitHub's style sheet, at the width of a comment on a desktop. ``render.py`` measures the real
height in Chromium; the estimate is a little more, so that a test needs no browser.
"""

from __future__ import annotations

import html
import math
import re

from markdown_it import MarkdownIt

SCREEN = 969
"""Pixels of a page that Chromium shows on a display of 1920 x 1080: without its own bars, and the system's."""
_LINE, _GAP, _WIDTH = 21, 16, 834
_LETTER, _CODE_LETTER, _CODE_PADDING = 6.6, 7.2, 10
_HEADING, _ROW, _ITEM, _FENCE, _FENCE_LINE, _FRAME = 50, 35, 25, 48, 17, 66
# A line break of a comment is a line break on GitHub, unlike in a file.
GFM = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"])


def height(source: str) -> int:
    """Return the pixels of a comment with its frame."""
    text = re.sub(r"<details>(<summary>.*?</summary>).*?</details>", r"\1", source, flags=re.DOTALL)
    found, tokens = _FRAME, GFM.parse(text)
    for token in tokens:
        if token.type == "heading_open":
            found += _HEADING
        elif token.type == "tr_open":
            found += _ROW
        elif token.type in ("table_close", "bullet_list_close"):
            found += _GAP
        elif token.type == "fence":
            found += token.content.count("\n") * _FENCE_LINE + _FENCE
        elif token.type == "html_block":
            found += _lines(token.content) * _LINE + _GAP
        elif token.type == "paragraph_open" and not token.hidden:
            found += _lines(text_of(tokens[tokens.index(token) + 1].content)) * _LINE + _GAP
        elif token.type == "list_item_open":
            found += _ITEM
    return found


def text_of(markdown: str) -> str:
    """Return a paragraph without the addresses of its links."""
    return re.sub(r"\]\([^)]*\)", "]", markdown)


def _lines(text: str) -> int:
    """Return how many lines a paragraph has, its own breaks and those for want of room."""
    return sum(max(1, math.ceil(_width(part) / _WIDTH)) for part in re.split(r"<br>|\n", text.strip()))


def _width(text: str) -> float:
    parts = re.split(r"`([^`]*)`|<code>(.*?)</code>", html.unescape(text))
    plain, code = "".join(filter(None, parts[::3])), [part for part in (*parts[1::3], *parts[2::3]) if part]
    letters = len(re.sub(r"<[^>]*>|[\[\]*\\]", "", plain))
    return letters * _LETTER + sum(len(part) * _CODE_LETTER + _CODE_PADDING for part in code)
