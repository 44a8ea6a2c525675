"""Migrations whose error only follows from something else: a caught error, an emptied search_path, a long id."""

from __future__ import annotations

from tests.projects.builder import Revision

SWALLOWS = Revision(
    id="b2",
    down="a1",
    upgrade="""
    try:
        op.execute("ALTER TABLE book ADD COLUMN title text")
    except Exception:
        pass
    op.execute("ALTER TABLE book ADD COLUMN pages integer")
    """,
)
SWALLOWS_THE_LAST = Revision(
    id="b2",
    down="a1",
    upgrade="""
    try:
        op.execute("DROP TABLE shelf")
    except Exception:
        print("no shelf")
    """,
)
RECOVERS = Revision(
    id="b2",
    down="a1",
    upgrade="""
    try:
        with op.get_bind().begin_nested():
            op.execute("DROP TABLE shelf")
    except Exception:
        pass
    op.execute("ALTER TABLE book ADD COLUMN pages integer")
    op.execute("ALTER TABLE book DROP COLUMN pages")
    """,
)
RECOVERS_ONCE = Revision(
    id="b2",
    down="a1",
    upgrade="""
    for name in ("shelf", "reader"):
        try:
            if name == "shelf":
                with op.get_bind().begin_nested():
                    op.execute("DROP TABLE shelf")
            else:
                op.execute("DROP TABLE reader")
        except Exception:
            pass
    op.execute("SELECT 1")
    """,
)
UNSEEN = Revision(
    id="b2",
    down="a1",
    upgrade="""
    try:
        op.get_bind().connection.cursor().execute("DROP TABLE shelf")
    except Exception:
        pass
    op.execute("SELECT 1")
    """,
)
DUMP = (
    "SET statement_timeout = 0;\\nSELECT pg_catalog.set_config('search_path', '', false);\\n"
    "CREATE TABLE public.book (id serial PRIMARY KEY, title character varying(200) NOT NULL);"
)
FROM_A_DUMP = Revision(id="a1", upgrade=f'op.execute("""{DUMP}""")')
PUTS_IT_BACK = Revision(id="a1", upgrade=f'op.execute("""{DUMP}""")\nop.execute("RESET search_path")')
FROM_A_DUMP_WITHOUT_VERSIONS = Revision(
    id="b2",
    down="a1",
    upgrade="""
    op.execute("SET search_path TO ''")
    op.execute("CREATE TABLE shelf (id integer)")
    """,
)
LONG = "2026_11_26_add_the_number_of_pages_to_book"
LONG_ID = Revision(id=LONG, down="a1", upgrade="pass")
WIDENS = Revision(
    id="b2", down="a1", upgrade='op.execute("ALTER TABLE alembic_version ALTER COLUMN version_num TYPE varchar(64)")'
)
LONG_AFTER = Revision(id=LONG, down="b2", upgrade="pass")
