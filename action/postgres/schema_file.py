"""Read the file of the setting ``schema``: a plain dump that lies in the repository, which may be hostile."""

from __future__ import annotations

import codecs
import os
import re
from pathlib import Path

from psycopg2.extensions import encodings

from action.postgres.schema_error import AGAIN, DUMP, SchemaFileError
from action.repository.inside import OutsideError, read_inside
from action.repository.regular import TooLargeError, reason
from action.sandbox.looking import is_folder

LARGEST = 100_000_000
"""Bytes."""
_OTHER_FORMATS = {
    b"PGDMP": "is a dump in pg_dump's custom format",
    b"toc.dat": "is a dump in pg_dump's tar format",
    b"\x1f\x8b": "is compressed (gzip)",
    b"\x28\xb5\x2f\xfd": "is compressed (zstd)",
    b"PK": "is compressed (zip)",
}
"""By the first bytes."""
_ENCODING = re.compile(rb"^SET client_encoding = '([\w-]+)';", re.MULTILINE)
PLAIN = f"Convert it with `pg_restore --schema-only -f schema.sql FILE`, or dump it as plain SQL: {DUMP}"


def read_schema_file(path: Path, root: Path) -> str:
    """Return the text of the file; raises SchemaFileError where it is no plain dump in the repository at ``root``."""
    if not os.path.lexists(path):
        raise SchemaFileError("does not exist", remedy=f"Correct `schema`, or commit the file. {AGAIN}")
    if is_folder(path):
        raise SchemaFileError("is a folder, such as pg_dump's directory format writes", remedy=PLAIN)
    try:
        content = read_inside(path, root, most=LARGEST)
    except TooLargeError:
        raise SchemaFileError(f"is larger than {LARGEST // 1_000_000} MB, so it holds more than a schema") from None
    except OutsideError:
        raise SchemaFileError(
            "is not a file of the repository",
            why="The pull request can change links, so no link out of the repository is followed.",
            remedy="Commit the dump as a regular file of the repository.",
        ) from None
    except OSError as error:
        raise SchemaFileError(f"cannot be read: {reason(error)}", remedy="Correct `schema`.") from None
    return _decoded(content)


def _decoded(content: bytes) -> str:
    for start, what in _OTHER_FORMATS.items():
        if content.startswith(start):
            raise SchemaFileError(what, remedy=PLAIN)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # PowerShell's ``>``
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise SchemaFileError("is not plain text", remedy=PLAIN)
    named = _ENCODING.search(content)
    codec = encodings.get(named.group(1).decode().upper(), "utf-8") if named else "utf-8"
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode(codec)
    except (UnicodeDecodeError, LookupError):
        raise SchemaFileError(f"is not {codec} text, as its client_encoding says") from None
