"""The line about what ran names each server apart from the others."""

from __future__ import annotations

import pytest

from action.reports.digest import ran_on
from checks.findings import Report, Verdict
from checks.recording.server import ServerUsed


def server(version: str, detail: str) -> ServerUsed:
    return ServerUsed(version=version, kind="docker_image", detail=f"PostgreSQL {version}{detail}")


@pytest.mark.parametrize(
    ("servers", "names"),
    [
        ([server("17.2", " from the image postgres:17")], ["PostgreSQL 17.2"]),
        ([server("17.2", " in /usr/lib"), server("18.1", "")], ["PostgreSQL 17.2", "PostgreSQL 18.1"]),
        (
            [
                server("17.2", " from the image postgis:17; migrations run as a superuser"),
                server("17.2", " from the image postgres:17. Connect with: psql postgresql://postgres:secret@h:1/d ."),
            ],
            ["PostgreSQL 17.2 from the image postgis:17", "PostgreSQL 17.2 from the image postgres:17"],
        ),
    ],
)
def test_servers_of_one_version_are_named_by_their_images(servers: list[ServerUsed], names: list[str]) -> None:
    assert (
        ran_on(Report(verdict=Verdict.PASSED, trees=(), server=servers[0], further_servers=tuple(servers[1:]))) == names
    )
