"""How to join heads: the command that writes a merge revision, and what has to be there before it."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Sequence

from checks.graph.algorithms import effective_heads
from checks.graph.merged import MergedGraph
from checks.graph.splits import MOST
from checks.plural import listed
from checks.recording.tree import TreeRecording


def absent_heads(merged: MergedGraph, heads: Sequence[str]) -> str:
    """Return what to do first where heads are on the base alone, a sentence with a blank; empty where none is."""
    absent = [head for head in heads if not merged.is_checked_out(head)]
    return f"Update this branch from {merged.base} first: it lacks {listed(absent, MOST)}. " if absent else ""


def join(merged: MergedGraph, heads: tuple[str, ...]) -> str:
    """Return the command for these heads, which names them or, where they are many, all at once."""
    all_at_once = len(heads) > MOST and set(heads) == set(effective_heads(merged.graph))
    return merge_command(merged.recording, ("heads",) if all_at_once else heads)


def merge_command(recording: TreeRecording, revisions: tuple[str, ...]) -> str:
    """Return the shell command that writes a merge revision of these heads, to run at the repository's root."""
    path, _, section = recording.path.partition(":")
    folder, name = posixpath.split(path)
    joined = f'-m "merge heads" {shlex.join(revisions)}'
    if recording.flask_folder is not None:
        scripts = posixpath.relpath(folder or ".", recording.flask_folder or ".")
        words = [*recording.launcher, "flask", "db", "merge", *([] if scripts == "migrations" else ["-d", scripts])]
        return f"{_enter(recording.flask_folder)}{shlex.join(words)} {joined}"
    inside = folder and all(place.startswith(f"{folder}/") for place in recording.version_locations)
    file = name if inside else path
    options = ["-c", file] if file not in ("alembic.ini", "pyproject.toml") else []
    options += ["-n", section] if section else []
    words = [*recording.launcher, "alembic", *options, "merge"]
    return f"{_enter(folder if inside else '')}{shlex.join(words)} {joined}"


def _enter(folder: str) -> str:
    return f"cd {shlex.quote(folder)} && " if folder else ""
