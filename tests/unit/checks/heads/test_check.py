"""The check ``heads``, on graphs in a line of text (tests/unit/checks/dsl.py)."""

from __future__ import annotations

import pytest

from checks.findings import Finding, Severity, Snippet
from checks.heads.joining import merge_command
from checks.recording.tree import TreeRecording
from tests.unit.checks.dsl import DOWN_LINE, LINE, tree
from tests.unit.checks.heads.judging import judged, listed, only, texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a; b<-a; c<-b",
        "a; b<-a; c<-a; m<-b,c",
        "a; b:left<-a; c:right<-a",
        "a; b<-a; c:right<-a; d<-c",
        "a; b<-a; other:other; more<-other",
        "a; b<-a; other +a; more<-other",
        "a; b<-a; c<-a +b",
        "a:{cli.EXPAND}; b<-a; c:{cli.CONTRACT}",
        "a; b<-a +core; c:core",
    ],
)
@pytest.mark.parametrize("base", [None, "", "a"])
def test_legitimate_graphs(text: str, base: str | None) -> None:
    assert listed(tree(text, base=base)) == []


TWO_HEADS_DRAWN = (
    Snippet(
        title="Where the heads split",
        language="mermaid",
        text='flowchart TD\n    n0["a"]\n    n0 --> n1["b<br/>head"]\n    n0 --> n2["c<br/>add price<br/>head"]',
    ),
    Snippet(title="Where the heads split", text="a\n|\n+-- b             head\n|\n+-- c  add price  head"),
)


def test_two_heads_in_one_tree_without_a_base() -> None:
    finding = only(tree('a; b<-a @2026-01-02; c<-a @2026-01-03 "add price"'))
    assert finding == Finding(
        rule="multiple-heads",
        severity=Severity.ERROR,
        message="The revision graph has two heads: b and c (add price), split at a.",
        why="A deploy stops: alembic upgrade head refuses to run with more than one head. "
        "b came first by create date: 2026-01-02 12:00:00.000000 before 2026-01-03 12:00:00.000000.",
        remedy="Set c's `down_revision` to b. Or add a merge revision that joins the heads.",
        path="migrations/versions/c.py",
        line=DOWN_LINE,
        revision="c",
        object="c",
        evidence=TWO_HEADS_DRAWN,
        fixes=(
            Snippet(
                title="Set c's down_revision to b (line 15)",
                text='down_revision = "b"',
                language="python",
                path="migrations/versions/c.py",
            ),
            Snippet(
                title="Or add a merge revision",
                text='alembic merge -m "merge heads" b c',
                language="shell",
            ),
        ),
    )


def test_the_first_of_a_new_chain_follows_the_bases_head() -> None:
    finding = only(tree("a; c<-a; d<-c", base="a; b<-a", fork="a"))
    assert (finding.message, finding.path, finding.line, finding.revision, finding.object) == (
        "After the merge into origin/main, the revision graph has two heads: b and d, split at a.",
        "migrations/versions/c.py",
        DOWN_LINE,
        "c",
        "d",
    )
    assert finding.why.endswith("b came first: it is already on origin/main.")
    assert finding.remedy == (
        "Update this branch from origin/main first: it lacks b. Set c's `down_revision` to b, since c starts the chain "
        "that ends in d. Or add a merge revision that joins the heads."
    )
    assert [text for _, text in texts(finding.fixes)] == [
        'down_revision = "b"',
        'alembic merge -m "merge heads" b d',
    ]
    assert finding.evidence[1].text == (
        "a      on origin/main\n|\n+-- b  head, on origin/main\n|\n+-- c  added here\n    d  head, added here"
    )


def test_what_the_base_has_wins_over_create_dates() -> None:
    assert listed(tree("a; b<-a @2026-02-02; c<-a @2026-01-01", base="a; b<-a @2026-02-02")) == [
        ("multiple-heads", "error", "c", "c")
    ]


def test_without_dates_and_base_it_is_not_known_which_came_first() -> None:
    finding = only(tree("a; b<-a; c<-a @2026-01-01"))
    assert finding.why.endswith(
        "It is not known which head came first: there is no base (--base), and the create dates do not show it."
    )


def test_a_line_is_as_old_as_its_first_revision() -> None:
    finding = only(tree("a; b<-a @2026-01-01; b2<-b @2026-03-01; c<-a @2026-02-01"))
    assert (finding.object, finding.fixes[0].text) == ("c", 'down_revision = "b2"')


def test_a_split_that_the_base_has_is_a_notice() -> None:
    finding = only(tree("a; x<-a; y<-a; z<-y", base="a; x<-a; y<-a"))
    assert (finding.severity, finding.path, finding.line, finding.object) == (
        Severity.NOTICE,
        "migrations/versions/z.py",
        LINE,
        "z",
    )
    assert finding.message == (
        "The revision graph has more than one head: x and z, split at a. This split is already on origin/main."
    )
    assert texts(finding.fixes) == [("Add a merge revision", 'alembic merge -m "merge heads" x z')]


def test_a_third_head_beside_a_split_of_the_base_is_an_error() -> None:
    assert listed(tree("a; x<-a; y<-a; z<-a", base="a; x<-a; y<-a")) == [
        ("multiple-heads", "notice", "y", "y"),
        ("multiple-heads", "error", "z", "z"),
    ]


def test_two_new_heads_on_the_bases_head() -> None:
    recording = tree("a; b<-a; y<-b; z<-b", base="a; b<-a")
    assert listed(recording) == [("multiple-heads", "error", "z", "z")]
    assert only(recording).why == (
        "A deploy stops: alembic upgrade head refuses to run with more than one head. "
        "It is not known which head came first: origin/main has neither, and the create dates do not show it."
    )


def test_a_deleted_merge_revision_brings_the_split_back() -> None:
    found = listed(tree("a; x<-a; y<-a", base="a; x<-a; y<-a; m<-x,y"))
    assert found == [("multiple-heads", "error", "y", "y")]


def test_the_fixes_of_three_heads_fit_together() -> None:
    findings = judged(tree("a; x<-a; y<-a; z<-a", base="a; x<-a"))
    assert [f.message for f in findings] == [
        "After the merge into origin/main, the revision graph has 3 heads, among them x and y, split at a.",
        "After the merge into origin/main, the revision graph has 3 heads, among them x and z, split at a.",
    ]
    assert [[text for _, text in texts(f.fixes)] for f in findings] == [
        ['down_revision = "x"', 'alembic merge -m "merge heads" x y z'],
        ['down_revision = "y"', 'alembic merge -m "merge heads" x y z'],
    ]


def test_a_chain_that_merges_is_not_reparented() -> None:
    finding = only(tree("a; b<-a; c<-b; m<-a,b", base="a; b<-a; c<-b"))
    assert [title for title, _ in texts(finding.fixes)] == ["Add a merge revision"]


def test_a_reparenting_that_would_close_a_cycle_is_not_offered() -> None:
    finding = only(tree("a; c<-a; d<-c; b<-a +c", base="a; b<-a +c", fork="a"))
    assert (finding.object, [title for title, _ in texts(finding.fixes)]) == (
        "d",
        ["Add a merge revision"],
    )


def test_heads_of_one_label_conflict() -> None:
    assert listed(tree("a:core; b<-a; c<-a; other:other", base="a:core; b<-a; other:other")) == [
        ("multiple-heads", "error", "c", "c")
    ]


@pytest.mark.parametrize("allowed", ["b", "c", "left"])
def test_allowed_heads(allowed: str) -> None:
    assert listed(tree("a; b:left<-a; c:left2<-b; d<-b; e<-a"), "c", "d", allowed) == []


def test_allowing_one_head_leaves_the_others() -> None:
    assert [f.object for f in judged(tree("a; b<-a; c<-a; d<-a"), "c")] == ["d"]


def test_a_long_line_is_drawn_with_its_ends() -> None:
    line = "; ".join(f"b{n}<-b{n - 1}" for n in range(1, 9))
    finding = only(tree(f"b0; {line}; c<-b0", base=f"b0; {line}"))
    assert finding.evidence[1].text.splitlines() == [
        "b0              on origin/main",
        "|",
        "+-- b1          on origin/main",
        "|   b2          on origin/main",
        "|   ... 4 more",
        "|   b7          on origin/main",
        "|   b8          head, on origin/main",
        "|",
        "+-- c           head, added here",
    ]


@pytest.mark.parametrize(
    ("path", "locations", "expected"),
    [
        ("alembic.ini", ("m/versions",), 'alembic merge -m "merge heads" a b'),
        ("pyproject.toml", ("m/versions",), 'alembic merge -m "merge heads" a b'),
        ("alembic.ini:tenant", ("m/versions",), 'alembic -n tenant merge -m "merge heads" a b'),
        ("back end/alembic.ini", ("back end/m",), "cd 'back end' && alembic merge -m \"merge heads\" a b"),
        ("conf/db.ini:x", ("m/versions",), 'alembic -c conf/db.ini -n x merge -m "merge heads" a b'),
        ("conf/alembic.ini", ("m/versions",), 'alembic -c conf/alembic.ini merge -m "merge heads" a b'),
    ],
)
def test_the_merge_command(path: str, locations: tuple[str, ...], expected: str) -> None:
    assert merge_command(TreeRecording(path=path, version_locations=locations), ("a", "b")) == expected


@pytest.mark.parametrize(
    ("path", "launcher", "flask", "expected"),
    [
        ("alembic.ini", ("uv", "run"), None, 'uv run alembic merge -m "merge heads" a b'),
        ("api/alembic.ini", ("poetry", "run"), None, 'cd api && poetry run alembic merge -m "merge heads" a b'),
        ("migrations/alembic.ini", (), "", 'flask db merge -m "merge heads" a b'),
        ("migrations/alembic.ini", ("uv", "run"), "", 'uv run flask db merge -m "merge heads" a b'),
        (
            "back end/app/db/alembic.ini",
            (),
            "back end",
            "cd 'back end' && flask db merge -d app/db -m \"merge heads\" a b",
        ),
    ],
)
def test_the_command_is_the_project_s_own(
    path: str, launcher: tuple[str, ...], flask: str | None, expected: str
) -> None:
    folder = path.removesuffix("/alembic.ini") if "/" in path else "m"
    recording = TreeRecording(
        path=path, version_locations=(f"{folder}/versions",), launcher=launcher, flask_folder=flask
    )
    assert merge_command(recording, ("a", "b")) == expected
