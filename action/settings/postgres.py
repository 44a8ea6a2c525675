"""The settings of the PostgreSQL servers that the migrations run on."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, field_validator

from action.settings.declaring import SERVER, Declared, Secrecy, Setting, Text

_VERSION = re.compile(r"[1-9]\d*(\.\d+)?")
_IMAGE = re.compile(r"[\w][\w.:/@-]*")


class ServerSettings(Declared):
    """The servers."""

    database_url: Annotated[
        SecretStr | None,
        Setting(
            help="PostgreSQL server to create scratch databases on. Default: start one",
            group=SERVER,
            secrecy=Secrecy.PASSWORD,
            is_input=True,
            metavar="URL",
            accepts="postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        ),
    ] = None
    postgres: Annotated[
        tuple[Text, ...],
        Setting(
            help="Version of the installed PostgreSQL to start, or several, such as 15,17. Default: the newest",
            group=SERVER,
            metavar="VERSION",
            accepts="a version such as 17, or several such as 15,17",
            is_input=True,
        ),
    ] = ()
    postgres_image: Annotated[
        tuple[Text, ...],
        Setting(
            help="Docker image of the PostgreSQL to start, such as postgis/postgis:17-3.5; repeatable. Default: none",
            input_text="Docker image of the PostgreSQL to start, such as postgis/postgis:17-3.5, or several, one on "
            "each line. Default: none",
            group=SERVER,
            metavar="IMAGE",
            accepts="the name of an image such as postgis/postgis:17-3.5",
            is_input=True,
            trusted=True,
        ),
    ] = ()
    postgres_setup: Annotated[
        Text | None,
        Setting(
            help="SQL that prepares each scratch database before the migrations: extensions, roles, schemas that no "
            "migration creates. Default: none",
            group=SERVER,
            metavar="SQL",
            accepts="SQL statements",
            is_input=True,
            trusted=True,
        ),
    ] = None
    superuser: Annotated[
        bool,
        Setting(
            help="Run migrations as a superuser of the server that is started. Default: false",
            group=SERVER,
            accepts="true or false",
            trusted=True,
        ),
    ] = False
    keep: Annotated[
        bool,
        Setting(
            help="Keep the scratch server running after the run, and print how to connect to it. Default: false",
            group=SERVER,
            accepts="true or false",
            place="terminal",
        ),
    ] = False

    @field_validator("postgres", "postgres_image", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        items = value if isinstance(value, list | tuple) else [value]
        return tuple(dict.fromkeys(name for item in items for name in re.split(r"[\s,]+", str(item).strip()) if name))

    @field_validator("postgres")
    @classmethod
    def _are_versions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for version in value:
            if not _VERSION.fullmatch(version):
                raise ValueError(f"{version!r} is no version")
        return value

    @field_validator("postgres_image")
    @classmethod
    def _are_images(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for image in value:
            if not _IMAGE.fullmatch(image):
                raise ValueError(f"{image!r} is no name of an image")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        url = value.get_secret_value() if value else "postgresql:"
        if "\0" in unquote(url):
            raise ValueError("it has a NUL character")
        if any("\ud800" <= character <= "\udfff" for character in url):
            raise ValueError("it is not UTF-8")
        scheme = urlsplit(url).scheme
        if scheme.partition("+")[0] not in ("postgresql", "postgres"):
            raise ValueError("not a PostgreSQL URL")
        return value
