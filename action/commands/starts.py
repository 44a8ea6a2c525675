"""Refuses a setting ``start-after`` that names no revision: nothing would be left out, and nobody would notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from action.errors import SettingsError
from checks.judged import unknown_starts
from checks.plural import joined, listed, plural
from checks.recording.revisions import Graph


def refuse_unknown_starts(graphs: Mapping[str, Graph], start_after: Sequence[str]) -> None:
    """Raise SettingsError for a name that stands for no one revision; ``graphs`` are by the path of the config."""
    for name, several in unknown_starts(graphs.values(), start_after).items():
        if several:
            raise SettingsError(
                f"start-after is {name}, and {plural(len(several), 'revision')} begin with it: {listed(several)}.",
                why="Alembic accepts the beginning of a revision id only where it is the only one.",
                remedy="Write more characters of the revision id.",
            )
        count = sum(len(graph.revisions) for graph in graphs.values())
        raise SettingsError(
            f"start-after is {name}, but no version file has that revision.",
            why=f"{joined(list(graphs))} {'has' if len(graphs) == 1 else 'have'} {plural(count, 'revision')}, and none "
            "has an id or a branch label that begins with it.",
            remedy="Set start-after to the id of the last revision that is not to be judged; `alembic history` lists "
            "all.",
        )
