"""Text of the project, the database and the pull request made inert for the surface that it goes to."""

from __future__ import annotations

import re
import unicodedata

# ECMA-48 control sequences: CSI, then strings (OSC, DCS, SOS, PM, APC), then two-character escapes. No string begins
# inside of another: looked for from each of a million beginnings, the ends of all would take hours to find.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_COLOR = re.compile(r"(\x1b\[[0-9;]*m)")
# Cc, Cf, Cs, Zl, Zp: C0/C1 controls, bidi overrides and zero-width characters, surrogates, line separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_UNUSUAL = re.compile(r"[^\n\t -~]+")
# What GitHub's runner obeys: ``##[name]`` anywhere in a line, ``::name::`` after blanks at its start (actions/runner,
# ActionCommand.cs). Broken by a space: the runner compares by culture, which looks past a zero-width character.
_COMMAND = re.compile(r"(##)(?=\[)|^([^\S\n]*:)(?=:.*::)", re.MULTILINE)
# A comment of ours is found by its marker, which no text inside of it may imitate, not even as code.
_MARKER = re.compile(r"<!(?=--\s*alembic-checks)", re.IGNORECASE)
_BREAK = "&#8203;"
_MARKUP = re.compile(r"[\\`*_\[\]~|]")
_CODE_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_BLOCK_START = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_LINKED = re.compile(
    r"(?P<at>@)|(?P<hash>#)|(?P<scheme>:(?=//))|(?P<mail>(?:mailto|xmpp):)|(?P<www>www(?=\.))"
    r"|(?P<issue>GH(?=-\d))|(?P<emoji>:(?=[\w+-]+:))",
    re.IGNORECASE,
)


def lines(text: str) -> str:
    """Return text of several lines without control sequences; what is left of them is shown as ``\\x1b``."""
    if text.isprintable():  # as nearly every text is: it then holds nothing to hide
        return text
    text = _SEQUENCE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNUSUAL.sub(_shown, text)


def line(text: str) -> str:
    """Return the same on one line."""
    return " ".join(lines(text).split())


def log(text: str) -> str:
    """Return text of several lines that hold no command for GitHub's runner either."""
    return _COMMAND.sub(lambda match: f"{match[0]} ", lines(text))


def colored_log(text: str) -> str:
    """Return the same of a text of ours that has colors: nothing else of its control sequences is left."""
    parts = _COLOR.split(text)
    kept = (part if place % 2 else lines(part) for place, part in enumerate(parts))
    return _COMMAND.sub(lambda match: f"{match[0]} ", "".join(kept))


def _shown(run: re.Match[str]) -> str:
    # Nothing that Python can print is hidden: almost all text is looked at as a whole.
    return run[0] if run[0].isprintable() else "".join(map(_visible, run[0]))


def _visible(char: str) -> str:
    code = ord(char)
    # The last two code points of each plane are no characters, and XML has no way to write U+FFFE and U+FFFF.
    if unicodedata.category(char) not in _HIDDEN and code & 0xFFFE != 0xFFFE:
        return char
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def markdown(text: str) -> str:
    """Return text for a line of Markdown: no markup, HTML, link, mention, reference, formula or emoji.

    GitHub looks for mentions and references after Markdown is rendered, so a backslash does not stop
    them: a zero-width space, written as an entity, does.
    """
    return _started(_inline(line(text)))


def sentence(text: str) -> str:
    """Return the same, but what stands between two backticks as a code span: our sentences name code that way."""
    parts = _CODE_SPAN.split(line(text))
    return _started("".join(code(part) if place % 2 else _inline(part) for place, part in enumerate(parts)))


def _inline(text: str) -> str:
    text = _MARKUP.sub(r"\\\g<0>", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return _unlinked(text).replace("$", "<span>$</span>")


def _started(text: str) -> str:
    return _BLOCK_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text)


def html(text: str) -> str:
    """Return text for the inside of an HTML element that Markdown does not look into, such as a summary."""
    return _unlinked(line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _unlinked(text: str) -> str:
    def broken(match: re.Match[str]) -> str:
        if match["hash"] and match.start() and text[match.start() - 1] == "&":
            return match[0]
        return match[0] + _BREAK

    return _LINKED.sub(broken, text)


def code(text: str, *, cell: bool = False) -> str:
    """Return text as a code span; ``cell`` inside a table, where a pipe ends the cell even in code."""
    text = _unmarked(line(text)) or " "
    ticks = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text.replace('|', chr(92) + '|') if cell else text}{pad}{ticks}"


def fence(text: str, language: str) -> str:
    """Return text as a fenced block, the fence longer than any run of backticks inside."""
    text = _unmarked(lines(text).strip("\n"))
    ticks = "`" * max(3, _longest_run(text) + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def _unmarked(text: str) -> str:
    return _MARKER.sub("<! ", text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
