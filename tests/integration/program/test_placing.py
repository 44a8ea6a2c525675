"""Which commit has the file of a finding: the head of the pull request, or the base, by the merge commit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from action.commands.placing import placed
from checks.findings import Severity, Verdict
from tests.projects.bookstore import GIFT, MODELS, NEWSLETTER, check_out, pull_request
from tests.unit.reports import handmade
from tests.unit.reports.scenarios import SUBJECT


def test_a_file_that_came_with_the_merge_is_the_base_s(tmp_path: Path) -> None:
    pull = pull_request(tmp_path)
    paths = (GIFT, MODELS, NEWSLETTER)
    found = [replace(handmade.found(Severity.ERROR), path=path) for path in paths]
    report = handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("heads", *found)))
    subject = replace(SUBJECT, head_sha=pull.head_sha)
    for depth, commits in ((0, [None, None, pull.base_sha]), (1, [None, None, None])):
        workspace = check_out(pull, tmp_path / f"depth {depth}", pull.origin.as_uri(), depth=depth)
        (tree,) = placed(replace(report, subject=subject), workspace).trees
        assert [finding.commit for finding in tree.checks[0].findings] == commits
