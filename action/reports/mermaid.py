"""Mermaid graphs from outside, let through only when every line is one of a few harmless kinds."""

from __future__ import annotations

import re

from action.reports import escape

_ID = r"[A-Za-z_][A-Za-z0-9_]*"
_LABEL = r'"[^"]*"'
_NODE = rf"{_ID}(?:\[{_LABEL}\]|\({_LABEL}\))?(?::::{_ID})?"
_LINE = re.compile(
    rf"(?:flowchart|graph) (?:TB|TD|BT|LR|RL)"
    rf"|\s*{_NODE}(?: (?:-->|---|-\.->|==>)(?:\|{_LABEL}\|)? {_NODE})*"
    rf"|\s*classDef {_ID} [A-Za-z0-9#:,. -]+"
    rf"|\s*class {_ID}(?:,{_ID})* {_ID}"
    rf"|\s*",
    re.ASCII,
)
_CODES = {"<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}


def inert(text: str) -> str | None:
    """Return a graph whose labels are plain text, or None when it holds anything but nodes and edges.

    Expects labels in double quotes, a quote inside written ``#quot;``.
    """
    lines = escape.lines(text).strip("\n").split("\n")
    if not re.match(r"(?:flowchart|graph) ", lines[0]) or not all(map(_LINE.fullmatch, lines)):
        return None
    return "\n".join(re.sub(r'"[^"]*"', _label, line) for line in lines)


def _label(match: re.Match[str]) -> str:
    text = re.sub(r"#(?!\w+;)", "#35;", match[0])
    # <br/> is the only way to break a line in a label.
    parts = [re.sub(r"[<>&`\\]", lambda m: _CODES[m[0]], part) for part in re.split(r"<br\s*/?>", text)]
    return "<br/>".join(parts)
