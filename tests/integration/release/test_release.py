"""A release from the published tag to the tags that users name; the registry is a digest here."""

from __future__ import annotations

from action.manifest import manifest
from tests.integration.release.conftest import Releases
from tests.projects.builder import git

IMAGE, OTHER_IMAGE = (f"ghcr.io/acme/alembic-checks@sha256:{digit * 64}" for digit in "ab")


def release(releases: Releases, version: str, *, image: str = IMAGE, prerelease: bool = False) -> tuple[str, str]:
    """Publish a version and do what the workflow does; return the source and the release's commit."""
    source = releases.publish(version)
    flag = ("--prerelease", "true" if prerelease else "false")
    found = releases.outputs("source", f"v{version}", *flag)
    assert found["source"] == source
    done = releases.outputs("tags", f"v{version}", "--source", source, "--image", image, *flag)
    return source, done["commit"]


def test_the_tags_lead_to_a_commit_that_pulls_the_image_and_the_branch_keeps_the_dockerfile(releases: Releases) -> None:
    source, commit = release(releases, "1.3.0")
    assert releases.tags() == dict.fromkeys(("v1", "v1.3", "v1.3.0"), commit)
    assert releases.show("v1", "action.yml") + "\n" == manifest(IMAGE)
    assert git(releases.remote, "diff", "--name-status", source, commit).splitlines() == [
        "D\t.github/workflows/ci.yml",
        "M\taction.yml",
    ]
    assert git(releases.remote, "rev-parse", "v1^", "main").split() == [source, source]
    assert releases.show("main", "action.yml").endswith("image: Dockerfile")


def test_running_it_again_finds_the_image_and_changes_nothing(releases: Releases) -> None:
    source, commit = release(releases, "1.3.0")
    before = releases.tags()
    assert releases.outputs("source", "v1.3.0") == {
        "source": source,
        "image": IMAGE,
        "prerelease": "false",
        "package": "true",
    }
    again = releases.outputs("tags", "v1.3.0", "--source", source, "--image", IMAGE)
    assert again == {"commit": commit, "moving": "v1.3 v1"}
    assert releases.tags() == before


def test_the_workflow_that_others_call_is_that_of_the_default_branch(releases: Releases) -> None:
    """No branch has it as it was when the older code was tagged, and GitHub would refuse the tag."""
    source, commit = release(releases, "1.3.0")
    called = releases.clone / ".github" / "workflows" / "migrations.yml"
    called.write_text("on: { workflow_call: {} }\n")
    releases.publish("1.4.0.dev0", tag="unrelated")
    again = releases.outputs("tags", "v1.3.0", "--source", source, "--image", IMAGE)
    assert again["commit"] == commit
    releases.outputs("tags", "v1.3.1", "--source", source, "--image", OTHER_IMAGE)
    assert git(releases.remote, "diff", "--name-only", "main", "v1.3.1", "--", ".github").splitlines() == [
        ".github/workflows/ci.yml"
    ]
    assert releases.show("v1.3.0", ".github/workflows/migrations.yml") == "on: workflow_call"


def test_code_between_two_releases_gets_the_version_of_its_tag(releases: Releases) -> None:
    source = releases.publish("1.4.0.dev0", tag="v1.4.0")
    assert releases.outputs("source", "v1.4.0")["source"] == source
    releases.outputs("tags", "v1.4.0", "--source", source, "--image", IMAGE)
    assert releases.show("v1", "pyproject.toml").splitlines()[-1] == 'version = "1.4.0"'
    assert releases.show("main", "pyproject.toml").splitlines()[-1] == 'version = "1.4.0.dev0"'
    assert releases.outputs("source", "v1.4.0")["image"] == IMAGE


def test_a_run_that_stopped_halfway_is_completed_by_the_next(releases: Releases) -> None:
    source, commit = release(releases, "1.3.0")
    git(releases.remote, "update-ref", "-d", "refs/tags/v1")
    git(releases.remote, "update-ref", "refs/tags/v1.3.0", source)
    assert releases.outputs("tags", "v1.3.0", "--source", source, "--image", IMAGE)["commit"] == commit
    assert releases.tags() == dict.fromkeys(("v1", "v1.3", "v1.3.0"), commit)


def test_a_release_never_gets_another_image(releases: Releases) -> None:
    source, _ = release(releases, "1.3.0")
    before = releases.tags()
    assert releases.run("tags", "v1.3.0", "--source", source, "--image", OTHER_IMAGE) == (
        1,
        "",
        f"v1.3.0 is released, with the image {IMAGE}. A release does not change: publish a new version.\n",
    )
    assert releases.tags() == before


def test_an_older_minor_version_moves_its_own_tag_alone(releases: Releases) -> None:
    _, older = release(releases, "1.2.8")
    _, newest = release(releases, "1.3.0")
    _, backport = release(releases, "1.2.9")
    assert releases.tags() == {
        "v1": newest,
        "v1.3": newest,
        "v1.3.0": newest,
        "v1.2": backport,
        "v1.2.9": backport,
        "v1.2.8": older,
    }
    git(releases.remote, "update-ref", "-d", "refs/tags/v1")
    git(releases.clone.parent / "checkout", "tag", "-d", "v1")
    _, late = release(releases, "1.2.10")
    assert {tag: commit for tag, commit in releases.tags().items() if commit == late} == {"v1.2": late, "v1.2.10": late}


def test_a_new_major_version_leaves_the_old_one_where_it_is(releases: Releases) -> None:
    _, old = release(releases, "1.10.0")
    _, new = release(releases, "2.0.0")
    assert {tag: releases.tags()[tag] for tag in ("v1", "v1.10", "v2", "v2.0")} == {
        **dict.fromkeys(("v1", "v1.10"), old),
        **dict.fromkeys(("v2", "v2.0"), new),
    }


def test_a_pre_release_moves_nothing_until_it_is_none(releases: Releases) -> None:
    _, final = release(releases, "1.3.0")
    _, candidate = release(releases, "1.4.0rc1")
    source, flagged = release(releases, "1.4.0", prerelease=True)
    waiting = releases.outputs("source", "v1.4.0", "--prerelease", "true")
    assert (waiting["prerelease"], waiting["package"]) == ("true", "false")
    assert releases.tags() == {
        **dict.fromkeys(("v1", "v1.3", "v1.3.0"), final),
        "v1.4.0rc1": candidate,
        "v1.4.0": flagged,
    }
    releases.outputs("tags", "v1.4.0", "--source", source, "--image", IMAGE)
    assert [releases.tags()[tag] for tag in ("v1", "v1.4", "v1.4.0")] == [flagged] * 3


def test_a_tag_of_another_version_than_the_code_is_refused(releases: Releases) -> None:
    releases.publish("1.3.0")
    git(releases.clone, "push", "-q", "origin", "HEAD:refs/tags/v1.4.0")
    assert releases.run("source", "v1.4.0") == (
        1,
        "",
        "v1.4.0 leads to version 1.3.0: set `version` in pyproject.toml and tag that commit.\n",
    )


def test_two_releases_at_once_do_not_undo_each_other(releases: Releases) -> None:
    """Between the look at the tags and the push, another release moves one: nothing of this one is pushed."""
    release(releases, "1.3.0")
    source = releases.publish("1.3.1")
    moved = f"git update-ref refs/tags/v1 {source}"
    hook = releases.remote / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\n{moved}\n")
    hook.chmod(0o755)
    code, _, error = releases.run("tags", "v1.3.1", "--source", source, "--image", IMAGE)
    assert code == 1
    assert error.startswith("git push failed: ")
    assert releases.tags()["v1.3.1"] == source


def test_a_rebuild_is_the_next_patch_release_of_the_same_code(releases: Releases) -> None:
    source, first = release(releases, "1.3.0")
    releases.publish("1.4.0rc1")
    found = releases.outputs("newest")
    assert found == {"newest": "v1.3.0", "source": source, "image": IMAGE, "tag": "v1.3.1"}
    done = releases.outputs("tags", "v1.3.1", "--source", source, "--image", OTHER_IMAGE)
    rebuilt = done["commit"]
    assert releases.tags() == {
        "v1.3.0": first,
        "v1.4.0rc1": releases.tags()["v1.4.0rc1"],
        **dict.fromkeys(("v1", "v1.3", "v1.3.1"), rebuilt),
    }
    assert git(releases.remote, "diff", "--name-only", first, rebuilt).splitlines() == ["action.yml", "pyproject.toml"]
    assert releases.outputs("newest") == {"newest": "v1.3.1", "source": source, "image": OTHER_IMAGE, "tag": "v1.3.2"}


def test_before_the_first_release_there_is_nothing_to_rebuild(releases: Releases) -> None:
    assert releases.outputs("newest") == {}
