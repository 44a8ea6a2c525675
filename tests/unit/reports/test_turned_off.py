"""What `severity` turns off stays in sight: one sentence for people, and no mark on any surface for machines."""

from __future__ import annotations

from dataclasses import replace

from action.reports import junit, markdown, sarif, terminal
from checks import CHECKS
from checks.findings import Verdict
from checks.judge import judge
from checks.policy import Level, Policy
from tests.unit.reports import bookstore_recordings as recordings


def test_it_is_one_sentence_for_all_alembic_configs_and_nothing_for_machines() -> None:
    policy = Policy(severities={"missing-migration": Level.OFF, "multiple-heads": Level.OFF})
    recording = recordings.missing_migration()
    count = sum(f.rule == "missing-migration" for f in judge(recording, Policy(), CHECKS).findings())
    (tree,) = recording.trees
    report = judge(replace(recording, trees=(tree, replace(tree, path="b.ini"))), policy, CHECKS)
    assert (report.verdict, count > 0) == (Verdict.PASSED, True)
    sentence = f"The setting `severity` turns off missing-migration ({2 * count} findings)."
    assert sentence in terminal.render(report, color=False, width=200)
    assert markdown.render(report).count("missing-migration") == 1
    assert f"`severity` turns off missing-migration ({2 * count} findings)." in markdown.render(report)
    assert "missing-migration" not in junit.render(report)
    assert '"ruleId": "missing-migration"' not in sarif.render(report)
    assert [fix for _, result in report.results() for fix in result.fixes] == []
