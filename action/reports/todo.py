"""What to do about a report, in one line: the first thing that ends each problem."""

from __future__ import annotations

import posixpath
import re

from action.reports import digest
from action.reports.entries import OTHERWISE, Entry, entries, sentences
from action.reports.words import cut
from checks.findings import Report
from checks.plural import plural

_MOST = 3
"""Problems whose remedy stands in the line."""
_LONGEST = 160
"""Characters of each."""
_FIRST = re.compile(r"\bfirst\b")
_ELSE = re.compile(r"[,;] or .*", re.DOTALL)
_THE_FILE = re.compile(r"\bthe file\b")


def todo(report: Report) -> list[str]:
    """Return what to do, a short phrase for each problem; of many only the first ones, and how many more there are.

    Where nothing was found, what kept the checks from running. A code span stands between backticks, as in a remedy.
    """
    steps = list(dict.fromkeys(filter(None, map(_step, entries(report)))))
    if not steps:
        stopped = dict.fromkeys((result.id, digest.first_line(result)) for _, result in digest.unjudged(report))
        steps = [
            f"`{check}` could not run: {_ended(why)}" if why else f"`{check}` could not run" for check, why in stopped
        ]
    shown = [cut(step, _LONGEST) for step in steps[:_MOST]]
    return [*shown, f"{plural(len(steps) - _MOST, 'more problem')} below"] if len(steps) > _MOST else shown


def _step(entry: Entry) -> str:
    """Return the first sentence of a remedy; with the second, where the first is only what comes before it."""
    said = [sentence for sentence in sentences(entry.remedy) if not sentence.startswith(OTHERWISE)]
    if not said:
        return ""
    step = _ELSE.sub("", _ended(said[0]))
    if said[1:] and _FIRST.search(said[0]):
        step = f"{step}; then {said[1][:1].lower()}{_ended(said[1])[1:]}"
    return _THE_FILE.sub(lambda _: _named(entry), step, count=1)


def _named(entry: Entry) -> str:
    """Return the file that a remedy is about, by its name, or how many there are."""
    paths = dict.fromkeys(finding.path for finding in entry.findings if finding.path)
    if len(paths) == 1:
        (path,) = paths
        return f"`{posixpath.basename(path).replace('`', '')}`"
    return f"the {len(paths)} files" if paths else "the file"


def _ended(sentence: str) -> str:
    return sentence.removesuffix(".")
