"""GitHub's header about permissions, in the words of a workflow."""

from __future__ import annotations

import pytest

from action.pull_request.publish import permissions


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("statuses=write", ["statuses: write"]),
        ("issues=write; pull_requests=write", ["pull-requests: write"]),
        ("pull_requests=write; issues=write", ["pull-requests: write"]),
        ("issues=write", ["issues: write"]),
        ("contents=read,checks=write; checks=write", ["contents: read", "checks: write"]),
        ("", []),
        (";", []),
        ("allows_permissionless_access=true", []),
        ("\x1b[31m: {}", []),
    ],
)
def test_permissions(header: str, expected: list[str]) -> None:
    assert permissions(header) == expected
