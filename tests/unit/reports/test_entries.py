"""One problem is one entry, whatever rules, checks and Alembic configs report it; what follows has no second mark."""

from __future__ import annotations

from dataclasses import replace

from action.pull_request.status import statuses
from action.reports import digest, markdown, terminal
from action.reports.annotations import ranked
from action.reports.entries import entries
from action.reports.shared_commands import in_one_command
from action.reports.todo import todo
from checks.findings import Finding, Report, Result, Severity, Snippet, Status, Verdict
from tests.unit.reports import handmade, scenarios

HEADS_FIX = '"b81d2c6e5f10"\n```'


def shape(report: Report) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Return the check, the rules and the followers of each entry."""
    return [(entry.check, entry.rules, [finding.rule for _, finding in entry.also]) for entry in entries(report)]


def test_a_split_is_one_entry_with_one_fix() -> None:
    assert shape(scenarios.HEADS) == [("heads", ("multiple-heads",), ["stale-parent"])]
    assert markdown.render(scenarios.HEADS).count(HEADS_FIX) == 1
    assert terminal.render(scenarios.HEADS, color=False, width=120).count('= "b81d2c6e5f10"') == 1
    assert [annotation.title for annotation in ranked(scenarios.HEADS)] == ["Multiple heads (heads)"]


def test_model_changes_without_a_migration_are_one_entry_with_a_list() -> None:
    assert shape(scenarios.MISSING_MIGRATION) == [("drift", ("missing-migration",), [])]
    source = markdown.render(scenarios.MISSING_MIGRATION)
    assert "\N{CROSS MARK} **2 model changes have no migration**" in source
    assert source.count("**Fix:** Commit the missing migration") == 1
    assert digest.verdict(scenarios.MISSING_MIGRATION) == "Migrations: do not merge yet (1 error)"


def test_a_check_that_another_one_stopped_has_no_mark_and_no_pass() -> None:
    stopped = scenarios.result_of(scenarios.UNKNOWN, "drift")
    assert (stopped.status, stopped.follows) == (Status.ERROR, "upgrade")
    assert digest.verdict(scenarios.UNKNOWN) == "Migrations inconclusive: 2 of 7 checks could not run"
    row = "| `downgrade`, `loss`, `replay`, `drift` | \N{HEAVY MINUS SIGN}&nbsp;not&nbsp;run | see upgrade |"
    assert row in markdown.render(scenarios.UNKNOWN)
    assert "drift" not in " ".join(annotation.title for annotation in ranked(scenarios.UNKNOWN))
    assert {one.context: (one.state, one.description) for one in statuses(scenarios.UNKNOWN)} == {
        "alembic-checks / heads": ("success", "One head"),
        "alembic-checks / history": ("error", scenarios.result_of(scenarios.UNKNOWN, "history").reason),
        "alembic-checks / upgrade": ("error", digest.first_line(scenarios.result_of(scenarios.UNKNOWN, "upgrade"))),
        **{f"alembic-checks / {name}": ("pending", "see upgrade") for name in ("downgrade", "loss", "replay")},
        "alembic-checks / drift": ("pending", "see upgrade"),
    }


def deleted(revision: str, path: str) -> Finding:
    """Return a finding of one of several revisions that a squash has removed."""
    command = f"git fetch origin main && git checkout {'f' * 40} -- {path}"
    return Finding(
        rule="removed-revision",
        severity=Severity.ERROR,
        message=f"{revision} is gone.",
        why=f"Databases are at {revision}.",
        remedy="Restore the file. After a deliberate squash, keep the last id.",
        path=path,
        revision=revision,
        problem="removed revisions",
        fixes=(Snippet(title="Restore the file", text=command, language="shell"),),
    )


def test_a_squash_is_one_entry_with_one_command() -> None:
    gone = [deleted("a1", "v/a1.py"), deleted("b2", "'v/b 2.py'")]
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("history", *gone)))
    (entry,) = entries(report)
    assert [snippet.text for snippet in entry.fixes] == [
        f"git fetch origin main && git checkout {'f' * 40} -- v/a1.py 'v/b 2.py'"
    ]
    assert entry.remedy == "Restore the file. After a deliberate squash, keep the last id."
    assert todo(report) == ["Restore the 2 files"]
    assert markdown.render(report).count("git checkout") == 1


def test_commands_with_other_beginnings_stay_apart() -> None:
    assert in_one_command(("git checkout a -- x", "git checkout b -- y", "git checkout a -- z"), "shell") == (
        "git checkout a -- x z\ngit checkout b -- y"
    )
    assert in_one_command(("echo 'a -- b'", "echo 'a -- c'"), "shell") == "echo 'a -- b'\necho 'a -- c'"


def test_the_same_in_two_configs_counts_once_and_green_ones_are_folded() -> None:
    found = handmade.failed("heads", handmade.found(Severity.ERROR))
    red = (handmade.tree(found, path="a.ini"), handmade.tree(found, path="b.ini"))
    green = [handmade.tree(handmade.passed("heads"), path=f"{name}.ini") for name in "cde"]
    report = handmade.report(Verdict.FAILED, *red, *green)
    source = markdown.render(report)
    assert source.startswith("## \N{CROSS MARK} Migrations: do not merge yet (1 error)\n\n**To do:** Fix it\n")
    assert [line.split("<br>")[0] for line in source.split("\n") if line.startswith("| `") and "ini" in line] == [
        *("| `a.ini`", "| `b.ini`", "| `c.ini`", "| `d.ini`", "| `e.ini`")
    ]
    assert (
        source.index("`b.ini`")
        < source.index("3 Alembic configs without a problem</summary>")
        < source.index("`c.ini`")
    )


def test_what_follows_stands_alone_where_its_cause_is_suppressed() -> None:
    tree = scenarios.HEADS.trees[0]
    results: list[Result] = []
    for result in tree.checks:
        findings = tuple(
            replace(one, suppressed="agreed") if one.rule == "multiple-heads" else one for one in result.findings
        )
        results.append(replace(result, findings=findings))
    report = replace(scenarios.HEADS, trees=(replace(tree, checks=tuple(results)),))
    assert shape(report) == [("history", ("stale-parent",), [])]
