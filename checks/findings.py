"""The vocabulary of judgement: findings, results of checks, and the report that every surface renders."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.recording.server import ServerUsed

SCHEMA_VERSION = 1


class Severity(enum.StrEnum):
    """How much a finding weighs; ``fail-on`` compares against it."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def rank(self) -> int:
        """Return 0 for the worst severity, higher for milder ones."""
        return list(Severity).index(self)


class Status(enum.StrEnum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Could not be judged, for a reason that is told; never counted as a pass."""
    ERROR = "error"
    """Could not be judged because something broke: the project's code, or ours."""


class Verdict(enum.StrEnum):
    """The one word of a run."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    """Nothing failed, but something could not be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A block of text to show verbatim: SQL, a server's message, a file to copy, a graph."""

    title: str
    text: str
    language: str = "text"
    """As in a Markdown fence: ``sql``, ``python``, ``shell``, ``text``, ``mermaid``, ``diff``."""
    path: str | None = None
    """Where the text belongs, relative to the repository's root, when it is a file or a part of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to tell, with its place in the project's own Python and its remedy."""

    rule: str
    severity: Severity
    message: str
    """What was observed: one sentence, plain text, no Markdown."""
    why: str
    """What follows from it."""
    remedy: str
    """What to do about it: plain text; code to copy goes to ``fixes``."""
    path: str | None = None
    """Relative to the repository's root, with forward slashes."""
    line: int | None = None
    revision: str | None = None
    object: str | None = None
    """The database object or graph node that it is about, such as ``public.book.isbn``."""
    evidence: tuple[Snippet, ...] = ()
    fixes: tuple[Snippet, ...] = ()
    suppressed: str | None = None
    """The reason given in the project's ``# alembic-checks: ignore[rule] reason``, when there is one."""

    @property
    def fingerprint(self) -> tuple[str, str | None, str | None]:
        """Return what stays the same when lines move: rule, revision, object."""
        return (self.rule, self.revision, self.object)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one check has to say of one tree."""

    id: str
    status: Status
    reason: str | None = None
    """Why it was skipped or broke off; None when it was judged."""
    seconds: float | None = None
    """Of the phase that the check judges; None where nothing was timed."""
    findings: tuple[Finding, ...] = ()
    fixes: tuple[Snippet, ...] = ()
    """What mends several findings at once, such as the missing migration."""
    required: bool = True
    """False where nothing asked for it, such as a comparison without a base: a skip then leaves the verdict alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeReport:
    """All results of one Alembic environment."""

    path: str
    """Its configuration file, relative to the repository's root, with ``:section`` when it is not the default."""
    checks: tuple[Result, ...]
    base: str | None = None
    """What the tree was compared with, in words; None when no base was known."""
    base_note: str | None = None
    """What is not known of it; a sentence."""
    revisions: int = 0
    new_revisions: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    """What ran the project's code: ``python``, ``alembic``, ``sqlalchemy`` (versions), ``driver`` (name and version),
    ``interpreter`` (path)."""
    revision_seconds: dict[str, float] = field(default_factory=dict)
    """How long each revision took to apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Which run a report is of, as the CI names it."""

    key: str
    """Which of the reports on a pull request it is: workflow, job and matrix leg."""
    head_sha: str | None = None
    pull_request: int | None = None
    run_id: int = 0
    run_attempt: int = 1
    url: str | None = None
    """Of the run's page, where its summary is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a run found out; the only input of every surface."""

    schema_version: int = SCHEMA_VERSION
    verdict: Verdict
    trees: tuple[TreeReport, ...]
    server: ServerUsed | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time by phase, and ``total``."""
    subject: Subject | None = None
    """None where no CI runs it."""

    def results(self) -> Iterator[tuple[TreeReport, Result]]:
        """Yield every result with its tree, in order."""
        for tree in self.trees:
            for result in tree.checks:
                yield tree, result

    def findings(self) -> Iterator[Finding]:
        """Yield every finding that is not suppressed, worst first."""
        found = [f for _, r in self.results() for f in r.findings if f.suppressed is None]
        yield from sorted(found, key=lambda f: f.severity.rank)
