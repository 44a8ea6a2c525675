"""The text of a schema file, in whatever encoding it says; see also the program's tests of the setting ``schema``."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from action.postgres.schema_error import SchemaFileError
from action.postgres.schema_file import read_schema_file

TEXT = "COMMENT ON TABLE t IS 'für';\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        b"SET client_encoding = 'LATIN1';\n" + TEXT.encode("latin-1"),
    ],
)
def test_the_encoding_of_the_dump_is_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_bytes(content)
    assert read_schema_file(tmp_path / "schema.sql", tmp_path).endswith(TEXT)


@pytest.mark.parametrize(
    ("content", "clause"),
    [
        (gzip.compress(b"SELECT 1;", mtime=0), "is compressed (gzip)"),
        (b"SELECT\0 1;", "is not plain text"),
        (b"SELECT '\xff';", "is not utf-8 text, as its client_encoding says"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, clause: str, tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_bytes(content)
    with pytest.raises(SchemaFileError) as refused:
        read_schema_file(tmp_path / "schema.sql", tmp_path)
    assert str(refused.value) == clause
