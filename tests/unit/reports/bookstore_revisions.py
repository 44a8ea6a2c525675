"""The bookstore's version files as read from its repository, and what a pull request changes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from checks.recording.edit_runs import EditRun, Sameness
from checks.recording.revisions import Changes, Edit, Graph, Revision, Suppression
from checks.recording.schema import Attribute, ObjectChange, SchemaObject
from tests.unit.checks import dsl

START, PRICE, PUBLISHER, REVIEW = "1d5e8f0a3c72", "9a4c7e21b3d8", "b81d2c6e5f10", "3f2b8a1c9d07"
BASE, BASE_SHA, FORK_SHA = (
    "main",
    "e2c7715d0b9a4f3682d1e05c7b96a8f4310d2e5b",
    "0f6ab9c2d4813e57a90b1c6d2f4e8a7350b9d1c4",
)
_REVISION_LINE = 15
"""Of ``revision = …`` in a file that Alembic's template made."""


def _version_file(id_: str, message: str, parent: str | None, created: str) -> Revision:
    value = f'"{parent}"' if parent else "None"
    return Revision(
        id=id_,
        path=f"migrations/versions/{id_}_{message.replace(' ', '_')}.py",
        line=_REVISION_LINE,
        down_revision_line=_REVISION_LINE + 1,
        down_revisions=(parent,) if parent else (),
        message=message,
        created=created,
        down_revision_text=f"down_revision: Union[str, Sequence[str], None] = {value}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookstore:
    """The revisions of one tree of the project."""

    folder: str = ""
    """Where the tree is in the repository, with a slash at its end."""

    @property
    def deployed(self) -> tuple[Revision, ...]:
        """Return what main had when the pull request began."""
        return self.placed(
            _version_file(START, "create author and book", None, "2025-11-18 09:22:40.718233"),
            _version_file(PRICE, "add price", START, "2026-01-29 15:03:12.904417"),
        )

    @property
    def publisher(self) -> Revision:
        """Return what main got since."""
        (placed,) = self.placed(_version_file(PUBLISHER, "add publisher", PRICE, "2026-02-27 10:11:54.330178"))
        return placed

    def review(self, parent: str, *suppressions: Suppression) -> Revision:
        """Return what the pull request adds."""
        made = _version_file(REVIEW, "add review table", parent, "2026-03-02 16:48:05.112906")
        (placed,) = self.placed(replace(made, suppressions=suppressions))
        return placed

    def placed(self, *revisions: Revision) -> tuple[Revision, ...]:
        """Return the version files in the tree's folder."""
        return tuple(replace(revision, path=f"{self.folder}{revision.path}") for revision in revisions)


def behind(tree: Bookstore, *suppressions: Suppression) -> tuple[Graph, Changes]:
    """Return a pull request that began before main got another revision."""
    here = Graph(revisions=(*tree.deployed, tree.review(PRICE, *suppressions)))
    on_base = Graph(revisions=(*tree.deployed, tree.publisher))
    return here, changes(here, on_base, fork=Graph(revisions=tree.deployed))


def up_to_date(tree: Bookstore, *suppressions: Suppression) -> tuple[Graph, Changes]:
    """Return a pull request whose revision is on top of main's."""
    on_base = Graph(revisions=(*tree.deployed, tree.publisher))
    here = Graph(revisions=(*on_base.revisions, tree.review(PUBLISHER, *suppressions)))
    return here, changes(here, on_base, fork=on_base)


def changes(here: Graph, on_base: Graph, fork: Graph) -> Changes:
    """Return how the tree differs from main."""
    return replace(dsl.changes(here, on_base, fork), base=BASE, base_sha=BASE_SHA, merge_base_sha=FORK_SHA)


def with_price_edited(tree: Bookstore, found: Changes) -> Changes:
    """Return the same where the pull request also edits a revision that main has."""
    path = tree.deployed[1].path
    edit = Edit(revision=PRICE, parts=("upgrade",), line=22, old_path=path, diff=_DIFF.format(path=path))
    return replace(found, edited=(PRICE,), reworked=(PRICE,), edits=(edit,))


def _price(type_: str, default: str | None) -> SchemaObject:
    attributes: dict[str, Attribute] = {"type": type_, "default": default}
    return SchemaObject(kind="column", schema="public", table="book", name="price", attributes=attributes)


PRICE_RUN = EditRun(
    revision=PRICE,
    part="upgrade",
    sameness=Sameness.DIFFERENT,
    statements=1,
    differences=(ObjectChange(before=_price("numeric(10,2)", None), after=_price("numeric(12,2)", "0")),),
    sent="""\
@@ -1 +1 @@
-ALTER TABLE book ADD COLUMN price NUMERIC(10, 2);
+ALTER TABLE book ADD COLUMN price NUMERIC(12, 2) DEFAULT '0';""",
)
_DIFF = """\
--- a/{path}
+++ b/{path}
@@ -21,2 +21,2 @@
 def upgrade() -> None:
-    op.add_column("book", sa.Column("price", sa.Numeric(10, 2)))
+    op.add_column("book", sa.Column("price", sa.Numeric(12, 2), server_default="0"))"""
