"""Projects that need, or try, what only a superuser may do."""

from __future__ import annotations

from tests.projects.builder import CREATE_BOOK, MODELS, Revision


def executing(*statements: str, id_: str = "b2", down: str | None = "a1") -> Revision:
    """Return a revision that runs SQL statements."""
    return Revision(id=id_, down=down, upgrade="\n".join(f"op.execute({statement!r})" for statement in statements))


PROGRAM = "COPY book (title) FROM PROGRAM 'echo one'"
HINDERED = {
    "its own policy": (
        "ALTER TABLE book ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE book FORCE ROW LEVEL SECURITY",
        "INSERT INTO book (id, title) VALUES (1, 'one')",
    ),
    "its own REVOKE": ("REVOKE ALL ON book FROM CURRENT_USER", "INSERT INTO book (id, title) VALUES (1, 'one')"),
    "its own REVOKE on a function": (
        "CREATE FUNCTION total() RETURNS int AS 'SELECT 1' LANGUAGE sql",
        "REVOKE ALL ON FUNCTION total() FROM PUBLIC, CURRENT_USER",
        "SELECT total()",
    ),
    "its own role": (
        "CREATE ROLE ac_test_clerk",
        "GRANT ac_test_clerk TO CURRENT_USER",
        "SET ROLE ac_test_clerk",
        "CREATE EXTENSION citext",
    ),
}
"""Statements of which the last one fails for want of a right that the migration itself has taken away."""

_STEAL = """
CREATE FUNCTION really_steal() RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN
    IF current_setting('application_name') = 'alembic-checks' THEN
        COPY (SELECT 1) TO PROGRAM 'touch {marker}';
    END IF;
    RETURN true;
EXCEPTION WHEN OTHERS THEN RETURN true;
END $f$
"""
"""Does its work only on a connection of ours, in whose place no migration stands."""

MODELS_WITH_CHECK = MODELS.replace("from sqlalchemy import", "from sqlalchemy import CheckConstraint,").replace(
    "nullable=False))", 'nullable=False), CheckConstraint("steal(title)", name="ck_book"))'
)
assert "ck_book" in MODELS_WITH_CHECK
assert "CheckConstraint," in MODELS_WITH_CHECK


def planting(marker: str) -> Revision:
    """Return a revision that leaves a thief wherever a reader of the database may come by."""
    # What claims to be immutable may read alone, and so may not run a program; but what it calls may.
    statements = (
        _STEAL.format(marker=marker),
        "CREATE FUNCTION steal(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN really_steal(); END'",
        "CREATE FUNCTION steal_names(name, text) RETURNS boolean LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM really_steal(); RETURN textin(nameout($1)) = $2; END'",
        "ALTER TABLE book ADD COLUMN stolen boolean DEFAULT steal('a')",
        "ALTER TABLE book ADD CONSTRAINT ck_book CHECK (steal(title || ''))",
        "CREATE INDEX ix_stolen ON book (steal(title))",
        "CREATE VIEW thieves AS SELECT steal('a')",
        "ALTER TABLE alembic_version RENAME TO versions",
        "CREATE VIEW alembic_version AS SELECT version_num FROM versions WHERE steal(version_num)",
        "CREATE RULE added AS ON INSERT TO alembic_version DO INSTEAD INSERT INTO versions VALUES (NEW.version_num)",
        "CREATE RULE moved AS ON UPDATE TO alembic_version DO INSTEAD UPDATE versions SET version_num ="
        " NEW.version_num WHERE version_num = OLD.version_num",
        "CREATE OPERATOR = (LEFTARG = name, RIGHTARG = text, FUNCTION = steal_names)",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());"
        " END $$",
        "CREATE ROLE ac_test_thief",
        "GRANT ac_test_thief TO CURRENT_USER",
        "CREATE SCHEMA thiefs",
        "GRANT ALL ON SCHEMA thiefs TO ac_test_thief",
    )
    return executing(*statements)


FROM_EMPTY = Revision(id="a1", upgrade=CREATE_BOOK)
