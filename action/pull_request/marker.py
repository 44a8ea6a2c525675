"""The hidden line of a comment, which says which report of which run it shows. Pure."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from typing import Any

from action.reports import markdown
from checks.findings import Report, Snippet

SCHEMA = 1
_LINE = re.compile(r"<!-- alembic-checks (\{.*\}) -->")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d+)?")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """The report and the run that a comment shows."""

    key: str
    """The key of the report: a pull request may have several."""
    head_sha: str
    run_id: int
    run_attempt: int
    digest: str
    """A hash of the visible text, without times."""
    workflow: str = ""
    """The workflow whose stored report it is, as GitHub's event names it; empty where a run wrote its own report."""

    @property
    def run(self) -> tuple[int, int]:
        """Return the key that sorts runs by age: GitHub's ids grow."""
        return (self.run_id, self.run_attempt)


def marked(marker: Marker) -> str:
    """Return the hidden line, which is the last of a comment."""
    document = {
        "schema": SCHEMA,
        "key": marker.key,
        "head": marker.head_sha,
        "run": marker.run_id,
        "attempt": marker.run_attempt,
        "digest": marker.digest,
    }
    document |= {"workflow": marker.workflow} if marker.workflow else {}
    # ASCII without < and >: the key cannot end the HTML comment.
    text = json.dumps(document).replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!-- alembic-checks {text} -->"


def parse(body: str) -> Marker | None:
    """Return the marker in the last line of a comment; None where that is no hidden line of this version."""
    match = _LINE.fullmatch(body.rstrip().rpartition("\n")[2].strip())
    try:
        document = json.loads(match[1]) if match else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        return None
    found: list[Any] = [document.get(name) for name in ("key", "head", "run", "attempt", "digest")]
    found.append(document.get("workflow", ""))
    if list(map(type, found)) != [str, str, int, int, str, str]:
        return None
    key, head_sha, run_id, run_attempt, digest, workflow = found
    return Marker(key=key, head_sha=head_sha, run_id=run_id, run_attempt=run_attempt, digest=digest, workflow=workflow)


def distinct(text: str, characters: int) -> str:
    """Return a text of at most ``characters`` that differs for texts that differ: the end of a long one is a hash."""
    if len(text) <= characters:
        return text
    return f"{text[: characters - 13]}…{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def digest_of(report: Report, note: str = "") -> str:
    """Return a hash of the comment's visible text, without times and the number of the run."""
    trees = tuple(
        dataclasses.replace(
            tree,
            revision_seconds={},
            new_sql=None,  # values such as a time differ in each run
            checks=tuple(
                dataclasses.replace(result, seconds=0.0, fixes=tuple(map(_without_moments, result.fixes)))
                for result in tree.checks
            ),
        )
        for tree in report.trees
    )
    subject = report.subject and dataclasses.replace(report.subject, run_id=0, run_attempt=1, url=None)
    shown = markdown.render(dataclasses.replace(report, trees=trees, seconds={}, subject=subject))
    return hashlib.sha256(f"{shown}\n{note}\n{subject}".encode("utf-8", "replace")).hexdigest()[:32]


def _without_moments(fix: Snippet) -> Snippet:
    """Return a file to add without its create date, which Alembic writes into its text and maybe its name."""
    if fix.path is None:
        return fix
    return dataclasses.replace(fix, path="", text=_MOMENT.sub("", fix.text))
