"""The reason of every check where there is no revision to judge: nothing was proven, so nothing passes."""

from __future__ import annotations

from checks.recording.tree import TreeRecording


def no_revisions(recording: TreeRecording) -> str | None:
    """Return what is missing and what to do; None where there is a version file, also one that cannot be read."""
    if recording.graph.revisions or recording.graph.unreadable:
        return None
    places = ", ".join(f"`{place}`" for place in recording.version_locations)
    return (
        f"Alembic found no revisions{f' in {places}' if places else ''}. Create the first one with `alembic revision`, "
        "or set `version_locations` in the Alembic config to the folder that has them."
    )
