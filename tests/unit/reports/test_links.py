"""The addresses of lines: at the head, in a fork, or in the base where only it has the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from action.reports import markdown
from action.reports.links import Links
from checks.findings import Finding, Severity, Subject
from tests.unit.reports import handmade, scenarios

HEAD, BASE = "5b0e1f3d7c9a2468ace013579bdf02468ace1357", "0f6ab9c2d4813e57a90b1c6d2f4e8a7350b9d1c4"


def of(finding: Finding, **changes: object) -> str | None:
    subject: Subject = replace(scenarios.SUBJECT, **changes)  # type: ignore[arg-type]
    return Links(replace(scenarios.ALL_GREEN, subject=subject)).file(finding)


def at(path: str | None, line: int | None = 7, commit: str | None = None) -> Finding:
    return replace(handmade.found(Severity.ERROR), path=path, line=line, commit=commit)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (at("a/b.py"), f"https://github.com/acme/bookstore/blob/{HEAD}/a/b.py#L7"),
        (at("a/b.py", line=None), f"https://github.com/acme/bookstore/blob/{HEAD}/a/b.py"),
        (at("a b/#1?(é).py"), f"https://github.com/acme/bookstore/blob/{HEAD}/a%20b/%231%3F%28%C3%A9%29.py#L7"),
        (at("a.py", commit=BASE), f"https://github.com/acme/bookstore/blob/{BASE}/a.py#L7"),
        (at("a.py", commit="main) [x](https://evil.example"), None),
        (at("/usr/lib/op.py"), None),
        (at("../op.py"), None),
        (at(None), None),
    ],
)
def test_of_a_line(finding: Finding, expected: str | None) -> None:
    assert of(finding) == expected


def test_a_fork_has_the_head_and_the_repository_the_base() -> None:
    fork = "mallory/books"
    assert of(at("a.py"), head_repository=fork) == f"https://github.com/mallory/books/blob/{HEAD}/a.py#L7"
    assert of(at("a.py", commit=BASE), head_repository=fork) == f"https://github.com/acme/bookstore/blob/{BASE}/a.py#L7"
    assert of(at("a.py"), head_repository="x/y) [z](https://evil.example") == (
        f"https://github.com/acme/bookstore/blob/{HEAD}/a.py#L7"
    )


def test_a_server_of_ones_own_is_kept_and_nothing_is_linked_outside_of_a_run() -> None:
    url = "https://git.acme.example/ghe/acme/bookstore/actions/runs/1618"
    assert of(at("a.py"), url=url) == f"https://git.acme.example/ghe/acme/bookstore/blob/{HEAD}/a.py#L7"
    assert of(at("a.py"), url=None) is None
    assert of(at("a.py"), head_sha=None) is None
    assert Links(scenarios.NO_BASE).file(at("a.py")) is None


def test_the_comment_links_lines_and_rules() -> None:
    source = markdown.render(scenarios.HEADS)
    path = "migrations/versions/3f2b8a1c9d07_add_review_table.py"
    assert (
        f"[`{path}:16`](https://github.com/acme/bookstore/blob/{HEAD}/{path}#L16) · [`multiple-heads`](https://"
        in source
    )
