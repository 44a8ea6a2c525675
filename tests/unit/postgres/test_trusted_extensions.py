"""The extensions that only a superuser creates are the same in the image and on a server of PostgreSQL 18."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from action.postgres.servers import trusted_extensions

DOCKERFILE = Path(__file__).parents[3] / "Dockerfile"
LEFT_TO_A_SUPERUSER = ["file_fdw", "adminpack", "plpython3u", "plperlu", "plsh", "hstore_plpython3u", "pgpool_recovery"]
HARMLESS = ["vector", "postgis", "postgis_topology", "postgres_fdw", "dblink", "pg_stat_statements", "uuid-ossp", "tcn"]


@pytest.mark.parametrize("name", LEFT_TO_A_SUPERUSER + HARMLESS)
def test_both_leave_the_same_to_a_superuser(name: str) -> None:
    (globs,) = re.findall(r'case "\$control" in (\S+)\) continue', DOCKERFILE.read_text())
    in_the_image = any(fnmatch(f"{name}.control", glob) for glob in globs.split("|"))
    assert in_the_image is (re.fullmatch(trusted_extensions.NOT_TRUSTED, name) is not None)
    assert in_the_image is (name in LEFT_TO_A_SUPERUSER)


def test_a_control_file_keeps_what_it_says(tmp_path: Path) -> None:
    installed = tmp_path / "share" / "extension"
    installed.mkdir(parents=True)
    (installed / "vector.control").write_text("default_version = '0.8.0'")
    (installed / "citext.control").write_text("default_version = '1.6'\ntrusted = true\n")
    (installed / "file_fdw.control").write_text("default_version = '1.0'\n")
    data = tmp_path / "data"
    trusted_extensions.mark(data, f'\t 1: setting = "{tmp_path}/share"\t(typeid = 25)')
    written = list((data / "trusted" / "extension").iterdir())
    assert [path.name for path in written] == ["vector.control"]
    assert written[0].read_text() == f"default_version = '0.8.0'\ntrusted = true\ndirectory = '{installed}'\n"


def test_a_server_that_does_not_say_where_they_are_marks_none(tmp_path: Path) -> None:
    trusted_extensions.mark(tmp_path, "nothing")
    assert list((tmp_path / "trusted" / "extension").iterdir()) == []
