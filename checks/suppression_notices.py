"""Notices of comments that suppress nothing: without a reason, without effect, elsewhere, or of no rule at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.findings import Finding, Severity
from checks.recording.absent import Absent
from checks.recording.revisions import Revision, Suppression, SuppressionScope
from checks.recording.tree import TreeRecording
from checks.rule import ANY_CHECK
from checks.rules import RULES, rule_of_id, rules_of

UNUSED = "unused-suppression"
OF_COMMENTS = rules_of(ANY_CHECK)
_ABOUT = {
    SuppressionScope.LINE: "The comment is about the statement in lines {first} to {last} only.",
    SuppressionScope.FUNCTION: "The comment is about the function in lines {first} to {last} only.",
}
_NEAR = 0.6
"""The similarity (difflib's ratio) from which an unknown rule counts as a misspelling of a known one."""


def without_reason(revision: Revision, suppression: Suppression, rule: str) -> Finding:
    """Return the notice of a comment that gives no reason."""
    return _notice(
        "suppression-without-reason",
        revision,
        suppression,
        rule,
        f"The suppression of {rule} has no reason, so it is ignored.",
        "Later readers of the migration need to know why the finding was accepted.",
        f"Add the reason: # alembic-checks: ignore[{rule}] the reason",
    )


def unused(revision: Revision, suppression: Suppression, rule: str) -> Finding:
    """Return the notice of a comment whose rule has no finding of the revision."""
    return _notice(
        UNUSED,
        revision,
        suppression,
        rule,
        f"The suppression of {rule} suppresses nothing.",
        "If the comment stays, it hides the next finding of this rule.",
        "Delete the comment.",
    )


def misplaced(revision: Revision, suppression: Suppression, rule: str, lines: Sequence[int]) -> Finding:
    """Return the notice of a comment whose rule has findings of the revision, but not where the comment is."""
    one_line = suppression.first == suppression.last
    about = _ABOUT[suppression.scope].format(first=suppression.first, last=suppression.last)
    if one_line:
        about = f"The comment is about line {suppression.first} only."
    if lines:
        message = f"The suppression of {rule} suppresses nothing: the finding is at line {lines[0]}."
        remedy = (
            f"Move the comment to line {lines[0]}, or to the top of the file, where it suppresses {rule} in all of it."
        )
    else:
        message = f"The suppression of {rule} suppresses nothing: the finding is at no line of this file."
        remedy = f"Move the comment to the top of the file, where it suppresses {rule} for the whole revision."
    return _notice(UNUSED, revision, suppression, rule, message, about, remedy)


def unknown_rules(recording: TreeRecording) -> Iterator[Finding]:
    """Yield a notice for each name in a comment of a new or edited version file that is no rule."""
    changes = recording.changes
    touched = None if isinstance(changes, Absent) else {*changes.new, *changes.edited}
    for revision in recording.graph.revisions:
        if touched is not None and revision.id not in touched:
            continue
        for suppression in revision.suppressions:
            for name in suppression.rules or ("",):
                if rule_of_id(name) is None:
                    yield _unknown(revision, suppression, name)


def _unknown(revision: Revision, suppression: Suppression, name: str) -> Finding:
    why = "The comment suppresses nothing."
    if not name:
        message = "A comment of alembic-checks names no rule."
        remedy = "Name the rule: # alembic-checks: ignore[RULE] the reason. Or delete the comment."
    elif rules_of(name):
        message = f"A comment suppresses {name}, which is a check and no rule."
        remedy = f"Name the rule of the finding, such as {rules_of(name)[0]}. `alembic-checks rules` lists them."
    else:
        message = f"A comment suppresses {name}, but there is no such rule."
        remedy = f"{_meant(name)}Correct the name, or delete the comment. `alembic-checks rules` lists all rules."
    return _notice("unknown-rule", revision, suppression, name, message, why, remedy)


def _meant(name: str) -> str:
    import difflib  # the hook for pre-commit imports this module, and has no time for what it seldom needs

    near = difflib.get_close_matches(name, [rule.id for rule in RULES], n=1, cutoff=_NEAR)
    return f"Did you mean {near[0]}? " if near else ""


def _notice(rule_id: str, revision: Revision, suppression: Suppression, rule: str, *sentences: str) -> Finding:
    message, why, remedy = sentences
    return Finding(
        rule=rule_id, severity=Severity.NOTICE, message=message, why=why, remedy=remedy,
        path=revision.path, line=suppression.line, revision=revision.id, object=rule or None,
    )  # fmt: skip
