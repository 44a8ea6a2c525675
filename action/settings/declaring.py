"""How a setting is declared: its help, where it may be set, and which part of its value is secret."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretBytes,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo

PROJECT, DEPENDENCIES, SERVER, JUDGING, PULL_REQUEST, FILES, OTHER = (
    "Project",
    "Dependencies",
    "PostgreSQL",
    "Judging",
    "Pull request",
    "Files",
    "Other",
)
GROUPS = (PROJECT, DEPENDENCIES, SERVER, JUDGING, PULL_REQUEST, FILES, OTHER)
Text: TypeAlias = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]*$")]


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Texts: TypeAlias = Annotated[tuple[Text, ...], BeforeValidator(_several)]
"""Several texts, or one."""
Place: TypeAlias = Literal["everywhere", "action", "terminal"]
_SWITCH = ("true", "false", "yes", "no", "on", "off", "1", "0")
A_FILE = "a file in an existing folder, a device or pipe, or - for standard output"


STDOUT = "-"
"""In place of a file to write: standard output."""


class Secrecy(enum.Enum):
    """Which part of a setting's value is secret.

    A value with any secret part is quoted in no message and shown in no repr.
    """

    NONE = enum.auto()
    VALUE = enum.auto()
    """All of it, such as a token: masked in logs and reports, never taken from a pull request's pyproject.toml."""
    PASSWORD = enum.auto()
    """The password of a URL: that is masked, the rest as for ``VALUE``."""
    VARIABLES = enum.auto()
    """Values of variables whose names say so: these are masked. A pull request's pyproject.toml may set its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Declare a setting, in the ``Annotated`` metadata of its field; the type and the default are the field's."""

    help: str
    """For the command line, without a full stop at its end: ``Seconds allowed for … Default: 600``."""
    group: str
    accepts: str
    """The end of the sentence "accepted: …" in an error."""
    metavar: str = ""
    place: Place = "everywhere"
    """A setting of the action, an option at the terminal, or both."""
    is_input: bool = False
    """Whether action.yml lists it; the action's other settings are lines of the input ``options``."""
    aliases: tuple[str, ...] = ()
    """Other names of it as an input and in pyproject.toml."""
    trusted: bool = False
    """Whether a pull request's pyproject.toml may not set it; that holds for every secret too."""
    secrecy: Secrecy = Secrecy.NONE
    input_text: str = ""
    """Its description in action.yml, where that is not ``help``."""
    input_default: str = ""
    """Its default in action.yml."""
    is_written: bool = False
    """Whether it names what a run writes to, which may also be standard output."""
    positional: bool = False
    short: tuple[str, ...] = ()
    """Short forms of the option: ``-v``."""

    @property
    def is_hidden(self) -> bool:
        """Return whether its value may be quoted nowhere."""
        return self.secrecy is not Secrecy.NONE

    @property
    def needs_trust(self) -> bool:
        """Return whether a pull request's pyproject.toml may not set it."""
        return self.trusted or self.secrecy in (Secrecy.VALUE, Secrecy.PASSWORD)

    @property
    def input_help(self) -> str:
        """Return its description in action.yml."""
        return self.input_text or self.help


def setting_of(declared: FieldInfo) -> Setting:
    """Return the ``Setting`` of a field; raises TypeError for a field without one."""
    for one in declared.metadata:
        if isinstance(one, Setting):
            return one
    raise TypeError(f"a setting is declared with Annotated[…, Setting(…)]: {declared!r}")


class Declared(BaseModel):
    """Settings of which each field carries a ``Setting``."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
        alias_generator=lambda name: name.removesuffix("_file").replace("_", "-"),
    )

    @field_validator("*", mode="before")
    @classmethod
    def _in_any_case(cls, value: Any, info: ValidationInfo) -> Any:
        """Return a word of an enumeration, or of a switch, as it is declared; a wrong one stays as it is written."""
        if not isinstance(value, str):
            return value
        declared = cls.model_fields[str(info.field_name)].annotation
        word = value.strip().lower()
        return word if any(word in _words_of(one) for one in (declared, *get_args(declared))) else value

    @field_validator("*", mode="before")
    @classmethod
    def _has_no_nul(cls, value: Any) -> Any:
        if isinstance(value, (str, Path)) and "\0" in str(value):
            raise ValueError("it has a NUL character")
        return value

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a secret type that is not declared as one: it would be hidden here and shown in the report."""
        for name, declared in cls.model_fields.items():
            if not setting_of(declared).is_hidden and _holds_secret(declared.annotation):
                raise TypeError(f"{cls.__name__}.{name} holds a secret: declare its secrecy")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield the fields of the repr, without those that are hidden."""
        fields = type(self).model_fields
        for name, value in super().__repr_args__():
            if name is None or not setting_of(fields[name]).is_hidden:
                yield name, value


def _words_of(annotation: Any) -> Collection[str]:
    """Return the words that a type accepts: those of an enumeration or of a switch; none for any other type."""
    if annotation is bool:
        return _SWITCH
    if isinstance(annotation, type) and issubclass(annotation, enum.StrEnum):
        return tuple(annotation)
    return ()


def _holds_secret(annotation: Any) -> bool:
    return annotation in (SecretStr, SecretBytes) or any(map(_holds_secret, get_args(annotation)))
