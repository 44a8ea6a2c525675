"""Other events than a pull request's, a base that the user names, and a server that does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from action.base.wanted import BaseWanted
from action.errors import SettingsError
from tests.integration.base.pulled import Pulled, find, pulled
from tests.repositories import Repository
from tests.standin_git import serving, snapshot

NOW = {"a", "b", "p", "m"}


@pytest.fixture
def pull(tmp_path: Path) -> Iterator[Pulled]:
    """Serve the repository to everybody."""
    with serving(tmp_path / "server") as server:
        yield pulled(server)


def before(sha: str) -> BaseWanted:
    return BaseWanted(ref="main before this push", sha=sha, moving=False)


def silent(pull: Pulled) -> str:
    """Return what Git says of a server that is gone."""
    pull.server.is_down = True
    return f"Git says: fatal: unable to access '{pull.server.url}/acme/shop/': The requested URL returned error: 503"


@pytest.mark.parametrize("depth", [0, 1])
def test_a_push_is_compared_with_what_was_there_before(pull: Pulled, tmp_path: Path, depth: int) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.main, depth=depth)
    untouched = snapshot(clone.root)
    found = find(clone, before(pull.branched), pull.server.url, export=tmp_path / "export")
    assert found.revisions == ({"a", "b"}, {"a", "b"}, ("p", "m"))
    assert (found.shas, found.note) == ((pull.branched, pull.branched), None)
    assert (found.exported, snapshot(clone.root)) == (["a.py", "b.py"], untouched)


@pytest.mark.parametrize("depth", [0, 1])
def test_a_forced_push_removes_what_only_was_there_before(pull: Pulled, tmp_path: Path, depth: int) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.head, depth=depth)
    found = find(clone, before(pull.main), pull.server.url)
    assert found.revisions == (NOW, NOW, ("c",))
    assert found.changes is not None
    assert found.changes.removed == ("p", "m")
    assert {revision.id for revision in found.changes.merged_graph.revisions} == {"a", "b", "c"}


@pytest.mark.parametrize("depth", [0, 1])
def test_what_was_there_before_may_be_gone(pull: Pulled, tmp_path: Path, depth: int) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.main, depth=depth)
    gone = "f" * len(pull.main)
    assert find(clone, before(gone), pull.server.url).missing == (
        f"The base main before this push was not found: Git says: fatal: remote error: upload-pack: not our ref {gone}."
    )


@pytest.mark.parametrize("depth", [0, 1])
def test_a_push_to_another_branch_is_compared_with_where_it_left_the_default_branch(
    pull: Pulled, tmp_path: Path, depth: int
) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.head, depth=depth)
    found = find(clone, BaseWanted(ref="main"), pull.server.url)
    assert (found.revisions, found.shas) == ((NOW, {"a", "b"}, ("c",)), (pull.main, pull.branched))


@pytest.mark.parametrize("depth", [0, 1])
def test_branches_that_share_nothing(pull: Pulled, tmp_path: Path, depth: int) -> None:
    pull.origin.git("checkout", "--quiet", "--orphan", "alone")
    alone = pull.origin.commit()
    clone = pull.checkout(tmp_path / "clone", alone, depth=depth)
    assert find(clone, BaseWanted(ref="main"), pull.server.url).missing == (
        f"The base main was not found: it has no commit in common with the checked-out commit {alone[:10]}."
    )


def test_a_branch_that_is_gone_is_taken_as_it_was_cloned(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge)
    pull.origin.git("branch", "--quiet", "--move", "main", "trunk")
    found = find(clone, pull.wanted, pull.server.url)
    assert (found.revisions, found.shas) == ((NOW, {"a", "b", "p"}, ("c",)), (pull.main, pull.merged_with))
    assert found.note == (
        "main could not be fetched, so the state of the clone was used. "
        "Git says: fatal: couldn't find remote ref refs/heads/main."
    )


def test_without_a_server_the_merge_commit_still_names_its_base(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=2)
    said = silent(pull)
    found = find(clone, pull.wanted, pull.server.url, export=tmp_path / "export")
    known = {"a", "b", "p"}
    assert (found.revisions, found.shas) == ((known, known, ("c",)), (pull.merged_with, pull.merged_with))
    assert found.note == f"main could not be fetched, so its commit {pull.merged_with[:10]} was used. {said}."
    assert found.exported == ["a.py", "b.py", "p.py"]


@pytest.mark.parametrize("commit", ["merge", "head"])
def test_without_a_server_and_without_history_the_base_is_not_known(pull: Pulled, tmp_path: Path, commit: str) -> None:
    clone = pull.checkout(tmp_path / "clone", getattr(pull, commit), depth=1)
    said = silent(pull)
    found = find(clone, pull.wanted, pull.server.url)
    assert (found.changes, found.missing) == (None, f"The base main was not found: {said}.")


@pytest.mark.parametrize("remote", [None, "/srv/shop", "https://other.example/acme/shop", "http://["])
def test_a_checkout_that_was_not_cloned_from_github(pull: Pulled, tmp_path: Path, remote: str | None) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    clone.git("remote", "set-url", "origin", remote) if remote else clone.git("remote", "remove", "origin")
    assert find(clone, pull.wanted, pull.server.url).missing == (
        f"The base main was not found: Git says: the checkout was not cloned from {pull.server.url}."
    )


def test_no_repository(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.tree()
    assert find(project, BaseWanted(ref="main"), "https://github.example").missing == (
        "The base main was not found: the project is not in a Git repository. "
        "Set `path` to the `path` of actions/checkout."
    )


def test_no_git(pull: Pulled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = find(clone, pull.wanted, pull.server.url).missing
    assert missing == "The base main was not found: Git says: the program git is not installed."


def test_an_event_without_a_base(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.main, depth=1)
    missing = find(clone, None, pull.server.url).missing
    assert (missing, pull.server.log) == ("No base was named, so there is nothing to compare with.", [])


def test_an_event_without_a_server(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.main, depth=1)
    missing = find(clone, pull.wanted, None).missing
    assert missing == "The base main was not found: GITHUB_SERVER_URL is not set."


@pytest.mark.parametrize("name", ["main", "origin/main", "v1", "refs/heads/main"])
def test_a_named_base_is_fetched_where_the_clone_has_it_not(pull: Pulled, tmp_path: Path, name: str) -> None:
    pull.origin.git("tag", "v1", "main")
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    untouched = snapshot(clone.root)
    found = find(clone, pull.wanted, pull.server.url, name=name)
    assert (found.revisions, found.shas) == ((NOW, {"a", "b", "p"}, ("c",)), (pull.main, pull.merged_with))
    assert (found.changes and found.changes.base, snapshot(clone.root)) == (name, untouched)


def test_a_named_base_needs_no_pull_request(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.head, depth=1)
    found = find(clone, None, pull.server.url, name="main")
    assert (found.revisions, found.shas) == ((NOW, {"a", "b"}, ("c",)), (pull.main, pull.branched))


def test_a_named_base_wins_and_is_the_clones_own(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge)
    found = find(clone, pull.wanted, pull.server.url, name="work")
    assert (found.shas, pull.server.log) == ((pull.head, pull.head), [])
    assert found.changes is not None
    assert (found.changes.base, found.changes.new) == ("origin/work", ("p",))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent", "fatal: couldn't find remote ref absent"),
        ("--help", "fatal: couldn't find remote ref --help"),
        ("main~1", "fatal: invalid refspec '+main~1:refs/alembic-checks/now'"),
    ],
)
def test_a_named_base_that_nobody_has(pull: Pulled, tmp_path: Path, name: str, said: str) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    with pytest.raises(SettingsError) as raised:
        find(clone, pull.wanted, pull.server.url, name=name)
    assert raised.value.what == f"The base {name} is not in the repository."
    assert raised.value.why == (
        f"Git finds neither {name} nor origin/{name}. "
        "The clone is shallow: it has only a part of the history.\n"
        f"The base {name} was not found: Git says: {said}."
    )
