"""Draw where a revision graph splits, as a Mermaid flowchart and as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checks.findings import Snippet

_SHOWN = 6
"""Most revisions of a line that are drawn; of a longer line only the two at each end are."""
_WIDTH = 48
_ESCAPES = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}

Describe = Callable[[str], tuple[str, str]]
"""From a revision id to its message and a note such as ``head``."""


def draw(start: str | None, lines: Sequence[Sequence[str]], describe: Describe) -> tuple[Snippet, Snippet]:
    """Return both drawings of lines of revisions that split at ``start``, each line from the oldest to the newest.

    ``start`` is None where the lines have no revision in common.
    """
    shortened = [_shortened(line) for line in lines]
    return (
        Snippet(title="Where the heads split", language="mermaid", text=_mermaid(start, shortened, describe)),
        Snippet(title="Where the heads split", language="text", text=_text(start, shortened, describe)),
    )


def _shortened(line: Sequence[str]) -> list[str | int]:
    """Return the ids of a line; of a long one the two at each end, with the number of those between."""
    if len(line) <= _SHOWN:
        return list(line)
    return [*line[:2], len(line) - 4, *line[-2:]]


def _mermaid(start: str | None, lines: Sequence[Sequence[str | int]], describe: Describe) -> str:
    drawn = ["flowchart TD", f'    n0["{_node(start, describe)}"]']
    number = 0
    for line in lines:
        above = 0
        for item in line:
            number += 1
            drawn.append(f'    n{above} --> n{number}["{_node(item, describe)}"]')
            above = number
    return "\n".join(drawn)


def _node(item: str | int | None, describe: Describe) -> str:
    if not isinstance(item, str):
        return "no revision" if item is None else f"{item} more"
    message, note = describe(item)
    return "<br/>".join(_escaped(part) for part in (item, _cut(message), note) if part)


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)


def _text(start: str | None, lines: Sequence[Sequence[str | int]], describe: Describe) -> str:
    rows: list[tuple[str, str]] = [_row("", start, describe)]
    for line in lines:
        rows.append(("|", ""))
        for place, item in enumerate(line):
            rows.append(_row("+-- " if place == 0 else "|   " if line is not lines[-1] else "    ", item, describe))
    width = max(len(left) for left, _ in rows)
    return "\n".join(f"{left:<{width}}  {note}".rstrip() for left, note in rows)


def _row(indent: str, item: str | int | None, describe: Describe) -> tuple[str, str]:
    if not isinstance(item, str):
        return indent + ("(no revision)" if item is None else f"... {item} more"), ""
    message, note = describe(item)
    return f"{indent}{item}  {_cut(message)}".rstrip(), note


def _cut(message: str) -> str:
    plain = "".join(character if character.isprintable() else " " for character in message)
    return plain if len(plain) <= _WIDTH else plain[: _WIDTH - 3] + "..."
