"""Downgrades that leave or lose privileges, comments and what else is set on an object: one fault each, and none."""

from __future__ import annotations

from dataclasses import replace

from tests.projects.downgrades import Row, does, sql, table
from tests.projects.downgrades_right import FUNCTION

LEAVES, LOSES = "downgrade-leaves", "downgrade-loses"


def run(*statements: str) -> str:
    """Return the lines that execute several statements."""
    return "\n".join(map(sql, statements))


ONE = "CREATE FUNCTION {0}() RETURNS int LANGUAGE sql AS 'SELECT 1'"
MATERIALIZED = "CREATE MATERIALIZED VIEW {0} AS SELECT id, title FROM book"
VIEW = "CREATE VIEW {0} AS SELECT id, title FROM book"
SAME = sql("SELECT 1")


def left(
    name: str, upgrade: str, thing: str, says: str, lines: str, *, base: str = "", again: str | None = None
) -> Row:
    """Return a downgrade that leaves what the upgrade did."""
    return Row(name=name, base=base, upgrade=upgrade, downgrade=SAME, rule=LEAVES, object=thing,
               says=does(name, f"leaves {says}."), lines=lines, again=again)  # fmt: skip


def lost(name: str, base: str, upgrade: str, thing: str, says: str, lines: str, *, downgrade: str = SAME) -> Row:
    """Return a downgrade that does not restore what the upgrade took."""
    return Row(name=name, base=base, upgrade=upgrade, downgrade=downgrade, rule=LOSES, object=thing,
               says=does(name, f"does not restore {says}."), lines=lines)  # fmt: skip


def done(text: str) -> str:
    """Return the line of Python that executes SQL without quotes in it."""
    return f'op.execute("{text}")'


LEAVING = (
    left("index_of_view", run("CREATE INDEX IF NOT EXISTS ix_mv ON mv1 (title)"), "public.mv1.ix_mv",
         "index ix_mv of materialized view public.mv1", 'op.drop_index("ix_mv", table_name="mv1")',
         base=run(MATERIALIZED.format("mv1"))),
    left("view_with_parts",
         run("CREATE MATERIALIZED VIEW IF NOT EXISTS mv2 AS SELECT id FROM book", "CREATE INDEX IF NOT EXISTS ix2 ON mv2 (id)",
             "COMMENT ON MATERIALIZED VIEW mv2 IS 'Shelf'"),
         "public.mv2", "materialized view public.mv2, with index ix2 of materialized view public.mv2",
         done("DROP MATERIALIZED VIEW mv2")),
    left("column_privilege", run("GRANT SELECT (a), UPDATE (a) ON cp TO pg_monitor"), "public.cp.a",
         "privileges SELECT, UPDATE of role pg_monitor on column public.cp.a",
         done("REVOKE SELECT (a), UPDATE (a) ON cp FROM pg_monitor"), base=table("cp", "a int")),
    left("view_column_privilege", run("GRANT SELECT (title) ON vcp TO PUBLIC"), "public.vcp",
         "privileges SELECT (title) of PUBLIC on view public.vcp", done("REVOKE SELECT (title) ON vcp FROM PUBLIC"),
         base=run(VIEW.format("vcp"))),
    left("function_privilege", run("GRANT EXECUTE ON FUNCTION fp() TO pg_monitor"), "public.fp()",
         "privileges EXECUTE of role pg_monitor on function public.fp()",
         done("REVOKE EXECUTE ON FUNCTION fp() FROM pg_monitor"), base=run(ONE.format("fp"))),
    left("public_again", run("GRANT EXECUTE ON FUNCTION pa() TO PUBLIC"), "public.pa()",
         "privileges EXECUTE of PUBLIC on function public.pa()", done("REVOKE EXECUTE ON FUNCTION pa() FROM PUBLIC"),
         base=run(ONE.format("pa"), "REVOKE EXECUTE ON FUNCTION pa() FROM PUBLIC")),
    left("schema_privilege", run("GRANT USAGE ON SCHEMA sp TO PUBLIC"), "sp",
         "privileges USAGE of PUBLIC on schema sp", done("REVOKE USAGE ON SCHEMA sp FROM PUBLIC"),
         base=run("CREATE SCHEMA sp")),
    left("type_privilege", run("GRANT USAGE ON TYPE tp TO pg_monitor WITH GRANT OPTION"), "public.tp",
         "privileges USAGE WITH GRANT OPTION of role pg_monitor on enum public.tp",
         done("REVOKE USAGE ON TYPE tp FROM pg_monitor"), base=run("CREATE TYPE tp AS ENUM ('a')")),
    left("sequence_privilege", run("GRANT USAGE ON SEQUENCE sq TO pg_monitor"), "public.sq.pg_monitor",
         "privileges USAGE of role pg_monitor on sequence public.sq",
         done("REVOKE ALL ON SEQUENCE sq FROM pg_monitor"), base=run("CREATE SEQUENCE sq")),
    left("default_privileges", run("ALTER DEFAULT PRIVILEGES IN SCHEMA dp GRANT SELECT ON TABLES TO pg_monitor"),
         "dp.TABLES", "default privileges SELECT of role pg_monitor for new tables in schema dp",
         done("ALTER DEFAULT PRIVILEGES IN SCHEMA dp REVOKE SELECT ON TABLES FROM pg_monitor"),
         base=run("CREATE SCHEMA dp")),
    left("more_default_privileges", run("ALTER DEFAULT PRIVILEGES IN SCHEMA dm GRANT UPDATE ON TABLES TO pg_monitor"),
         "dm.TABLES", "privileges UPDATE of role pg_monitor in the default privileges for new tables in schema dm",
         done("ALTER DEFAULT PRIVILEGES IN SCHEMA dm REVOKE UPDATE ON TABLES FROM pg_monitor"),
         base=run("CREATE SCHEMA dm", "ALTER DEFAULT PRIVILEGES IN SCHEMA dm GRANT SELECT ON TABLES TO pg_monitor")),
    *(
        left(f"comment_{number}", run(f"COMMENT ON {subject} IS 'New'"), thing, f"the comment on {named}",
             done(f"COMMENT ON {subject} IS NULL"), base=base)
        for number, (subject, thing, named, base) in enumerate((
            ("VIEW cv", "public.cv", "view public.cv", run(VIEW.format("cv"))),
            ("MATERIALIZED VIEW cm", "public.cm", "materialized view public.cm", run(MATERIALIZED.format("cm"))),
            ("FUNCTION cf()", "public.cf()", "function public.cf()", run(ONE.format("cf"))),
            ("PROCEDURE cp()", "public.cp()", "procedure public.cp()", run("CREATE PROCEDURE cp() LANGUAGE sql AS ''")),
            ("AGGREGATE ca(integer)", "public.ca(integer)", "aggregate public.ca(integer)",
             run("CREATE AGGREGATE ca(int) (SFUNC = int4pl, STYPE = int)")),
            ("SCHEMA cs", "cs", "schema cs", run("CREATE SCHEMA cs")),
            ("TYPE ct", "public.ct", "composite type public.ct", run("CREATE TYPE ct AS (a int)")),
            ("DOMAIN cd", "public.cd", "domain public.cd", run("CREATE DOMAIN cd AS int")),
            ("TYPE ce", "public.ce", "enum public.ce", run("CREATE TYPE ce AS ENUM ('a')")),
            ("POLICY p ON cpo", "public.cpo.p", "policy p of table public.cpo",
             table("cpo") + "\n" + run("CREATE POLICY p ON cpo USING (true)")),
            ("RULE r ON cr", "public.cr.r", "rule r of table public.cr",
             table("cr") + "\n" + run("CREATE RULE r AS ON DELETE TO cr DO INSTEAD NOTHING")),
            ("STATISTICS cst", "public.cst", "statistics public.cst",
             table("cst_of", "a int") + "\n" + run("CREATE STATISTICS cst ON id, a FROM cst_of")),
        ))
    ),
    left("trigger_state", run("ALTER TABLE trs DISABLE TRIGGER t"), "public.trs.t",
         "the state DISABLED on trigger t of table public.trs", done("ALTER TABLE trs ENABLE TRIGGER t"),
         base=table("trs") + "\n" + run(FUNCTION.format("trs_f", "NULL"),
              "CREATE TRIGGER t BEFORE INSERT ON trs FOR EACH ROW EXECUTE FUNCTION trs_f()")),
    left("view_option", run("ALTER VIEW vo SET (security_barrier = true)"), "public.vo",
         "option security_barrier=true on view public.vo", done("ALTER VIEW vo RESET (security_barrier)"),
         base=run(VIEW.format("vo"))),
    left("column_comment", run("COMMENT ON COLUMN cc.title IS 'New'"), "public.cc",
         "the comment of column title on view public.cc", done("COMMENT ON COLUMN cc.title IS NULL"),
         base=run(VIEW.format("cc"))),
    left("statistics_target", run("ALTER TABLE st ALTER a SET STATISTICS 0"), "public.st.a",
         "the statistics target 0 on column public.st.a", done("ALTER TABLE st ALTER COLUMN a SET STATISTICS -1"),
         base=table("st", "a int")),
    left("clustered", run("ALTER TABLE cl CLUSTER ON cl_pkey"), "public.cl",
         "CLUSTER ON cl_pkey on table public.cl", done("ALTER TABLE cl SET WITHOUT CLUSTER"), base=table("cl")),
    left("identity_by_index", run("CREATE UNIQUE INDEX IF NOT EXISTS ix_ri ON ri (id)", "ALTER TABLE ri REPLICA IDENTITY USING INDEX ix_ri"),
         "public.ri.ix_ri", "unique index ix_ri of table public.ri",
         done("ALTER TABLE ri REPLICA IDENTITY DEFAULT") + '\nop.drop_index("ix_ri", table_name="ri")', base=table("ri")),
    left("serial_with_privileges",
         run("ALTER TABLE sr ADD COLUMN IF NOT EXISTS n serial", "GRANT USAGE ON SEQUENCE sr_n_seq TO PUBLIC"), "public.sr.n",
         "column public.sr.n, with privileges USAGE of PUBLIC on sequence public.sr_n_seq and sequence public.sr_n_seq",
         'op.drop_column("sr", "n")', base=table("sr")),
    left("column_with_statistics",
         run("ALTER TABLE cws ADD COLUMN IF NOT EXISTS b int", "CREATE STATISTICS IF NOT EXISTS cws_s ON id, b FROM cws"),
         "public.cws.b", "column public.cws.b, with statistics public.cws_s", 'op.drop_column("cws", "b")', base=table("cws")),
    left("table_with_all", run("CREATE TABLE IF NOT EXISTS twa (id serial PRIMARY KEY, a int)", "GRANT SELECT (a) ON twa TO PUBLIC",
                               "GRANT USAGE ON SEQUENCE twa_id_seq TO PUBLIC", "ALTER TABLE twa CLUSTER ON twa_pkey",
                               "CREATE STATISTICS IF NOT EXISTS twa_s ON id, a FROM twa"),
         "public.twa", "table public.twa", 'op.drop_table("twa")'),
    Row(name="empty_after_a_grant", base=run(ONE.format("eg")), upgrade=run("GRANT EXECUTE ON FUNCTION eg() TO pg_monitor"),
        downgrade="pass", rule="downgrade-missing", lines=done("REVOKE EXECUTE ON FUNCTION eg() FROM pg_monitor"),
        says=does("empty_after_a_grant", "is empty, but upgrade() changes the schema: function public.eg().")),
    left("operator_left", run("CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)"),
         "public.=== (integer, integer)", "operator public.=== (integer, integer)",
         done("DROP OPERATOR === (integer, integer)"),
         again="Revision operator_left, applied again after its downgrade(), fails: operator === already exists."),
    left("dictionary_left", run("CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple)"), "public.dict",
         "text search dictionary public.dict", done("DROP TEXT SEARCH DICTIONARY dict"),
         again="Revision dictionary_left, applied again after its downgrade(), fails: duplicate key value violates "
         'unique constraint "pg_ts_dict_dictname_index".'),
)  # fmt: skip
LOSING = (
    lost("index_of_view_lost", run(MATERIALIZED.format("ml"), "CREATE INDEX ix_ml ON ml (title)"),
         run("DROP INDEX IF EXISTS ix_ml"), "public.ml.ix_ml", "index ix_ml of materialized view public.ml",
         'op.create_index("ix_ml", "ml", ["title"])'),
    lost("view_lost", run(VIEW.format("vl"), "COMMENT ON VIEW vl IS 'Titles'", "GRANT SELECT ON vl TO PUBLIC"),
         run("DROP VIEW IF EXISTS vl"), "public.vl", "view public.vl, with privileges SELECT of PUBLIC on public.vl",
         'op.execute(\n    r"""\nCREATE VIEW vl AS\nSELECT book.id,\n    book.title\n   FROM public.book\n"""\n)\n'
         "op.execute(\"COMMENT ON VIEW vl IS 'Titles'\")\nop.execute(\"GRANT SELECT ON vl TO PUBLIC\")"),
    lost("public_revoked", run(ONE.format("pr")), run("REVOKE EXECUTE ON FUNCTION pr() FROM PUBLIC"), "public.pr()",
         "privileges EXECUTE of PUBLIC on function public.pr()", done("GRANT EXECUTE ON FUNCTION pr() TO PUBLIC")),
    lost("recreated_function", run(ONE.format("rf"), "GRANT EXECUTE ON FUNCTION rf() TO pg_monitor",
                                   "REVOKE EXECUTE ON FUNCTION rf() FROM PUBLIC"),
         run("DROP FUNCTION rf()"), "public.rf()",
         "privileges EXECUTE of role pg_monitor on function public.rf(), and leaves privileges EXECUTE of PUBLIC",
         done("GRANT EXECUTE ON FUNCTION rf() TO pg_monitor") + "\n" + done("REVOKE EXECUTE ON FUNCTION rf() FROM PUBLIC"),
         downgrade=run(ONE.format("rf"))),
    lost("type_revoked", run("CREATE DOMAIN tr AS int"), run("REVOKE USAGE ON TYPE tr FROM PUBLIC"), "public.tr",
         "privileges USAGE of PUBLIC on domain public.tr", done("GRANT USAGE ON TYPE tr TO PUBLIC")),
    lost("recreated_column", table("rc", "a int") + "\n" + run("GRANT SELECT (a) ON rc TO PUBLIC", "ALTER TABLE rc ALTER a SET STATISTICS 500"),
         'op.drop_column("rc", "a")', "public.rc.a",
         "privileges SELECT of PUBLIC and the statistics target 500 of column public.rc.a",
         done("ALTER TABLE rc ALTER COLUMN a SET STATISTICS 500") + "\n" + done("GRANT SELECT (a) ON rc TO PUBLIC"),
         downgrade='op.add_column("rc", sa.Column("a", sa.Integer))'),
    lost("option_lost", run("CREATE VIEW ol WITH (check_option = local) AS SELECT id FROM book"),
         run("CREATE OR REPLACE VIEW ol AS SELECT id FROM book"), "public.ol",
         "option check_option=local of view public.ol", done("ALTER VIEW ol SET (check_option=local)"),
         downgrade=run("CREATE OR REPLACE VIEW ol AS SELECT id FROM book")),
    lost("comment_lost", run(ONE.format("cl"), "COMMENT ON FUNCTION cl() IS 'One'"),
         run("COMMENT ON FUNCTION cl() IS NULL"), "public.cl()", "the comment of function public.cl()",
         done("COMMENT ON FUNCTION cl() IS 'One'")),
    lost("default_lost_for_functions", run("CREATE SCHEMA dl", "ALTER DEFAULT PRIVILEGES IN SCHEMA dl GRANT EXECUTE ON FUNCTIONS TO pg_monitor"),
         run("ALTER DEFAULT PRIVILEGES IN SCHEMA dl REVOKE EXECUTE ON FUNCTIONS FROM pg_monitor"), "dl.FUNCTIONS",
         "default privileges EXECUTE of role pg_monitor for new functions in schema dl",
         done("ALTER DEFAULT PRIVILEGES IN SCHEMA dl GRANT EXECUTE ON FUNCTIONS TO pg_monitor")),
    lost("state_lost", table("sl") + "\n" + run(FUNCTION.format("sl_f", "NULL"),
              "CREATE TRIGGER t BEFORE INSERT ON sl FOR EACH ROW EXECUTE FUNCTION sl_f()", "ALTER TABLE sl ENABLE ALWAYS TRIGGER t"),
         run("DROP TRIGGER t ON sl"), "public.sl.t", "the state ALWAYS of trigger t of table public.sl",
         done("ALTER TABLE sl ENABLE ALWAYS TRIGGER t"),
         downgrade=run("CREATE TRIGGER t BEFORE INSERT ON sl FOR EACH ROW EXECUTE FUNCTION sl_f()")),
    lost("clustered_lost", table("cll", "a int") + "\n" + run("CREATE INDEX ix_cll ON cll (a)", "ALTER TABLE cll CLUSTER ON ix_cll"),
         run("DROP INDEX IF EXISTS ix_cll"), "public.cll.ix_cll", "index ix_cll of table public.cll",
         'op.create_index("ix_cll", "cll", ["a"])\n' + done("ALTER TABLE cll CLUSTER ON ix_cll")),
    lost("aggregate_lost", run("CREATE AGGREGATE al(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')"),
         run("CREATE OR REPLACE AGGREGATE al(int) (SFUNC = int4mul, STYPE = int, INITCOND = '1')"), "public.al(integer)",
         "the definition (SFUNC = int4mul, STYPE = integer, INITCOND = '1' instead of SFUNC = int4pl, STYPE = integer, "
         "INITCOND = '0') of aggregate public.al(integer)",
         done("DROP AGGREGATE al(integer)")
         + "\n" + done("CREATE AGGREGATE al(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0')")),
)  # fmt: skip


def right(name: str, upgrade: str, downgrade: str, base: str = "") -> Row:
    """Return a downgrade that undoes everything."""
    return Row(name=name, base=base, upgrade=upgrade, downgrade=downgrade)


RIGHT = (
    right("index_with_its_view", run(MATERIALIZED.format("m_r"), "CREATE INDEX ix_m_r ON m_r (id)"),
          run("DROP MATERIALIZED VIEW m_r")),
    right("function_alone", run(ONE.format("f_r")), run("DROP FUNCTION f_r()")),
    right("function_with_its_privileges",
          run(ONE.format("f_p"), "REVOKE ALL ON FUNCTION f_p() FROM PUBLIC", "GRANT EXECUTE ON FUNCTION f_p() TO pg_monitor",
              "COMMENT ON FUNCTION f_p() IS 'One'"),
          run("DROP FUNCTION f_p()")),
    right("granted_and_revoked", run("GRANT EXECUTE ON FUNCTION g_r() TO pg_monitor"),
          run("REVOKE EXECUTE ON FUNCTION g_r() FROM pg_monitor"), run(ONE.format("g_r"))),
    right("granted_to_public_again", run("GRANT EXECUTE ON FUNCTION g_p() TO PUBLIC"), SAME, run(ONE.format("g_p"))),
    right("granted_to_the_owner", run("GRANT USAGE ON TYPE t_o TO CURRENT_USER"), SAME, run("CREATE DOMAIN t_o AS int")),
    right("function_replaced", run(ONE.format("f_x").replace("CREATE", "CREATE OR REPLACE").replace("1", "2")),
          run(ONE.format("f_x").replace("CREATE", "CREATE OR REPLACE")),
          run(ONE.format("f_x"), "GRANT EXECUTE ON FUNCTION f_x() TO pg_monitor", "COMMENT ON FUNCTION f_x() IS 'One'")),
    right("table_with_privileges",
          table("t_p", "a int") + "\n" + run("GRANT SELECT (a) ON t_p TO PUBLIC", "GRANT USAGE ON SEQUENCE t_p_id_seq TO PUBLIC",
              "CREATE STATISTICS t_p_s ON id, a FROM t_p", "ALTER TABLE t_p CLUSTER ON t_p_pkey"),
          'op.drop_table("t_p")'),
    right("schema_with_default_privileges",
          run("CREATE SCHEMA s_d", "GRANT USAGE ON SCHEMA s_d TO PUBLIC", "ALTER DEFAULT PRIVILEGES IN SCHEMA s_d GRANT SELECT ON TABLES TO PUBLIC"),
          run("DROP SCHEMA s_d")),
    right("default_privileges_back", run("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"),
          run("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC")),
    right("comment_of_view_back", run("COMMENT ON VIEW v_c IS 'New'"), run("COMMENT ON VIEW v_c IS 'Old'"),
          run(VIEW.format("v_c"), "COMMENT ON VIEW v_c IS 'Old'")),
    right("trigger_enabled_again", run("ALTER TABLE t_e DISABLE TRIGGER USER"), run("ALTER TABLE t_e ENABLE TRIGGER USER"),
          table("t_e") + "\n" + run(FUNCTION.format("t_e_f", "NULL"),
              "CREATE TRIGGER t BEFORE INSERT ON t_e FOR EACH ROW EXECUTE FUNCTION t_e_f()")),
    right("statistics_target_back", run("ALTER TABLE s_t ALTER a SET STATISTICS 500"),
          run("ALTER TABLE s_t ALTER a SET STATISTICS -1"), table("s_t", "a int")),
    right("range_type", run("CREATE TYPE r_t AS RANGE (SUBTYPE = float8)"), run("DROP TYPE r_t")),
    right("extension_with_its_members", run("CREATE EXTENSION IF NOT EXISTS pg_trgm"), run("DROP EXTENSION pg_trgm")),
)  # fmt: skip


def altered(
    name: str, base: str, upgrade: str, thing: str, says: str, *lines: str, again: str | None = None
) -> Row:
    """Return a downgrade that does not alter back what the upgrade has altered."""
    return replace(lost(name, base, upgrade, thing, says, "\n".join(map(done, lines))), again=again)


AGAIN = "Revision {0}, applied again after its downgrade(), fails: {1}."
PARTITION = "CREATE TABLE {0} PARTITION OF {1} FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
PARTITIONED = "CREATE TABLE {0} (d date) PARTITION BY RANGE (d)"
ALTERED = (
    altered("domain_in_use", run("CREATE DOMAIN diu AS int NOT NULL DEFAULT 3 CONSTRAINT low CHECK (VALUE > 0)")
            + "\n" + table("dit", "d diu"),
            run("ALTER DOMAIN diu DROP NOT NULL", "ALTER DOMAIN diu SET DEFAULT 4", "ALTER DOMAIN diu DROP CONSTRAINT low"),
            "public.diu", "CHECK ((VALUE > 0)) and the default (4 instead of 3) and NOT NULL of domain public.diu",
            "ALTER DOMAIN diu SET DEFAULT 3", "ALTER DOMAIN diu SET NOT NULL",
            "ALTER DOMAIN diu ADD CONSTRAINT low CHECK ((VALUE > 0))",
            again=AGAIN.format("domain_in_use", 'constraint "low" of domain "diu" does not exist')),
    altered("partition_detached", run(PARTITIONED.format("pds"), PARTITION.format("pd1", "pds")),
            run("ALTER TABLE pds DETACH PARTITION pd1"), "public.pd1",
            "the inheritance and the partition bound of table public.pd1",
            "ALTER TABLE public.pds ATTACH PARTITION pd1 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
            again=AGAIN.format("partition_detached", 'relation "pd1" is not a partition of relation "pds"')),
    altered("storage_of_type", table("sot", "a text"), run("ALTER TABLE sot ALTER a SET STORAGE EXTERNAL"),
            "public.sot.a", "the storage (EXTERNAL instead of EXTENDED) of column public.sot.a",
            "ALTER TABLE sot ALTER COLUMN a SET STORAGE EXTENDED"),
    altered("storage_changed", table("soc", "a text") + "\n" + run("ALTER TABLE soc ALTER a SET STORAGE EXTERNAL"),
            run("ALTER TABLE soc ALTER a SET STORAGE MAIN"), "public.soc.a",
            "the storage (MAIN instead of EXTERNAL) of column public.soc.a",
            "ALTER TABLE soc ALTER COLUMN a SET STORAGE EXTERNAL"),
    left("partition_attached", run("ALTER TABLE pas ATTACH PARTITION pa1 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"),
         "public.pa1", "the inheritance and the partition bound on table public.pa1",
         done("ALTER TABLE public.pas DETACH PARTITION pa1"),
         base=run(PARTITIONED.format("pas"), "CREATE TABLE pa1 (d date)"),
         again=AGAIN.format("partition_attached", '"pa1" is already a partition')),
    left("inherits", run("ALTER TABLE kid INHERIT parent"), "public.kid", "the inheritance on table public.kid",
         done("ALTER TABLE kid NO INHERIT public.parent"), base=table("parent", "a int") + "\n" + table("kid", "a int"),
         again=AGAIN.format("inherits", 'relation "parent" would be inherited from more than once')),
)  # fmt: skip
