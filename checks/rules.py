"""All rules: the one table that the catalogue, SARIF and the command ``rules`` are written from."""

from __future__ import annotations

from checks.findings import Severity
from checks.rule import ANY_CHECK, ON_BASE, Rule
from checks.rules_of_revisions import OF_REVISIONS

RULES: tuple[Rule, ...] = (
    Rule(
        id="multiple-heads",
        check="heads",
        severity=Severity.ERROR,
        sentence="After the merge there is more than one head, and alembic upgrade head refuses to run.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="duplicate-revision-id",
        check="heads",
        severity=Severity.ERROR,
        sentence="Two version files have the same revision id, and Alembic never runs one of them.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="missing-parent",
        check="heads",
        severity=Severity.ERROR,
        sentence="A down_revision or depends_on names a revision that no version file has.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="revision-cycle",
        check="heads",
        severity=Severity.ERROR,
        sentence="Revisions follow each other in a cycle, so Alembic cannot order them.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="second-base",
        check="heads",
        severity=Severity.ERROR,
        sentence="A revision has no down_revision, but the history already starts at another revision.",
        otherwise="notice where the base already has it, or a later revision merges both histories",
    ),
    Rule(
        id="unreadable-revision",
        check="heads",
        severity=Severity.WARNING,
        sentence="A version file, or the revision or down_revision in it, cannot be read.",
        otherwise=ON_BASE,
    ),
    Rule(
        id="revision-id-too-long",
        check="heads",
        severity=Severity.ERROR,
        sentence="A revision id has more characters than the column alembic_version.version_num holds.",
    ),
    Rule(
        id="edited-revision",
        check="history",
        severity=Severity.ERROR,
        sentence="The code of a revision that the base has was changed, and deployed databases do not run it again.",
        otherwise="warning where only downgrade() changed",
    ),
    Rule(
        id="rewritten-revision",
        check="history",
        severity=Severity.NOTICE,
        sentence="The code of a revision that the base has was changed, and it does the same as before.",
    ),
    Rule(
        id="removed-revision",
        check="history",
        severity=Severity.ERROR,
        sentence="A revision that the base has is in no version file any more.",
    ),
    Rule(
        id="reparented-revision",
        check="history",
        severity=Severity.ERROR,
        sentence="The down_revision or depends_on of a revision that the base has was changed.",
    ),
    Rule(
        id="stale-parent",
        check="history",
        severity=Severity.WARNING,
        sentence="A new revision is based on a former head of the base, so there is a second head after the merge.",
    ),
    Rule(
        id="migration-fails",
        check="upgrade",
        severity=Severity.ERROR,
        sentence="A revision fails when it runs on PostgreSQL.",
    ),
    Rule(
        id="migration-timed-out",
        check="upgrade",
        severity=Severity.ERROR,
        sentence="A revision does not finish within the seconds of the setting timeout.",
    ),
    Rule(
        id="old-migration-fails",
        check="upgrade",
        severity=Severity.NOTICE,
        sentence="A revision that the base already has fails on an empty database; this change did not cause it.",
    ),
    Rule(
        id="removed-module",
        check="upgrade",
        severity=Severity.ERROR,
        sentence="A version file, or a module that it needs, imports what this change removes or renames.",
    ),
    Rule(
        id="two-ways-differ",
        check="upgrade",
        severity=Severity.ERROR,
        sentence="After this change, a new database and a deployed one have different schemas.",
    ),
    Rule(
        id="create-all-in-migration",
        check="upgrade",
        severity=Severity.WARNING,
        sentence="A migration calls metadata.create_all(), so the check drift cannot see a missing migration.",
        otherwise="notice for a revision that the base already has",
    ),
    *OF_REVISIONS,
    Rule(
        id="missing-migration",
        check="drift",
        severity=Severity.ERROR,
        sentence="The migrations do not create the database that the models describe.",
        otherwise="warning where only raw SQL and other programs are affected",
        parts=("breaks", "differs", "outside"),
        solved_by_fixes=True,
    ),
    Rule(
        id="schema-differs",
        check="drift",
        severity=Severity.NOTICE,
        sentence="The models and the migrated database differ where nobody is hurt: a name, a comment, a wider type.",
    ),
    Rule(
        id="frozen-default",
        check="drift",
        severity=Severity.WARNING,
        sentence="A model gives a default as a string but means an expression, so PostgreSQL takes it for a constant.",
    ),
    Rule(
        id="old-drift",
        check="drift",
        severity=Severity.NOTICE,
        sentence="The base already has differences between models and migrations.",
    ),
    Rule(
        id="undated-drift",
        check="drift",
        severity=Severity.NOTICE,
        sentence="Models and migrations differ, and it is unknown which differences are new.",
    ),
    Rule(
        id="hidden-objects",
        check="drift",
        severity=Severity.NOTICE,
        sentence="A filter in env.py hides objects, so the check does not compare them.",
    ),
    Rule(
        id="name-used-twice",
        check="drift",
        severity=Severity.NOTICE,
        sentence="The models give two indexes or constraints the same name, so metadata.create_all() fails.",
    ),
    Rule(
        id="made-by-hand",
        check="drift",
        severity=Severity.NOTICE,
        sentence="The migrations create objects that models cannot describe, so the check does not compare them.",
    ),
    Rule(
        id="unseen-models",
        check="drift",
        severity=Severity.WARNING,
        sentence="A file defines tables of the models, but env.py does not import it.",
        otherwise="notice where the change does not touch the file",
    ),
    Rule(
        id="suppression-without-reason",
        check=ANY_CHECK,
        severity=Severity.NOTICE,
        sentence="A comment that suppresses a rule gives no reason, so it is ignored.",
    ),
    Rule(
        id="unused-suppression",
        check=ANY_CHECK,
        severity=Severity.NOTICE,
        sentence="A comment suppresses a rule that has no finding there.",
    ),
    Rule(
        id="unknown-rule",
        check=ANY_CHECK,
        severity=Severity.NOTICE,
        sentence="A comment that suppresses a rule names none, or one that does not exist.",
    ),
)
_BY_ID = {rule.id: rule for rule in RULES}


def rule_of_id(id_: str) -> Rule | None:
    """Return the rule of that id; None for an id that this version does not have."""
    return _BY_ID.get(id_)


def rules_of(check: str) -> tuple[str, ...]:
    """Return the ids of the rules of a check, in the order of the table."""
    return tuple(rule.id for rule in RULES if rule.check == check)
