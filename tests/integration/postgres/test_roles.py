"""Roles of the two ways, on a real server: each way sees its own alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from action.postgres.databases import Databases
from action.postgres.roles import DEPLOYED, NEW, Roles
from action.postgres.servers.interface import PostgresServer

NAME = "ac_test_of_two_ways"


@pytest.fixture
def databases(server: PostgresServer) -> Iterator[Databases]:
    with Databases(server) as owner:
        yield owner
        owner.drop_new_roles()


def execute(databases: Databases, database: str, *statements: str) -> None:
    with databases.connect(database) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def owners(databases: Databases, database: str) -> list[tuple[str]]:
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tableowner::text FROM pg_tables WHERE schemaname = 'public'")
        return [(str(owner),) for (owner,) in cursor.fetchall()]


def test_a_role_of_one_way_does_not_stand_in_the_other_s_way(databases: Databases) -> None:
    roles = Roles(databases)
    deployed, new = databases.create("deployed"), databases.create("new")
    make = (
        f"CREATE ROLE {NAME}; GRANT {NAME} TO postgres; GRANT CREATE ON SCHEMA public TO {NAME}",
        f"CREATE TABLE book (id integer); ALTER TABLE book OWNER TO {NAME}",
    )
    execute(databases, deployed, *make)
    roles.go(NEW)
    assert NAME not in databases.new_roles()
    execute(databases, new, *make)
    roles.go(DEPLOYED)
    assert NAME in databases.new_roles()
    assert owners(databases, deployed) == [(NAME,)]
    assert owners(databases, new) != [(NAME,)]
    roles.go(NEW)
    assert owners(databases, new) == [(NAME,)]
    databases.drop_new_roles()
    assert databases.new_roles() == ()


def test_roles_that_were_created_before_may_belong_to_the_other_way(databases: Databases) -> None:
    roles = Roles(databases)
    execute(databases, databases.create("first"), f"CREATE ROLE {NAME}")
    roles.belong_to(NEW)
    roles.go(DEPLOYED)
    assert NAME not in databases.new_roles()
    roles.go(NEW)
    assert NAME in databases.new_roles()
