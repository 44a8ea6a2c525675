"""The base of a pull request as it is now, fetched beside checkouts as actions/checkout makes them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from action.errors import SettingsError
from tests.integration.base.pulled import AUTHORIZATION, BIG, TOKEN, Access, Pulled, find, pulled
from tests.repositories import Repository
from tests.standin_git import serving, snapshot

MERGED = ({"a", "b", "p", "m"}, {"a", "b", "p"}, ("c",))
"""What a checkout of the merge commit comes to."""
ALONE = ({"a", "b", "p", "m"}, {"a", "b"}, ("c",))
"""What a checkout of the head comes to."""


@pytest.fixture
def pull(tmp_path: Path) -> Iterator[Pulled]:
    """Serve the repository to those who have the token."""
    with serving(tmp_path / "server") as server:
        made = pulled(server)
        server.authorization = AUTHORIZATION
        yield made


CHECKOUTS = [
    pytest.param("merge", 1, (), id="merge commit alone"),
    pytest.param("merge", 2, (), id="merge commit and its parents"),
    pytest.param("merge", 0, (), id="merge commit with all history"),
    pytest.param("merge", 0, ("--filter=blob:none",), id="merge commit with all history but no old files"),
    pytest.param("merge", 1, ("--filter=blob:none",), id="merge commit alone, a partial clone"),
    pytest.param("head", 1, (), id="head alone"),
    pytest.param("head", 0, (), id="head with all history"),
]


@pytest.mark.parametrize(("what", "depth", "more"), CHECKOUTS)
def test_the_base_is_what_it_is_now(pull: Pulled, tmp_path: Path, what: str, depth: int, more: tuple[str, ...]) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge if what == "merge" else pull.head, depth=depth, more=more)
    before = snapshot(clone.root)
    found = find(clone, pull.wanted, pull.server.url, export=tmp_path / "export")
    assert found.revisions == (MERGED if what == "merge" else ALONE)
    assert found.shas == (pull.main, pull.merged_with if what == "merge" else pull.branched)
    assert (found.changes and found.changes.base, found.note) == ("main", None)
    assert found.exported == (["a.py", "b.py", "p.py"] if what == "merge" else ["a.py", "b.py"])
    assert snapshot(clone.root) == before


def test_files_that_a_partial_clone_lacks_are_fetched_beside_it(pull: Pulled, tmp_path: Path) -> None:
    pull.origin.git("checkout", "--quiet", "work")
    pull.origin.files({"migrations/versions/b.py": 'revision = "b"\ndown_revision = "a"\nedited = True\n'})
    head = pull.origin.commit()
    clone = pull.checkout(tmp_path / "clone", head, more=("--filter=blob:none",))
    before = snapshot(clone.root)
    found = find(clone, replace(pull.wanted, head_sha=head), pull.server.url, export=tmp_path / "export")
    assert (found.revisions, found.changes and found.changes.edited) == (ALONE, ("b",))
    old = pull.origin.git("show", "main:migrations/versions/b.py")
    assert (tmp_path / "export/migrations/versions/b.py").read_text().strip() == old
    assert snapshot(clone.root) == before


@pytest.mark.parametrize("depth", [0, 1])
def test_a_head_that_is_a_merge_itself_is_no_merge_of_the_head(pull: Pulled, tmp_path: Path, depth: int) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=depth)
    found = find(clone, replace(pull.wanted, head_sha=pull.merge), pull.server.url)
    assert (found.revisions, found.shas) == (MERGED, (pull.main, pull.merged_with))
    pull.origin.git("checkout", "--quiet", "work")
    pull.origin.git("merge", "--quiet", "--no-ff", "--message=merge", pull.merged_with)
    head = pull.origin.git("rev-parse", "HEAD")
    clone = pull.checkout(tmp_path / "other", head, depth=depth)
    found = find(clone, replace(pull.wanted, head_sha=head), pull.server.url)
    assert (found.revisions, found.shas) == (MERGED, (pull.main, pull.merged_with))


@pytest.mark.parametrize("depth", [0, 1])
def test_only_what_is_missing_is_fetched_with_the_token_and_nothing_is_left(
    pull: Pulled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=depth)
    for ref in clone.git("for-each-ref", "--format=%(refname)").split():
        clone.git("update-ref", "-d", ref)  # as where actions/checkout was given a commit: only HEAD names it
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    find(clone, pull.wanted, pull.server.url)
    assert {authorization for _, authorization in pull.server.log} == {AUTHORIZATION}
    assert 0 < pull.server.sent < BIG / 10
    assert list((tmp_path / "tmp").iterdir()) == []


def test_no_command_line_holds_the_token(pull: Pulled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.head, depth=1)
    spy = tmp_path / "bin" / "git"
    spy.parent.mkdir()
    spy.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/log\nPATH={os.environ["PATH"]} exec git "$@"\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", str(spy.parent), prepend=os.pathsep)
    assert find(clone, pull.wanted, pull.server.url).revisions == ALONE
    said = (tmp_path / "log").read_text()
    assert " fetch " in said
    assert AUTHORIZATION.split()[1] not in said
    assert TOKEN not in said


def test_the_token_follows_nobody_to_another_host(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    with serving(tmp_path / "server") as other:
        pull.server.send_to = other.url
        found = find(clone, pull.wanted, pull.server.url)
    assert (found.changes, other.log) == (None, [])
    assert pull.server.log == [("/acme/shop/info/refs", AUTHORIZATION)]


def test_nothing_is_asked_of_a_server_that_is_not_github(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    found = find(clone, pull.wanted, "https://github.example")
    reason = "The base main was not found: Git says: the checkout was not cloned from https://github.example."
    assert (found.missing, pull.server.log) == (reason, [])


def test_a_wrong_token_makes_git_ask_nobody_else(pull: Pulled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSH_ASKPASS", str(tmp_path / "ask"))
    (tmp_path / ".gitconfig").write_text(f'[credential]\nhelper = "!touch {tmp_path}/asked; true"\n')
    (tmp_path / "ask").write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    (tmp_path / "ask").chmod(0o755)
    found = find(clone, pull.wanted, pull.server.url, access=Access(token="other"))
    assert found.missing == (
        "The base main was not found: the token may not read the repository. Add `contents: read` to the permissions "
        "of the job."
    )
    assert not (tmp_path / "asked").exists()


def test_a_public_repository_needs_no_token(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    pull.server.authorization = None
    assert find(clone, pull.wanted, pull.server.url, access=Access(token=None)).revisions == MERGED
    assert {authorization for _, authorization in pull.server.log} == {None}


def test_commits_on_top_of_the_head(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.head, depth=1)
    for line in ("d<-c", "e<-d"):
        clone.revisions(line)
        clone.commit()
    found = find(clone, pull.wanted, pull.server.url)
    assert found.revisions == (ALONE[0], ALONE[1], ("c", "d", "e"))


@pytest.mark.parametrize("depth", [0, 1])
def test_a_checkout_of_the_base_itself_is_not_taken_for_the_pull_request(
    pull: Pulled, tmp_path: Path, depth: int
) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.main, depth=depth)
    with pytest.raises(SettingsError) as caught:
        find(clone, pull.wanted, pull.server.url)
    assert str(caught.value) == (
        "The checked-out commit does not belong to the pull request.\n"
        f"{pull.main[:10]} is checked out, and does not contain the head {pull.head[:10]} of the pull request. "
        "Under pull_request_target, actions/checkout checks out the base by default.\n"
        "Set `ref: ${{ github.event.pull_request.head.sha }}` of actions/checkout."
    )


def test_a_worktree(pull: Pulled, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge)
    clone.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"), pull.head)
    before = snapshot(tmp_path)
    assert find(Repository(tmp_path / "tree"), pull.wanted, pull.server.url).revisions == ALONE
    assert snapshot(tmp_path) == before


def test_a_submodule_is_not_the_pull_request(pull: Pulled, tmp_path: Path) -> None:
    above = Repository(tmp_path / "above")
    above.init()
    above.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(pull.origin.root), "shop")
    above.commit()
    with pytest.raises(SettingsError, match="The checked-out commit does not belong to the pull request"):
        find(Repository(above.root / "shop"), pull.wanted, pull.server.url)


def test_objects_named_by_sha256(tmp_path: Path) -> None:
    with serving(tmp_path / "server") as server:
        pull = pulled(server, object_format="sha256")
        clone = Repository(tmp_path / "clone")
        clone.git("init", "--quiet", "--object-format=sha256")
        found = find(pull.checkout(clone.root, pull.merge, depth=1), pull.wanted, server.url)
    assert (found.revisions, len(pull.merge)) == (MERGED, 64)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("depth", [0, 1])
def test_a_checkout_that_another_user_owns(pull: Pulled, tmp_path: Path, depth: int) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=depth)
    for path in (clone.root, *clone.root.rglob("*")):
        os.chown(path, 12345, 12345)
    assert find(clone, pull.wanted, pull.server.url, export=tmp_path / "export").revisions == MERGED
    assert {path.stat().st_uid for path in (clone.root, *clone.root.rglob("*"))} == {12345}
