"""How the base database was created where migrations did not create it, and the words for it."""

from __future__ import annotations

from checks.recording.legs import Leg, LegName, MadeBy
from checks.recording.tree import TreeRecording

CREATED = {
    MadeBy.MIGRATIONS: "with the base's migrations",
    MadeBy.SCHEMA_FILE: "from the `schema` file",
    MadeBy.INIT_COMMAND: "with the `init` command",
    MadeBy.MODELS: "from the base's models (create_all and stamp)",
}
BETTER_BASE = (
    "Set `schema` to a dump of production's schema with its version rows (pg_dump --schema-only), or `init` to the "
    "command that creates a new database in this project."
)


def creation(recording: TreeRecording) -> Leg | None:
    """Return the run that created the base database without the migrations; None without one that succeeded."""
    made = (leg for leg in recording.legs if leg.name is LegName.CREATE_BASE)
    return next((leg for leg in made if leg.succeeded), None)


def is_from_models(recording: TreeRecording) -> bool:
    """Return whether the base database was created from the models, which may differ from production."""
    leg = creation(recording)
    return leg is not None and leg.made_by is MadeBy.MODELS


def base_created(recording: TreeRecording) -> str | None:
    """Return the sentence about how the base database was created; None where its migrations created it."""
    leg = creation(recording)
    if leg is None:
        return None
    because = "" if leg.made_by is MadeBy.SCHEMA_FILE else ", because its migrations fail on an empty database"
    return f"The base database was created {CREATED[leg.made_by]}{because}."
