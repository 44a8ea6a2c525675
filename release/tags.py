"""Where the tags of a release lead: all of them move in one push, and none of them back."""

from __future__ import annotations

import re

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


def publish(repository: Repository, number: Number, commit: str, *, final: bool, remote: str = "origin") -> list[str]:
    """Push a release commit with its tags; return the moving tags that lead to it. Raises Mistake."""
    git = repository.git
    git("fetch", "--quiet", "--force", "--tags", remote, environ=WITH_TOKEN)
    _refuse_a_second_release(repository, number, commit)
    moving = [tag for tag in number.moving_tags if _leads_back(repository, number, tag)] if final else []
    before = {tag: _object(repository, tag) for tag in (number.tag, *moving)}
    pushed = [tag for tag in before if repository.tags(tag) == [] or repository.at(f"refs/tags/{tag}").commit != commit]
    if pushed:
        # Another release that moved one of them meanwhile makes the push fail as a whole.
        leases = [f"--force-with-lease=refs/tags/{tag}:{before[tag]}" for tag in pushed]
        refs = [f"{commit}:refs/tags/{tag}" for tag in pushed]
        git("push", "--quiet", "--atomic", *leases, remote, *refs, environ=WITH_TOKEN)
    return moving


def _refuse_a_second_release(repository: Repository, number: Number, commit: str) -> None:
    """Raise Mistake where the tag of a release leads to another commit than the release or its source."""
    if repository.tags(number.tag) == []:
        return
    there, wanted = repository.at(f"refs/tags/{number.tag}"), repository.at(commit)
    if there.image and there.commit != commit:
        raise Mistake(
            f"{number.tag} is released, with the image {there.image}. A release does not change: publish a new version."
        )
    if there.source != wanted.source:
        raise Mistake(f"{number.tag} leads to {there.source}, but {wanted.source} was built. Run the workflow again.")


def _leads_back(repository: Repository, number: Number, tag: str) -> bool:
    """Tell whether a moving tag leads to this release or an older one, or nowhere."""
    # The tags of minor versions count for a major one, also where somebody deleted that.
    rivals = [tag, *(repository.tags(f"{tag}.*") if "." not in tag else [])]
    found = [rival for name in rivals for rival in repository.tags(name) if _MOVING.fullmatch(rival)]
    return all(repository.at(f"refs/tags/{rival}").number.order <= number.order for rival in found)


def _object(repository: Repository, tag: str) -> str:
    """Return what a tag holds, or nothing where it is missing."""
    return repository.git("rev-parse", f"refs/tags/{tag}") if repository.tags(tag) else ""
