"""What became of the revisions that both sides have: edited, in which part, at which line; or not to be known."""

from __future__ import annotations

import pytest

from action.version_files.edits import Edits, Side, edits
from action.version_files.reading import read_graph
from checks.recording.revisions import Edit, Unreadable

B = "v/b.py"
NOTHING = Edits(edits=(), reworked=(), uncompared=())
UNREAD = "it does not assign down_revision, so Alembic cannot load any revision"


def file(id_: str, up: str = "pass", down: str = "pass", parent: str = "'a'", more: str = "") -> str:
    """Return a version file; the body of upgrade() is its line 6, that of downgrade() its line 9."""
    return (
        f"revision = '{id_}'\ndown_revision = {parent}\n{more or '# nothing more'}\n\ndef upgrade():\n    {up}\n\n"
        f"def downgrade():\n    {down}\n"
    )


def compare(work: dict[str, str], fork: dict[str, str], base: dict[str, str] | None = None) -> Edits:
    return edits(*(_side(files) for files in (work, fork, fork if base is None else base)))


def _side(texts: dict[str, str]) -> Side:
    files = {path: text.encode() for path, text in texts.items()}
    return Side(read_graph(files.items()), files)


def test_an_edit_says_what_and_where() -> None:
    found = compare({B: file("b", up="f()", down="g()")}, {B: file("b")})
    diff = "\n".join(
        (
            "--- v/b.py",
            "+++ v/b.py",
            "@@ -3,8 +3,8 @@",
            " # nothing more",
            " ",
            " def upgrade():",
            "-    pass",
            "+    f()",
            " ",
            " def downgrade():",
            "-    pass",
            "+    g()",
            " ",
        )
    )
    edit = Edit(revision="b", parts=("upgrade", "downgrade"), line=6, old_path=B, diff=diff)
    assert found == Edits(edits=(edit,), reworked=("b",), uncompared=())


def summary(found: Edits) -> list[tuple[str, tuple[str, ...], tuple[str, ...], int]]:
    assert found.uncompared == ()
    return [(edit.revision, edit.parts, edit.on_base, edit.line) for edit in found.edits]


def test_downgrade_alone_is_an_edit_and_does_not_rework_the_revision() -> None:
    found = compare({B: file("b", down="g()")}, {B: file("b")})
    assert (summary(found), found.reworked) == ([("b", ("downgrade",), (), 9)], ())


def test_what_is_gone_is_placed_at_the_function() -> None:
    found = compare({B: file("b", up="f()")}, {B: file("b", up="f()", more="def f(): pass")})
    assert summary(found) == [("b", ("upgrade",), (), 5)]


@pytest.mark.parametrize(
    "work",
    [
        {B: file("b")},
        {B: file("b").replace("\n", "\r\n")},
        {B: file("b", more="# a comment")},
        {B: file("b", more="branch_labels = 'reporting'")},
        {"v/renamed.py": file("b")},
        {B: file("b"), "v/new.py": file("c", up="f()", parent="'b'")},
        {B: file("b"), "v/copy.py": file("b", up="f()")},
        {},
    ],
    ids=["same", "CRLF", "comment", "label", "renamed", "new", "a new file with an old id", "removed"],
)
def test_what_is_no_edit(work: dict[str, str]) -> None:
    assert compare(work, {B: file("b")}) == NOTHING


def test_a_renamed_file_can_be_edited() -> None:
    (edit,) = compare({"v/new.py": file("b", up="f()")}, {B: file("b")}).edits
    assert (edit.old_path, edit.diff.splitlines()[:2]) == (B, ["--- v/b.py", "+++ v/new.py"])


@pytest.mark.parametrize("more", [{"parent": "'c'"}, {"parent": "None"}, {"more": "depends_on = 'x'"}])
def test_coming_after_something_else_reworks_a_revision(more: dict[str, str]) -> None:
    assert compare({B: file("b", **more)}, {B: file("b")}) == Edits(edits=(), reworked=("b",), uncompared=())


def test_parents_in_another_order_rework_nothing() -> None:
    assert compare({B: file("b", parent="('a', 'c')")}, {B: file("b", parent="('c', 'a')")}) == NOTHING


BASES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "as it was": (file("b"), (), 6),
    "edited the same way": (file("b", up="f()", down="g()", more="# in its own words"), ("upgrade", "downgrade"), 6),
    "edited in one part": (file("b", up="f()"), ("upgrade",), 9),
    "edited otherwise": (file("b", up="h()", down="h()"), (), 6),
    "removed": ("", (), 6),
    "unreadable": ("revision =", (), 6),
}


@pytest.mark.parametrize("name", BASES)
def test_the_base_may_have_the_edit_too(name: str) -> None:
    text, on_base, line = BASES[name]
    base = {B: text} if text else {}
    found = compare({B: file("b", up="f()", down="g()")}, {B: file("b")}, base)
    assert summary(found) == [("b", ("upgrade", "downgrade"), on_base, line)]
    assert found.reworked == ("b",)


def test_what_only_the_base_edited_is_no_edit() -> None:
    assert compare({B: file("b")}, {B: file("b")}, {B: file("b", up="f()")}) == NOTHING


BROKEN = "revision = 'b'\n"
TWICE = "more than one file has the revision id b, now or before this change"
UNKNOWN: dict[str, tuple[dict[str, str], dict[str, str], list[Unreadable]]] = {
    "broken now": ({B: BROKEN}, {B: file("b")}, [Unreadable(path=B, line=None, reason=UNREAD)]),
    "broken before": (
        {B: file("b")},
        {B: BROKEN},
        [Unreadable(path=B, line=None, reason=f"before this change, {UNREAD}")],
    ),
    "broken and gone": ({}, {B: BROKEN}, [Unreadable(path=B, line=None, reason=f"before this change, {UNREAD}")]),
    "broken and edited": (
        {B: f"{BROKEN}# more"},
        {B: BROKEN},
        [Unreadable(path=B, line=None, reason=f"before this change, {UNREAD}")],
    ),
    "broken all along": ({B: BROKEN}, {B: BROKEN}, []),
    "a new file is broken": ({B: file("b"), "v/c.py": BROKEN}, {B: file("b")}, []),
    "gone, or renamed and broken": (
        {"v/c.py": BROKEN},
        {B: file("b")},
        [
            Unreadable(
                path=B,
                line=None,
                reason="it was removed, and the revision of v/c.py, which may be the same one, could not be read",
            )
        ],
    ),
    "one of two": (
        {B: file("b", up="f()"), "v/copy.py": file("b")},
        {B: file("b"), "v/copy.py": file("b")},
        [Unreadable(path=B, line=None, reason=TWICE)],
    ),
    "made two": (
        {B: file("b", up="f()"), "v/copy.py": file("b")},
        {B: file("b")},
        [Unreadable(path=B, line=None, reason=TWICE), Unreadable(path="v/copy.py", line=None, reason=TWICE)],
    ),
    "one of two got another id": ({B: file("b"), "v/copy.py": file("c")}, {B: file("b"), "v/copy.py": file("b")}, []),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_known_is_not_guessed_at(name: str) -> None:
    work, fork, uncompared = UNKNOWN[name]
    found = compare(work, fork)
    assert (found.edits, list(found.uncompared)) == ((), uncompared)


def test_a_file_too_deep_to_be_compared_counts_as_reworked() -> None:
    deep = " + ".join(["f()"] * 1000)
    assert compare({B: file("b", up=deep)}, {B: file("b")}) == Edits(
        edits=(),
        reworked=("b",),
        uncompared=(Unreadable(path=B, line=None, reason="it is nested too deeply to be compared"),),
    )


def test_a_long_diff_is_cut_off_and_that_of_a_long_file_left_out() -> None:
    many = "\n    ".join(f"f({number})" for number in range(300))
    (edit,) = compare({B: file("b", up=many)}, {B: file("b")}).edits
    assert (edit.diff.count("\n"), edit.diff.splitlines()[-1]) == (200, "[110 more lines]")
    (edit,) = compare({B: file("b", up=f"f('{'x' * 100_000}')")}, {B: file("b")}).edits
    assert (edit.diff, edit.line) == ("", 6)
