"""Which of the commits of a deploy a run stops after: each line once, and no more than there is time for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from action.rehearsal.interrupted_builds import is_build
from checks.recording.legs import Statement
from checks.recording.replays import Commit

MOST = 20
"""Most stops of one deploy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPoint:
    """A place at which a deploy is cut."""

    commit: Commit
    """The last commit before it."""
    during: Statement | None = None
    """The build that is interrupted; None for a stop right after the commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPoints:
    """The stops of a deploy, and the commits that none of them is for."""

    stops: tuple[CutPoint, ...] = ()
    left_out: tuple[Commit, ...] = ()
    repeated: int = 0


def cut_points(commits: Sequence[Commit], judged: Sequence[str]) -> CutPoints:
    """Return the stops; of a line that commits many times, such as a loop over batches, the first and the last."""
    wanted = set(judged)
    here = [commit for commit in _before_the_end(commits) if wanted & {commit.revision, *commit.torn}]
    lines: dict[object, list[Commit]] = {}
    for commit in here:
        lines.setdefault(_line(commit), []).append(commit)
    kept = [commit for alike in lines.values() for commit in dict.fromkeys((alike[0], alike[-1]))]
    kept.sort(key=lambda commit: (not commit.torn, commit.number))  # one between two revisions is the last to matter
    stops = [stop for commit in kept for stop in _stops(commit, commits)]
    taken = stops[:MOST]
    done = {stop.commit.number for stop in taken}
    return CutPoints(
        stops=tuple(sorted(taken, key=lambda stop: (stop.commit.number, stop.during is not None))),
        left_out=tuple(commit for commit in kept if commit.number not in done),
        repeated=len(here) - len(kept),
    )


def _before_the_end(commits: Sequence[Commit]) -> list[Commit]:
    """Return the commits that something can be stopped after: not the last, unless it leaves a revision torn."""
    last = commits[-1:] if commits and not commits[-1].torn else ()
    return [commit for commit in commits if commit.number and commit not in last]


def _stops(commit: Commit, commits: Sequence[Commit]) -> Iterator[CutPoint]:
    built = next((one for one in commit.statements if is_build(one.sql)), None)
    if built is not None:
        before = max((one.number for one in commits if one.number < commit.number), default=0)
        known = next((one for one in commits if one.number == before), None)
        torn = tuple(dict.fromkeys((*(known.torn if known else ()), commit.revision)))
        yield CutPoint(commit=Commit(number=before, revision=commit.revision, torn=torn), during=built)
    yield CutPoint(commit=commit)


def _line(commit: Commit) -> object:
    """Return the lines of Python that the commit is for; its own number where they are not known."""
    return (commit.revision, bool(commit.torn), commit.frames) if commit.frames else commit.number
