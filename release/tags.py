"""Where the tags of a release lead: all of them move in one push, and none of them back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from release.history import Repository
from release.mistakes import Mistake
from release.numbers import Number

_HELPER = '!f() { test "$1" = get && echo username=x-access-token && echo "password=$GITHUB_TOKEN"; }; f'
"""Gives git the token of the job, which then stands in no file and in no command line."""
WITH_TOKEN = {
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "credential.helper",
    "GIT_CONFIG_VALUE_0": "",
    "GIT_CONFIG_KEY_1": "credential.helper",
    "GIT_CONFIG_VALUE_1": _HELPER,
}
_MOVING = re.compile(r"v\d+(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release that is to be."""

    number: Number
    source: str
    """The commit whose code it is."""
    image: str
    manifest: str
    """The text of action.yml, which names the image."""
    final: bool
    """It is no pre-release, so the moving tags can lead to it."""


def publish(repository: Repository, release: Release, remote: str = "origin") -> tuple[str, list[str]]:
    """Make the commit and push it with its tags; return it and the moving tags that lead to it. Raises Mistake."""
    repository.git("fetch", "--quiet", "--force", "--tags", remote, environ=WITH_TOKEN)
    commit = _released(repository, release) or _made(repository, release, remote)
    number = release.number
    moving = [tag for tag in number.moving_tags if _leads_back(repository, number, tag)] if release.final else []
    before = {tag: _object(repository, tag) for tag in (number.tag, *moving)}
    pushed = [tag for tag in before if not before[tag] or repository.at(f"refs/tags/{tag}").commit != commit]
    if pushed:
        # Another release that moved one of them meanwhile makes the push fail as a whole.
        leases = [f"--force-with-lease=refs/tags/{tag}:{before[tag]}" for tag in pushed]
        refs = [f"{commit}:refs/tags/{tag}" for tag in pushed]
        repository.git("push", "--quiet", "--atomic", *leases, remote, *refs, environ=WITH_TOKEN)
    return commit, moving


def _released(repository: Repository, release: Release) -> str | None:
    """Return the commit of the release where it is there already. Raises Mistake where it is another one."""
    tag = release.number.tag
    if repository.tags(tag) == []:
        return None
    there = repository.at(f"refs/tags/{tag}")
    if there.image and there.image != release.image:
        raise Mistake(
            f"{tag} is released, with the image {there.image}. A release does not change: publish a new version."
        )
    if there.source != release.source:
        raise Mistake(f"{tag} leads to {there.source}, but {release.source} was built. Run the workflow again.")
    return there.commit if there.image else None


def _made(repository: Repository, release: Release, remote: str) -> str:
    repository.git("fetch", "--quiet", remote, "HEAD", environ=WITH_TOKEN)
    branch = repository.git("rev-parse", "FETCH_HEAD")
    return repository.commit(release.source, release.number, release.manifest, branch)


def _leads_back(repository: Repository, number: Number, tag: str) -> bool:
    """Tell whether a moving tag leads to this release or an older one, or nowhere."""
    # The tags of minor versions count for a major one, also where somebody deleted that.
    rivals = [tag, *(repository.tags(f"{tag}.*") if "." not in tag else [])]
    found = [rival for name in rivals for rival in repository.tags(name) if _MOVING.fullmatch(rival)]
    return all(repository.at(f"refs/tags/{rival}").number.order <= number.order for rival in found)


def _object(repository: Repository, tag: str) -> str:
    """Return what a tag holds, or nothing where it is missing."""
    return repository.git("rev-parse", f"refs/tags/{tag}") if repository.tags(tag) else ""
