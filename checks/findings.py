"""Findings, results of checks, and the report: the types that every output renders."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.recording.server import ServerUsed

SCHEMA_VERSION = 1


class Severity(enum.StrEnum):
    """How serious a finding is; the setting ``fail-on`` compares with it."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def rank(self) -> int:
        """Return 0 for the worst severity, higher for milder ones."""
        return list(Severity).index(self)


class Status(enum.StrEnum):
    """The outcome of one check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """The check could not run, for the reason given; never counted as passed."""
    ERROR = "error"
    """The check could not run because the project's code, or alembic-checks itself, failed."""


class Verdict(enum.StrEnum):
    """The overall outcome of a run."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    """No check failed, but at least one could not run."""
    SKIPPED = "skipped"
    """A label of the pull request says that nothing is checked. It is no pass, but it does not fail the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A block of text to show as it is: SQL, a server's message, a file to copy, a graph."""

    title: str
    text: str
    language: str = "text"
    """As in a Markdown fence: ``sql``, ``python``, ``shell``, ``text``, ``mermaid``, ``diff``."""
    path: str | None = None
    """The file that the text is or belongs to, relative to the repository's root; None for any other text."""
    folded: bool = False
    """Whether it is an offer beside the finding, which a reader opens: it is shown folded, and by its title alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem, with its place in the project's Python and its remedy."""

    rule: str
    severity: Severity
    message: str
    """What is wrong: one sentence, plain text, no Markdown."""
    why: str
    """Why it matters: the consequence, plain text."""
    remedy: str
    """What to do, starting with a verb, in a sentence that stands alone: plain text; code to copy goes to ``fixes``.

    Empty for a notice that needs no action.
    """
    path: str | None = None
    """Relative to the repository's root, with forward slashes."""
    line: int | None = None
    revision: str | None = None
    object: str | None = None
    """The database object, revision or file that has the problem, such as ``public.book.isbn``."""
    evidence: tuple[Snippet, ...] = ()
    fixes: tuple[Snippet, ...] = ()
    problem: str = field(default="", compare=False)
    """What several findings have in common that are one problem, of one check or of several: a report shows those of an
    Alembic environment as one entry. Empty for a finding that is one with those of its rule, why and remedy only."""
    follows: str | None = field(default=None, compare=False)
    """The check whose finding of the same ``problem`` it goes away with: that one has the remedy. None for its own."""
    commit: str | None = field(default=None, compare=False)
    """The commit of the base that has the file, where the commit that was checked does not; None where it has it."""
    called_from: tuple[int, ...] = field(default=(), compare=False)
    """Further lines of its revision's file that led to it, where it is in a function that they call: a comment that
    suppresses it may stand on one of them."""
    part: str = field(default="", compare=False)
    """Which of its rule's parts it is, as in ``severity: missing-migration.breaks=warning``; empty without parts."""
    old: bool = field(default=False, compare=False)
    """Whether it is a notice because the base already has it, by a rule that is more severe where it is new."""
    suppressed: str | None = None
    """The reason of the comment ``# alembic-checks: ignore[rule] reason`` that suppresses it; None without one."""

    @property
    def fingerprint(self) -> tuple[str, str | None, str | None]:
        """Return the parts that stay the same when lines move: rule, revision, object."""
        return (self.rule, self.revision, self.object)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of one check on one Alembic environment."""

    id: str
    status: Status
    reason: str | None = None
    """Why the check could not run, or only in part; None when it ran in full."""
    note: str | None = None
    """What a check that passed has observed, in one sentence; None where the title of the check says it."""
    seconds: float | None = None
    """Seconds of the phase that the check judges; None where nothing was timed."""
    findings: tuple[Finding, ...] = ()
    fixes: tuple[Snippet, ...] = ()
    """Fixes that solve several findings at once, such as the missing migration."""
    required: bool = True
    """False where the user did not ask for it, such as a comparison without a base: a skip keeps the verdict."""
    turned_off: dict[str, int] = field(default_factory=dict)
    """Number of findings that the setting ``severity`` turns off, by rule; they are not among the findings."""
    follows: str | None = field(default=None, compare=False)
    """The check whose result says why this one could not run, where that is the only reason; this one's own id where
    its findings say why. None for a reason of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSql:
    """The SQL that the new revisions sent to PostgreSQL."""

    text: str
    """All statements in order, with their lines of Python and their transactions as comments and statements."""
    revisions: tuple[str, ...]
    """The new revisions that ran, in order."""
    statements: int
    """How many statements they sent, without reads of the catalog."""
    note: str | None = None
    """A sentence about servers that received other statements; None where all received the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeReport:
    """All results of one Alembic environment."""

    path: str
    """Its configuration file, relative to the repository's root, with ``:section`` when it is not the default."""
    checks: tuple[Result, ...]
    base: str | None = None
    """The base that it was compared with, such as ``main (0f6ab9c2d4)``; None when there was none."""
    base_note: str | None = None
    """A sentence about what is unknown about the base; None when all is known."""
    base_created: str | None = None
    """A sentence about how the base database was created; None when the base's migrations created it."""
    folder_note: str | None = None
    """A sentence with the folder that env.py ran in, where it is not the one that the configuration suggests."""
    untouched: bool = False
    """Whether its migrations did not run because the change touches no file that it uses."""
    dependencies_note: str | None = None
    """A sentence about the packages that were installed for the run, and how to choose others; None for none."""
    settings_note: str | None = None
    """A sentence with the environment variables that come from examples in the repository; None where none does."""
    revisions: int = 0
    new_revisions: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    """What ran the project's code: ``python``, ``alembic``, ``sqlalchemy`` (versions), ``driver`` (name and version),
    ``interpreter`` (path)."""
    revision_seconds: dict[str, float] = field(default_factory=dict)
    """Seconds that each revision took to apply, by revision id."""
    new_sql: NewSql | None = None
    """None where no base is known, or no new revision sent any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The CI run that a report belongs to."""

    key: str
    """Which report of the pull request this is: workflow, job and matrix values."""
    head_sha: str | None = None
    head_repository: str | None = field(default=None, compare=False)
    """The fork, as ``owner/name``, that has the commit, where it is not the repository of the run."""
    pull_request: int | None = None
    run_id: int = 0
    run_attempt: int = 1
    url: str | None = None
    """URL of the run's page, which shows its summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All results of a run: the only input of every output."""

    schema_version: int = SCHEMA_VERSION
    verdict: Verdict
    trees: tuple[TreeReport, ...]
    server: ServerUsed | None = None
    further_servers: tuple[ServerUsed, ...] = ()
    """The other servers, where the migrations ran on several: a finding names those that it is about, if not all."""
    server_notes: tuple[str, ...] = ()
    """Sentences about servers that the migrations did not run on."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time in seconds by phase, and ``total``."""
    subject: Subject | None = None
    """None outside CI."""
    unsearched: tuple[str, ...] = ()
    """Folders and files in which no Alembic config was looked for, because they cannot be read, as ``path (why)``."""

    def results(self) -> Iterator[tuple[TreeReport, Result]]:
        """Yield every result with its Alembic environment, in order."""
        for tree in self.trees:
            for result in tree.checks:
                yield tree, result

    def findings(self) -> Iterator[Finding]:
        """Yield every finding that is not suppressed, worst first."""
        found = [f for _, r in self.results() for f in r.findings if f.suppressed is None]
        yield from sorted(found, key=lambda f: f.severity.rank)
