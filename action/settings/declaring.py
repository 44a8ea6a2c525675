"""How a setting is declared: its default, its help, and where it may be given."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

PROJECT, SERVER, JUDGING, RESULTS, PULL_REQUEST, OTHER = (
    "Project",
    "PostgreSQL",
    "Judging",
    "Results",
    "Pull request",
    "Other",
)
GROUPS = (PROJECT, SERVER, JUDGING, RESULTS, PULL_REQUEST, OTHER)
Text: TypeAlias = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]*$")]
Place: TypeAlias = Literal["everywhere", "action", "terminal"]
SEVERITIES = "error, warning or notice"
A_FILE = "a file in an existing folder"

CONFIG = ConfigDict(
    frozen=True,
    extra="forbid",
    validate_by_name=True,
    validate_by_alias=True,
    hide_input_in_errors=True,
    coerce_numbers_to_str=True,
    alias_generator=lambda name: name.removesuffix("_file").replace("_", "-"),
)


def setting(
    default: Any,
    text: str,
    *,
    group: str,
    accepts: str,
    metavar: str = "",
    secret: bool = False,
    place: Place = "everywhere",
    trusted: bool = False,
    **more: Any,
) -> Any:
    """Declare a setting; ``accepts`` ends the sentence "accepted: …" of an error.

    ``place``: an input of the action, an option at the terminal, or both. ``trusted``: pyproject.toml may not set it in
    the action, where that file belongs to the pull request. Among ``more``: ``input_text`` and ``input_default``, what
    action.yml says of it and gives it.
    """
    limits = {name: more.pop(name) for name in ("gt", "le", "allow_inf_nan", "pattern", "max_length") if name in more}
    extra = {"group": group, "metavar": metavar, "accepts": accepts, "place": place, "trusted": trusted, **more}
    return Field(default=default, description=text, json_schema_extra=extra, repr=not secret, **limits)
