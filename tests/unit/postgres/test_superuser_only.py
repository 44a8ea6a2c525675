"""Which refusals of PostgreSQL a superuser does not get, by the words of its versions 13 to 18."""

from __future__ import annotations

import pytest

from action.postgres.superuser_only import changes_role, is_refusal, refusal_in, revokes

SUPERUSER_S = [
    'permission denied to create extension "vector"\nMust be superuser to create this extension.',
    "must be superuser or a member of the pg_execute_server_program role to COPY to or from an external program",
    "permission denied to COPY from a file\nOnly roles with privileges of the "
    '"pg_read_server_files" role may COPY from a file.',
    "permission denied for function pg_read_file",
    "permission denied for function lo_import",
    "permission denied for language c",
    "permission denied for foreign-data wrapper postgres_fdw",
    'permission denied to set parameter "session_replication_role"',
    'permission denied: "RI_ConstraintTrigger_a_16391" is a system trigger',
    'permission denied: "pg_class" is a system catalog',
    "permission denied for table pg_authid",
    "permission denied for schema pg_catalog",
    'permission denied to create event trigger "e"\nMust be superuser to create an event trigger.',
    "must be superuser to create FOR ALL TABLES publication",
    "only superuser can define a leakproof function",
    "must be owner of extension plpgsql",
    "must be owner of type integer or type text",
    'must be member of role "clerk"',
    'must be able to SET ROLE "clerk"',
    'permission denied to set role "clerk"',
    'permission denied to grant role "pg_write_server_files"',
    "permission denied to alter role\nOnly roles with the SUPERUSER attribute may change the SUPERUSER attribute.",
    'access to library "/tmp/x.so" is not allowed',
]
ANYBODY_S = [
    "permission denied for table book",
    "permission denied for sequence book_id_seq",
    "permission denied for schema shop",
    'new row violates row-level security policy for table "book"',
    'query would be affected by row-level security policy for table "book"',
]


@pytest.mark.parametrize("said", SUPERUSER_S)
def test_a_superuser_gets_none_of_these(said: str) -> None:
    assert is_refusal("42501", said)
    assert not is_refusal("42P01", said)


@pytest.mark.parametrize("said", ANYBODY_S)
def test_a_migration_causes_these_by_itself(said: str) -> None:
    assert not is_refusal("42501", said)


def test_an_owner_who_may_create_nothing_is_nobody_s_doing() -> None:
    said = "permission denied for schema public"
    assert is_refusal("42501", said, "ALTER TABLE book OWNER TO clerk")
    assert is_refusal("42501", said, "CREATE SCHEMA s AUTHORIZATION clerk")
    assert not is_refusal("42501", said, "CREATE TABLE book (id int)")
    assert not is_refusal("42501", said, "UPDATE request SET authorization = 'owner to'")


def test_a_connection_without_a_password_is_a_superuser_s() -> None:
    hint = "Non-superusers must provide a password in the connection string."
    assert is_refusal("2F003", f"password is required\n{hint}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("psql:x.sql:3: ERROR:  must be owner of extension plpgsql\n", "must be owner of extension plpgsql"),
        ("ERROR:  42501: permission denied for language c\nLOCATION: x", "permission denied for language c"),
        (
            'psycopg2.errors.InsufficientPrivilege: permission denied to create extension "v"\nHINT:  Must be …',
            'permission denied to create extension "v"',
        ),
        (
            "<class 'asyncpg.exceptions.InsufficientPrivilegeError'>: must be superuser to create a base type",
            "must be superuser to create a base type",
        ),
        ("sh: 1: ./init.sh: Permission denied", None),
        ('ERROR:  relation "book" does not exist', None),
        ("ERROR:  permission denied for table book", None),
        ("", None),
    ],
)
def test_it_is_found_in_what_a_program_prints(text: str, said: str | None) -> None:
    assert refusal_in(text) == said


@pytest.mark.parametrize(
    ("statement", "change"),
    [
        ("SET ROLE clerk", (True, False)),
        ("set local role 'clerk'", (True, True)),
        ("SET SESSION AUTHORIZATION clerk", (True, False)),
        ("SELECT set_config('role', 'clerk', false)", (True, False)),
        ("SET ROLE clerk; CREATE TABLE t (a int); RESET ROLE", (False, False)),
        ("SET ROLE NONE", (False, False)),
        ("RESET SESSION AUTHORIZATION", (False, False)),
        ("CREATE ROLE clerk", None),
        ("ALTER ROLE clerk SET search_path = x", None),
        ("SET search_path = role", None),
        ("UPDATE member SET role = 'admin'", None),
        ("UPDATE member\nSET role = 5 WHERE role = 0", None),
        ("DO $$ BEGIN SET LOCAL ROLE clerk; END $$", (True, True)),
        ("SELECT 1; SET ROLE clerk", (True, False)),
    ],
)
def test_another_role_is_seen(statement: str, change: tuple[bool, bool] | None) -> None:
    assert changes_role(statement) == change


def test_a_right_that_was_taken_away_is_seen() -> None:
    said = "permission denied for function total"
    assert revokes("REVOKE ALL ON FUNCTION total() FROM PUBLIC", said)
    assert not revokes("REVOKE ALL ON FUNCTION subtotal() FROM PUBLIC", said)
    assert not revokes("GRANT ALL ON FUNCTION total() TO PUBLIC", said)
