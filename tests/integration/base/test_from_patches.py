"""The base through GitHub's API: where the work left it, and rebuilt from patches where Git cannot fetch."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from action.base.interface import BaseError
from action.pull_request.client import Client
from action.pull_request.on_demand import OnDemand
from action.pull_request.waiting import RetryPolicy
from tests.integration.base.pulled import Access, Pulled, find, pulled
from tests.repositories import Repository
from tests.standin_api.api import StandIn
from tests.standin_api.api import serving as serving_api
from tests.standin_api.state import WRITE
from tests.standin_git import serving, snapshot

VERSIONS = "migrations/versions"
STATUSES = {"A": "added", "M": "modified", "D": "removed", "R": "renamed"}


@pytest.fixture
def api() -> Iterator[StandIn]:
    """Serve acme/shop; what is not as GitHub describes it fails the test."""
    standin = StandIn()
    with serving_api(standin):
        yield standin
    assert standin.violations == []


@pytest.fixture
def client(api: StandIn) -> Iterator[OnDemand]:
    """Ask it, as the program does."""
    hasty = RetryPolicy(timeout=30, tries=1, backoff=0, longest=0)
    with OnDemand(lambda: Client.connect(WRITE, "acme/shop", api.url, policy=hasty)) as github:
        yield github


@pytest.fixture
def pull(tmp_path: Path, api: StandIn) -> Iterator[Pulled]:
    """Serve the repository to everybody, with its pull request on both servers."""
    with serving(tmp_path / "server") as server:
        made = pulled(server)
        api.repository().pull(7, head_sha=made.head)
        yield made


def listed(repository: Repository, before: str, after: str) -> list[dict[str, Any]]:
    """Return the files of a pull request as GitHub's API lists them."""
    found = []
    for line in repository.git("diff", "--name-status", "--find-renames", before, after).splitlines():
        letter, *paths = line.split("\t")
        shown = repository.git("diff", "--find-renames", before, after, "--", *paths).partition("\n@@ ")[2]
        patch = f"@@ {shown}" if shown else None
        count = sum(text.startswith(("+", "-")) for text in (patch or "").split("\n"))
        file = {"filename": paths[-1], "status": STATUSES[letter[0]], "changes": count, "patch": patch}
        file["previous_filename"] = paths[0] if letter[0] == "R" else None
        found.append({key: value for key, value in file.items() if value is not None})
    return found


def rework(pull: Pulled) -> Pulled:
    """Let the work also rename b, edit a and a model, remove another, and move a revision out of the versions."""
    origin = pull.origin
    origin.git("checkout", "--quiet", "main")
    origin.files(
        {"app/models.py": "".join(f"{n}\n" for n in range(40)), "app/old.py": "OLD = 1", "run.sh": "#!/bin/sh\n"}
    )
    origin.revisions("s<-m", "t<-s")
    (origin.root / "run.sh").chmod(0o755)
    merged_with = origin.commit()
    origin.git("checkout", "--quiet", "--detach")
    origin.git("merge", "--quiet", "--no-ff", "--message=merge", pull.head)
    origin.git("mv", f"{VERSIONS}/b.py", f"{VERSIONS}/2026_b.py")
    origin.git("mv", f"{VERSIONS}/t.py", "t.py")
    origin.files({"app/models.py": "".join(f"{n}\n" for n in range(3, 41)), "run.sh": "#!/bin/sh\nexit\n"})
    origin.files(
        {f"{VERSIONS}/a.py": 'revision = "a"\ndown_revision = None\nedited = True\n', "app/new.py": "NEW = 1\n"}
    )
    origin.remove("app/old.py", f"{VERSIONS}/s.py")
    tree = (origin.git("add", "--all"), origin.git("write-tree"))[1]
    merge = origin.git("commit-tree", tree, "-p", merged_with, "-p", pull.head, "-m", "merge")
    origin.git("reset", "--quiet", "--hard", merge)
    origin.git("update-ref", "refs/pull/7/merge", merge)
    return dataclasses.replace(pull, merge=merge, merged_with=merged_with)


def exported(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_where_the_work_left_the_base_is_asked_of_the_api(
    pull: Pulled, api: StandIn, client: OnDemand, tmp_path: Path
) -> None:
    api.repository().merge_bases[f"main...{pull.head}"] = pull.branched
    clone = pull.checkout(tmp_path / "clone", pull.head, depth=1)
    found = find(clone, pull.wanted, pull.server.url, access=Access(client=client))
    assert found.shas == (pull.main, pull.branched)
    assert api.log == [f"GET /repos/acme/shop/compare/main...{pull.head}?page=1&per_page=1"]
    assert len(pull.server.log) == 3  # one fetch: what the server has, which refs, the objects


def test_an_api_that_does_not_know_it_is_done_without(pull: Pulled, client: OnDemand, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.head, depth=1)
    assert find(clone, pull.wanted, pull.server.url, access=Access(client=client)).shas == (pull.main, pull.branched)


def test_a_merge_commit_needs_no_api(pull: Pulled, api: StandIn, client: OnDemand, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    assert find(clone, pull.wanted, pull.server.url, access=Access(client=client)).shas == (pull.main, pull.merged_with)
    assert api.log == []


def test_the_base_is_rebuilt_from_patches(pull: Pulled, api: StandIn, client: OnDemand, tmp_path: Path) -> None:
    pull = rework(pull)
    api.repository().pulls[7].files = listed(pull.origin, pull.merged_with, pull.merge)
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    there = pull.checkout(tmp_path / "there", pull.merged_with, depth=1)
    pull.server.is_down = True
    untouched = snapshot(clone.root)
    found = find(clone, pull.wanted, pull.server.url, access=Access(client=client), export=tmp_path / "export")
    known = {"a", "b", "p", "m", "s", "t"}
    assert (found.revisions, found.shas) == ((known, known, ("c",)), (pull.merged_with, pull.merged_with))
    assert found.changes is not None
    assert (found.changes.removed, found.changes.edited) == (("s", "t"), ("a",))
    assert found.note == (
        "main could not be fetched, so it was rebuilt from GitHub's patches, without later commits. "
        "Git says: fatal: "
        f"unable to access '{pull.server.url}/acme/shop/': The requested URL returned error: 503."
    )
    expected = {name: content for name, content in exported(there.root).items() if not name.startswith(".git/")}
    assert exported(tmp_path / "export") == expected
    assert (tmp_path / "export" / "run.sh").stat().st_mode & 0o111
    assert snapshot(clone.root) == untouched


def without(path: str, **changes: Any) -> list[dict[str, Any]]:
    """Return what GitHub lists when it does not show all of a change."""
    return [{"filename": path, "status": "modified", "changes": 1, **changes}]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (without(f"{VERSIONS}/a.py"), f"GitHub shows no patch of {VERSIONS}/a.py"),
        (
            without(f"{VERSIONS}/x.py", status="added"),
            f"GitHub's list does not match the checked-out {VERSIONS}/x.py",
        ),
        (
            without(f"{VERSIONS}/a.py", status="removed"),
            f"GitHub's list does not match the checked-out {VERSIONS}/a.py",
        ),
        (
            without(f"{VERSIONS}/a.py", patch="@@ -1 +1 @@\n-x\n+y", changes=2),
            f"the change of {VERSIONS}/a.py cannot be undone: its patch does not fit the file",
        ),
    ],
)
def test_a_base_that_cannot_be_rebuilt_is_not_known(
    pull: Pulled, api: StandIn, client: OnDemand, tmp_path: Path, files: list[dict[str, Any]], why: str
) -> None:
    api.repository().pulls[7].files = files
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    pull.server.is_down = True
    found = find(clone, pull.wanted, pull.server.url, access=Access(client=client))
    assert (found.changes, found.missing) == (None, f"The base main cannot be read: {why}.")


def test_more_files_than_the_api_lists(pull: Pulled, api: StandIn, client: OnDemand, tmp_path: Path) -> None:
    api.repository().pulls[7].files = [{"filename": f"{n}.py", "status": "added"} for n in range(301)]
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    pull.server.is_down = True
    assert find(clone, pull.wanted, pull.server.url, access=Access(client=client)).missing == (
        f"The base main was not found: Git says: fatal: unable to access '{pull.server.url}/acme/shop/': "
        "The requested URL returned error: 503. GitHub's API did not help: "
        "The pull request changes more than 300 files."
    )


def test_no_file_at_all_is_not_believed(pull: Pulled, client: OnDemand, tmp_path: Path) -> None:
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    pull.server.is_down = True
    assert find(clone, pull.wanted, pull.server.url, access=Access(client=client)).missing == (
        f"The base main was not found: Git says: fatal: unable to access '{pull.server.url}/acme/shop/': "
        "The requested URL returned error: 503. GitHub's API did not help: it lists no file of the pull request."
    )


def test_a_picture_keeps_the_base_from_being_exported(
    pull: Pulled, api: StandIn, client: OnDemand, tmp_path: Path
) -> None:
    api.repository().pulls[7].files = without("big.bin", changes=0)
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    pull.server.is_down = True
    with pytest.raises(BaseError, match=r"GitHub shows no patch of big\.bin"):
        find(clone, pull.wanted, pull.server.url, access=Access(client=client), export=tmp_path / "export")


def test_an_export_does_not_follow_the_pull_requests_links(
    pull: Pulled, api: StandIn, client: OnDemand, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    pull.origin.git("checkout", "--quiet", pull.merge)
    (pull.origin.root / "app").symlink_to(tmp_path / "outside")
    pull = dataclasses.replace(pull, merge=pull.origin.commit())
    api.repository().pulls[7].files = [
        {
            "filename": "app",
            "status": "added",
            "changes": 1,
            "patch": "@@ -0,0 +1 @@\n+x\n\\ No newline at end of file",
        },
        {"filename": "app/x.py", "status": "removed", "changes": 1, "patch": "@@ -1 +0,0 @@\n-x"},
    ]
    wanted = dataclasses.replace(pull.wanted, head_sha=pull.merge)
    clone = pull.checkout(tmp_path / "clone", pull.merge, depth=1)
    pull.server.is_down = True
    with pytest.raises(BaseError, match="the pull request changes files behind symbolic links"):
        find(clone, wanted, pull.server.url, access=Access(client=client), export=tmp_path / "export")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_base_in_another_folder_is_rebuilt_by_its_own_configuration(
    pull: Pulled, api: StandIn, client: OnDemand, tmp_path: Path
) -> None:
    origin = pull.origin
    origin.git("checkout", "--quiet", pull.merge)
    origin.git("mv", "migrations", "dbm")
    origin.files({"alembic.ini": "[alembic]\nscript_location = dbm\n"})
    origin.files({"dbm/versions/a.py": 'revision = "a"\ndown_revision = None\n\n\ndef upgrade():\n    op.f()\n'})
    tree = (origin.git("add", "--all"), origin.git("write-tree"))[1]
    merge = origin.git("commit-tree", tree, "-p", pull.merged_with, "-p", pull.head, "-m", "merge")
    origin.git("update-ref", "refs/pull/7/merge", merge)
    api.repository().pulls[7].files = listed(origin, pull.merged_with, merge)
    clone = pull.checkout(tmp_path / "clone", merge, depth=1)
    pull.server.is_down = True
    found = find(clone, pull.wanted, pull.server.url, access=Access(client=client), export=tmp_path / "export")
    assert found.revisions == ({"a", "b", "p"}, {"a", "b", "p"}, ("c",))
    assert found.changes is not None
    assert (found.changes.removed, found.changes.edited, found.changes.uncompared) == ((), ("a",), ())
    assert [(edit.revision, edit.old_path) for edit in found.changes.edits] == [("a", "migrations/versions/a.py")]
    assert {r.path for r in found.changes.fork_graph.revisions} == {f"{VERSIONS}/{id_}.py" for id_ in "abp"}
