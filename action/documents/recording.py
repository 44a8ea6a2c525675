"""Saves a recording to a file and loads it, so that it can be checked again without database and project."""

from __future__ import annotations

from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from action.documents.versioned import damaged, decode, difference, encode, malformed
from action.errors import SettingsError
from action.repository.regular import read_regular
from action.repository.writing import write_text
from checks.recording.tree import RECORDING_VERSION, Recording

_MOST_BYTES = 1 << 30
_ADAPTER: TypeAdapter[tuple[Recording]] = TypeAdapter(
    tuple[Recording], config=ConfigDict(extra="forbid", defer_build=True)
)


def save(recording: Recording, workspace: Path, path: Path) -> None:
    """Write a recording; raises SettingsError when the file cannot be written."""
    (document,) = _ADAPTER.dump_python((recording,), mode="json")
    write_text(encode(document), workspace, path)


def load(path: Path) -> Recording:
    """Read a recording; raises SettingsError for a file that is missing, damaged or of another version.

    A part that is missing, unknown or of another type would be judged as if it had been seen: any is damage.
    """
    try:
        text = read_regular(path, most=_MOST_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(
            f"The file {path} of a saved run cannot be read: {why}.",
            remedy="Set --recording to a file that --save-recording wrote.",
        ) from None
    document = decode(text, "saved run", "recording_version", RECORDING_VERSION)
    try:
        (recording,) = _ADAPTER.validate_python((document,))
    except ValidationError as error:
        raise malformed("saved run", error) from None
    (whole,) = _ADAPTER.dump_python((recording,), mode="json")
    lost = difference(document, whole)
    if lost is not None:
        raise damaged("saved run", lost)
    if not recording.trees:
        raise damaged("saved run", "trees: no Alembic environment was recorded")
    return recording
