"""The check ``heads``, on graphs in a line of text (tests/unit/checks/dsl.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.findings import Finding, Severity, Snippet, Status
from checks.graph.drawing import draw
from checks.graph.rewriting import with_id, with_parent
from checks.heads.check import CHECK, merge_command, run
from checks.policy import Policy
from checks.recording.revisions import Changes, Graph, Unreadable
from checks.recording.tree import Environment, TreeRecording
from tests.unit.checks.dsl import DOWN_LINE, LINE, graph, tree

Told = tuple[str, str, str | None, str | None]
"""Rule, severity, revision, object."""


def judged(recording: TreeRecording, *allow_heads: str) -> tuple[Finding, ...]:
    return run(recording, Policy(allow_heads=allow_heads)).findings


def told(recording: TreeRecording, *allow_heads: str) -> list[Told]:
    return [(f.rule, f.severity.value, f.revision, f.object) for f in judged(recording, *allow_heads)]


def only(recording: TreeRecording) -> Finding:
    (finding,) = judged(recording)
    return finding


def texts(snippets: tuple[Snippet, ...]) -> list[tuple[str, str]]:
    return [(snippet.title, snippet.text) for snippet in snippets]


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
    assert told(tree(text, base=base)) == []


def test_two_heads_in_one_tree_without_a_base() -> None:
    finding = only(tree('a; b<-a @2026-01-02; c<-a @2026-01-03 "add price"'))
    assert finding == Finding(
        rule="multiple-heads",
        severity=Severity.ERROR,
        message="The revision graph has two heads: b and c (add price), split at a.",
        why="alembic upgrade head refuses to run with more than one head, so a deploy stops. "
        "b came first by the create dates: 2026-01-02 12:00:00.000000 before 2026-01-03 12:00:00.000000.",
        remedy="Put c on top of b by its down_revision. Or join the heads by a merge revision.",
        path="migrations/versions/c.py",
        line=DOWN_LINE,
        revision="c",
        object="c",
        evidence=(
            Snippet(
                title="Where the heads split",
                language="mermaid",
                text="flowchart TD\n"
                '    n0["a"]\n'
                '    n0 --> n1["b<br/>head"]\n'
                '    n0 --> n2["c<br/>add price<br/>head"]',
            ),
            Snippet(
                title="Where the heads split",
                text="a\n|\n+-- b             head\n|\n+-- c  add price  head",
            ),
        ),
        fixes=(
            Snippet(
                title="Put c on top of b, in line 15",
                text='down_revision = "b"',
                language="python",
                path="migrations/versions/c.py",
            ),
            Snippet(
                title="Or join the heads by a merge revision",
                text='alembic merge -m "merge heads" b c',
                language="shell",
            ),
        ),
    )


def test_the_first_of_a_new_chain_is_put_on_the_bases_head() -> None:
    finding = only(tree("a; c<-a; d<-c", base="a; b<-a", fork="a"))
    assert (finding.message, finding.path, finding.line, finding.revision, finding.object) == (
        "Merged into origin/main, the revision graph has two heads: b and d, split at a.",
        "migrations/versions/c.py",
        DOWN_LINE,
        "c",
        "d",
    )
    assert finding.why.endswith("b came first: it is on origin/main already.")
    assert finding.remedy == (
        "Bring origin/main into this branch first (b is not in it yet). Put c, the first of its chain, on top of b "
        "by its down_revision; d stays on top of it. Or join the heads by a merge revision."
    )
    assert [text for _, text in texts(finding.fixes)] == [
        'down_revision = "b"',
        'alembic merge -m "merge heads" b d',
    ]
    assert finding.evidence[1].text == (
        "a      on origin/main\n|\n+-- b  head, on origin/main\n|\n+-- c  added here\n    d  head, added here"
    )


def test_what_the_base_has_wins_over_create_dates() -> None:
    assert told(tree("a; b<-a @2026-02-02; c<-a @2026-01-01", base="a; b<-a @2026-02-02")) == [
        ("multiple-heads", "error", "c", "c")
    ]


def test_without_dates_and_base_it_is_not_known_which_came_first() -> None:
    finding = only(tree("a; b<-a; c<-a @2026-01-01"))
    assert finding.why.endswith(
        "Which of the two came first is not known: neither a base (--base) nor a create date tells."
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
    assert finding.message == "There is more than one head, as on origin/main already: x and z, split at a."
    assert texts(finding.fixes) == [("Join the heads by a merge revision", 'alembic merge -m "merge heads" x z')]


def test_a_third_head_beside_a_split_of_the_base_is_an_error() -> None:
    assert told(tree("a; x<-a; y<-a; z<-a", base="a; x<-a; y<-a")) == [
        ("multiple-heads", "notice", "y", "y"),
        ("multiple-heads", "error", "z", "z"),
    ]


def test_two_new_heads_on_the_bases_head() -> None:
    assert told(tree("a; b<-a; y<-b; z<-b", base="a; b<-a")) == [("multiple-heads", "error", "z", "z")]


def test_a_deleted_merge_revision_brings_the_split_back() -> None:
    found = told(tree("a; x<-a; y<-a", base="a; x<-a; y<-a; m<-x,y"))
    assert found == [("multiple-heads", "error", "y", "y")]


def test_the_fixes_of_three_heads_fit_together() -> None:
    findings = judged(tree("a; x<-a; y<-a; z<-a", base="a; x<-a"))
    assert [f.message for f in findings] == [
        "Merged into origin/main, the revision graph has 3 heads: y is one too many beside x, split at a.",
        "Merged into origin/main, the revision graph has 3 heads: z is one too many beside x, split at a.",
    ]
    assert [[text for _, text in texts(f.fixes)] for f in findings] == [
        ['down_revision = "x"', 'alembic merge -m "merge heads" x y z'],
        ['down_revision = "y"', 'alembic merge -m "merge heads" x y z'],
    ]


def test_a_chain_that_merges_is_not_reparented() -> None:
    finding = only(tree("a; b<-a; c<-b; m<-a,b", base="a; b<-a; c<-b"))
    assert [title for title, _ in texts(finding.fixes)] == ["Join the heads by a merge revision"]


def test_a_reparenting_that_would_close_a_circle_is_not_offered() -> None:
    finding = only(tree("a; c<-a; d<-c; b<-a +c", base="a; b<-a +c", fork="a"))
    assert (finding.object, [title for title, _ in texts(finding.fixes)]) == (
        "d",
        ["Join the heads by a merge revision"],
    )


def test_heads_of_one_label_conflict() -> None:
    assert told(tree("a:core; b<-a; c<-a; other:other", base="a:core; b<-a; other:other")) == [
        ("multiple-heads", "error", "c", "c")
    ]


@pytest.mark.parametrize("allowed", ["b", "c", "left"])
def test_allowed_heads(allowed: str) -> None:
    assert told(tree("a; b:left<-a; c:left2<-b; d<-b; e<-a"), "c", "d", allowed) == []


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


def test_a_drawing_holds_nothing_that_mermaid_reads_as_its_own() -> None:
    mermaid, text = draw(None, [["a"]], lambda _: ('end"] <b>`x`&\x1b[31m;\n' + "m" * 60, "head"))
    escaped = "end#quot;] #lt;b#gt;#96;x#96;#amp; [31m; " + "m" * 25 + "..."
    assert mermaid.text.splitlines()[1:] == ['    n0["no revision"]', f'    n0 --> n1["a<br/>{escaped}<br/>head"]']
    assert text.text.splitlines()[2] == '+-- a  end"] <b>`x`& [31m; ' + "m" * 25 + "...  head"


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
    ("written", "parents", "expected"),
    [
        ('down_revision = "a"', ("a",), 'down_revision = "new"'),
        ("down_revision = 'a'  # was 'a'", ("a",), "down_revision = 'new'  # was 'a'"),
        ("down_revision = u'a'", ("a",), "down_revision = u'new'"),
        ('down_revision: Union[str, None] = "a"', ("a",), 'down_revision: Union[str, None] = "new"'),
        ("down_revision: Union[str, None] = None", (), 'down_revision: Union[str, None] = "new"'),
        ("down_revision = None", (), 'down_revision = "new"'),
        ('down_revision = ("a",)', ("a",), 'down_revision = ("new",)'),
        ("down_revision = PARENT", ("a",), 'down_revision = "new"'),
        ("down_revision: str = PARENT", ("a",), 'down_revision: str = "new"'),
        ('down_revision = (\n    "a"\n)', ("a",), 'down_revision = (\n    "new"\n)'),
        ("", ("a",), 'down_revision = "new"'),
    ],
)
def test_the_down_revision_line_keeps_its_style(written: str, parents: tuple[str, ...], expected: str) -> None:
    (revision,) = graph("x").revisions
    assert with_parent(replace(revision, down_revision_text=written, down_revisions=parents), "new") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("down_revision = 'a'", "revision = 'new'"), ('down_revision: str | None = "a"', 'revision: str = "new"')],
)
def test_the_revision_line_follows_the_style_of_the_file(written: str, expected: str) -> None:
    (revision,) = graph("x").revisions
    assert with_id(replace(revision, down_revision_text=written), "new") == expected


def test_a_duplicated_id_names_both_files_and_a_fresh_id() -> None:
    finding = only(tree("a; b<-a; c<-b; a/copy<-c", base="a; b<-a; c<-b"))
    assert (finding.rule, finding.severity, finding.path, finding.line, finding.revision, finding.message) == (
        "duplicate-revision-id",
        Severity.ERROR,
        "migrations/versions/copy.py",
        LINE,
        "a",
        "Two files have the revision id a: migrations/versions/a.py and migrations/versions/copy.py.",
    )
    assert finding.why == (
        "Alembic only warns, and then never runs one of them. "
        "migrations/versions/a.py is on origin/main already, migrations/versions/copy.py is new."
    )
    assert finding.remedy == (
        "Give migrations/versions/copy.py an id of its own, such as 9d70e6ec3bdc. "
        "Then look at b: which of the two does it follow?"
    )
    assert texts(finding.fixes) == [("A fresh id: migrations/versions/copy.py, line 14", 'revision = "9d70e6ec3bdc"')]


def test_a_duplicated_id_without_a_base_is_told_of_the_newer_file() -> None:
    finding = only(tree("a/newer @2026-02-02; a @2026-01-01"))
    assert (finding.path, finding.why.rpartition(". ")[2]) == (
        "migrations/versions/newer.py",
        "By the create dates migrations/versions/newer.py is the newer one: "
        "2026-02-02 12:00:00.000000 after 2026-01-01 12:00:00.000000.",
    )


def test_a_duplicated_id_of_the_base_is_a_notice() -> None:
    assert told(tree("a; b<-a; b/copy<-a; c<-b", base="a; b<-a; b/copy<-a")) == [
        ("duplicate-revision-id", "notice", "b", "migrations/versions/copy.py")
    ]


def test_what_follows_a_duplicated_id_is_no_second_finding() -> None:
    found = told(tree("a; b<-a; c<-b; b/copy<-c; d<-b", base="a; b<-a; c<-b"))
    assert [rule for rule, *_ in found] == ["duplicate-revision-id"]


def test_a_misspelt_parent() -> None:
    finding = only(tree("3f2a9c11d0e4; b7<-3f2a9c11d0e5", base="3f2a9c11d0e4"))
    assert finding == Finding(
        rule="missing-parent",
        severity=Severity.ERROR,
        message="b7 names 3f2a9c11d0e5 as its down_revision, but no file has that revision.",
        why="Alembic stops at every command with a bare KeyError: '3f2a9c11d0e5'.",
        remedy="Name an id that exists, in full: 3f2a9c11d0e4 may be meant.",
        path="migrations/versions/b7.py",
        line=DOWN_LINE,
        revision="b7",
        object="3f2a9c11d0e5",
        fixes=(
            Snippet(
                title="Name the parent in full: migrations/versions/b7.py, line 15",
                text='down_revision = "3f2a9c11d0e4"',
                language="python",
                path="migrations/versions/b7.py",
            ),
        ),
    )


def test_an_abbreviated_parent_is_missing_for_alembic() -> None:
    assert only(tree("3f2a9c11d0e4; b7<-3f2a")).fixes[0].text == 'down_revision = "3f2a9c11d0e4"'


def test_one_of_two_parents_is_missing() -> None:
    finding = only(tree("aa; xx<-aa; m<-xx,bbbbbbbb; bbbbbbbc<-aa; n<-bbbbbbbc,m"))
    assert (finding.object, finding.fixes[0].text) == ("bbbbbbbb", 'down_revision = ("xx", "bbbbbbbc")')


def test_a_parent_that_the_change_deletes() -> None:
    finding = only(tree("a; c<-b", base="a; b<-a; c<-b"))
    assert (finding.rule, finding.severity, finding.object) == ("missing-parent", Severity.ERROR, "b")
    assert finding.why.endswith("This change deletes it.")
    assert finding.remedy == "Bring migrations/versions/b.py back: a database may be at b already."
    assert texts(finding.fixes) == [
        ("Bring migrations/versions/b.py back", f"git checkout {'f' * 40} -- migrations/versions/b.py")
    ]


def test_a_parent_that_the_base_deleted_meanwhile() -> None:
    finding = only(tree("a; b<-a; c<-b", base="a", fork="a; b<-a"))
    assert (finding.revision, finding.why) == (
        "c",
        "Alembic stops at every command with a bare KeyError: 'b'. origin/main no longer has it.",
    )


def test_a_missing_parent_of_the_base_is_a_notice() -> None:
    assert told(tree("a; c<-zz", base="a; c<-zz")) == [("missing-parent", "notice", "c", "zz")]


def test_a_missing_dependency() -> None:
    assert told(tree("a:core; b<-a +nothing; c<-b +core")) == [("missing-parent", "error", "b", "nothing")]


def test_a_dependency_on_a_label_that_cannot_be_read_is_not_missing() -> None:
    assert told(tree("a:{cli.CORE}; b<-a +core")) == []


def test_a_cycle_is_told_at_the_revision_that_the_change_edits() -> None:
    finding = only(tree("a; b<-a,d; c<-b; d<-c", base="a; b<-a", merged="a; b<-a,d; c<-b; d<-c"))
    assert (finding.rule, finding.severity, finding.revision, finding.message) == (
        "revision-cycle",
        Severity.ERROR,
        "d",
        "Revisions come after each other in a circle: d after c after b after d.",
    )
    assert finding.evidence[0].text == (
        'migrations/versions/d.py:15: down_revision = "c"\n'
        'migrations/versions/c.py:15: down_revision = "b"\n'
        'migrations/versions/b.py:15: down_revision = ("a", "d")'
    )


@pytest.mark.parametrize(("base", "severity"), [("a<-a", "notice"), ("", "error"), (None, "error")])
def test_a_revision_that_follows_itself(base: str | None, severity: str) -> None:
    assert told(tree("a<-a", base=base)) == [("revision-cycle", severity, "a", None)]


def test_a_second_base_is_one_finding() -> None:
    finding = only(tree('a "first"; b<-a; z; z2<-z', base='a "first"; b<-a'))
    assert (finding.rule, finding.severity, finding.path, finding.line, finding.revision, finding.message) == (
        "second-base",
        Severity.ERROR,
        "migrations/versions/z.py",
        DOWN_LINE,
        "z",
        "z has no down_revision, but the history starts at a (first).",
    )
    assert texts(finding.fixes) == [
        ("Put z on top of b, in line 15", 'down_revision = "b"'),
        ("Or name the separate history", 'branch_labels = ("NAME",)'),
    ]


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("a; z", "a; z", [("second-base", "notice", "z", None)]),
        ("a; z; m<-a,z", None, [("second-base", "notice", "z", None)]),
        ("a:core; z", "a:core", [("second-base", "error", "z", None)]),
    ],
)
def test_second_bases(text: str, base: str | None, expected: list[Told]) -> None:
    assert told(tree(text, base=base)) == expected


def test_an_allowed_head_may_have_a_base_of_its_own() -> None:
    assert told(tree("a; b<-a; z; z2<-z", base="a; b<-a"), "z2") == []


UNREADABLE = Unreadable(path="migrations/versions/x_9.py", line=3, reason="SyntaxError: invalid syntax")


def with_unreadable(text: str) -> TreeRecording:
    return TreeRecording(path="alembic.ini", graph=Graph(revisions=graph(text).revisions, unreadable=(UNREADABLE,)))


def test_an_unreadable_file_leaves_the_check_unjudged() -> None:
    outcome = run(with_unreadable("a; b<-x_9"), Policy())
    assert (outcome.unjudged, outcome.reason) == (
        Status.SKIPPED,
        "The revisions of 1 version file(s) could not be read: migrations/versions/x_9.py.",
    )
    assert [(f.rule, f.severity, f.path, f.line, f.message) for f in outcome.findings] == [
        (
            "unreadable-revision",
            Severity.WARNING,
            "migrations/versions/x_9.py",
            3,
            "The revision of migrations/versions/x_9.py could not be read: SyntaxError: invalid syntax.",
        )
    ]


@pytest.mark.parametrize(("heads", "unjudged"), [(("b",), None), (("b", "x"), Status.SKIPPED)])
def test_alembics_own_heads_judge_what_cannot_be_read(heads: tuple[str, ...], unjudged: Status | None) -> None:
    environment = Environment(python="", python_version="", alembic="", sqlalchemy="", driver="", heads=heads)
    assert run(replace(with_unreadable("a; b<-a"), environment=environment), Policy()).unjudged is unjudged


def test_an_unreadable_file_of_the_base_is_a_notice() -> None:
    here = with_unreadable("a")
    recording = tree("a", base="a")
    assert isinstance(recording.changes, Changes)
    changes = replace(recording.changes, base_graph=here.graph, merged_graph=here.graph)
    (finding,) = run(replace(here, changes=changes), Policy()).findings
    assert finding.severity is Severity.NOTICE


def test_every_rule_that_is_told_is_declared() -> None:
    recordings = [tree("a; b<-a; b/c<-a; d<-a; e; f<-g; h<-h"), with_unreadable("a")]
    found = {finding.rule for recording in recordings for finding in judged(recording)}
    assert found == set(CHECK.rules)
