"""The example as a pull request: main is right and has moved on; the branch has two heads' worth of trouble and more.

On the branch: a revision beside one that main got meanwhile, models that no migration builds, and an edit of a revision
that is deployed.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.projects.builder import git

EXAMPLE = Path(__file__).parents[2] / "examples" / "bookstore"
VERSIONS = "migrations/versions"
NEWSLETTER = f"{VERSIONS}/2026_01_14_1f9c73a0be52_add_newsletter_to_customer.py"
GIFT = f"{VERSIONS}/2026_01_15_a85d2e46f3c9_add_gift_message_to_order.py"
CUSTOMER = f"{VERSIONS}/2025_09_17_8d35e9b7c014_create_customer.py"
MODELS = "bookstore/models.py"
_NEWSLETTER_LINE = '    newsletter: Mapped[bool] = mapped_column(server_default=text("false"))\n'
_GIFT_LINE = "    gift_message: Mapped[str | None] = mapped_column(Text)\n"
_UNMIGRATED = (
    '    REFUNDED = "refunded"\n',
    "    isbn: Mapped[str | None] = mapped_column(String(13))\n",
    '    __table_args__ = (CheckConstraint("price >= 0", name="price_not_negative"),)\n',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A repository as GitHub has it, with one pull request."""

    origin: Path
    """Bare; ``refs/pull/7/merge`` is what a workflow checks out."""
    clone: Path
    """The developer's, on the branch."""
    number: int = 7

    @property
    def base_sha(self) -> str:
        """Return where main is."""
        return git(self.clone, "rev-parse", "main")

    @property
    def head_sha(self) -> str:
        """Return where the branch is."""
        return git(self.clone, "rev-parse", "gift")

    @property
    def merge_sha(self) -> str:
        """Return the merge commit that GitHub offers for testing."""
        return git(self.clone, "rev-parse", f"refs/pull/{self.number}/merge")

    def push(self, message: str) -> None:
        """Commit everything on the branch, push it, and let GitHub make the merge commit anew."""
        git(self.clone, "add", "-A")
        git(self.clone, "commit", "-q", "-m", message)
        tree = git(self.clone, "merge-tree", "--write-tree", "main", "gift").splitlines()[0]
        merge = git(self.clone, "commit-tree", tree, "-p", "main", "-p", "gift", "-m", "Merge gift into main")
        git(self.clone, "update-ref", f"refs/pull/{self.number}/merge", merge)
        refs = (f"{ref}:{ref}" for ref in ("refs/heads/main", "refs/heads/gift", f"refs/pull/{self.number}/merge"))
        git(self.clone, "push", "-q", "--force", str(self.origin), *refs)


def pull_request(folder: Path) -> PullRequest:
    """Make the repository and the pull request, below a folder."""
    clone = folder / "clone"
    shutil.copytree(EXAMPLE, clone, ignore=shutil.ignore_patterns("__pycache__"))
    git(folder, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(folder / "origin.git", "config", "uploadpack.allowAnySHA1InWant", "true")
    git(clone, "init", "-q", "-b", "main")
    made = PullRequest(origin=folder / "origin.git", clone=clone)
    _start(clone)
    _branch(clone)
    git(clone, "add", "-A")
    made.push("Add gift message to order")
    return made


def _start(clone: Path) -> None:
    """Commit what both sides come from, then what main got since."""
    whole = {path: (clone / path).read_text() for path in (MODELS, NEWSLETTER, GIFT)}
    right = _without(whole[MODELS], _GIFT_LINE, *_UNMIGRATED)
    (clone / NEWSLETTER).unlink()
    (clone / GIFT).unlink()
    (clone / MODELS).write_text(_without(right, _NEWSLETTER_LINE))
    (clone / ".gitignore").write_text("__pycache__/\n")
    _commit(clone, "Sell books")
    git(clone, "branch", "gift")
    (clone / NEWSLETTER).write_text(whole[NEWSLETTER])
    (clone / MODELS).write_text(right)
    _commit(clone, "Add newsletter to customer")
    git(clone, "checkout", "-q", "gift")


def _branch(clone: Path) -> None:
    """Write what the pull request brings, uncommitted."""
    shutil.copy2(EXAMPLE / GIFT, clone / GIFT)
    (clone / MODELS).write_text(_without((EXAMPLE / MODELS).read_text(), _NEWSLETTER_LINE))
    edited = (clone / CUSTOMER).read_text().replace("sa.String(length=320)", "sa.String(length=254)")
    (clone / CUSTOMER).write_text(edited)


def _commit(clone: Path, message: str) -> None:
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", message)


def _without(text: str, *lines: str) -> str:
    for line in lines:
        assert line in text, line
        text = text.replace(line, "")
    return text


def check_out(made: PullRequest, workspace: Path, remote: str, *, depth: int = 1) -> Path:
    """Check the pull request out as actions/checkout does: its merge commit, and by default nothing before it."""
    ref = f"refs/pull/{made.number}/merge"
    workspace.mkdir(parents=True, exist_ok=True)
    git(workspace, "init", "-q")
    git(workspace, "remote", "add", "origin", remote)
    options = [f"--depth={depth}"] if depth else []
    local = ref.replace("refs/", "refs/remotes/")
    git(workspace, "fetch", "-q", "--no-tags", *options, str(made.origin.as_uri()), f"+{ref}:{local}")
    git(workspace, "checkout", "-q", "--force", local)
    return workspace
