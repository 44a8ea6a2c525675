"""Looks for the base as it is now: in the clone, on the server that it was cloned from, and in GitHub's API."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from action.base.from_git import named
from action.base.interface import Api, Base
from action.base.origin import Origin
from action.base.search import search
from action.base.wanted import BaseWanted
from action.errors import SettingsError
from action.supervisor.run_folder import new_folder
from checks.recording.absent import Absent

_NONE_NAMED = "No base was named, so there is nothing to compare with."


@contextlib.contextmanager
def locate(
    root: Path,
    wanted: BaseWanted | None,
    *,
    name: str | None = None,
    client: Api | None = None,
    token: str | None = None,
    server_url: str | None = None,
) -> Iterator[Base | Absent]:
    """Look for the base that the user named, or else the event; remove everything that was fetched at the end.

    Without ``server_url`` nothing is fetched. The repository at ``root`` is not changed. Raises SettingsError for a
    ``name`` that does not exist, and where another commit than the pull request's is checked out; every other problem
    is the reason of an ``Absent``.
    """
    if server_url is None:
        yield _at_a_terminal(root, wanted, name)
        return
    with new_folder("git-") as folder:

        def ask(wanted: BaseWanted, branch: str) -> Base | Absent:
            origin = Origin(url=server_url, token=token)
            return search(root, folder, wanted, branch, origin, client)

        if name is not None:
            yield _of_that_name(root, name, wanted, ask)
        elif wanted is not None:
            yield ask(wanted, f"refs/heads/{wanted.ref}")
        else:
            yield Absent(reason=_NONE_NAMED)


def _at_a_terminal(root: Path, wanted: BaseWanted | None, name: str | None) -> Base | Absent:
    if name is not None:
        return named(root, name)
    reason = _NONE_NAMED if wanted is None else f"The base {wanted.ref} was not found: GITHUB_SERVER_URL is not set."
    return Absent(reason=reason)


def _of_that_name(
    root: Path, name: str, wanted: BaseWanted | None, ask: Callable[[BaseWanted, str], Base | Absent]
) -> Base | Absent:
    """Return the base of that name from the clone or, because a shallow clone seldom has it, from the server."""
    unknown: SettingsError | None = None
    try:
        base = named(root, name)
        if not isinstance(base, Absent):
            is_commit = base.now_sha.startswith(name)
            return replace(base, fetched=base.fork_sha if is_commit else name.removeprefix("origin/"))
    except SettingsError as error:
        unknown = error
    head_sha = wanted.head_sha if wanted is not None else None
    there = ask(BaseWanted(ref=name, head_sha=head_sha), name.removeprefix("origin/"))
    if isinstance(there, Absent) and unknown is not None:
        raise SettingsError(unknown.what, why=f"{unknown.why}\n{there.reason}", remedy=unknown.remedy) from unknown
    return there
