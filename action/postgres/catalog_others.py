"""The query for the kinds of objects that are read by their definition; what else they have is one JSON object."""

from __future__ import annotations

from action.postgres.catalog_queries import USER_SCHEMA, acl, comment, not_a_member, not_internal, state
from action.postgres.catalog_rare import ANY_RARE


def _of_columns(relation: str) -> str:
    """Return the comments of the columns of what has them but is no table, as a list: ``title IS 'Of a book'``."""
    return f"""'column_comments', (SELECT array_agg(format('%I IS %L', a.attname, d.description) ORDER BY a.attnum)
         FROM pg_description d JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
        WHERE d.classoid = 'pg_class'::regclass AND d.objoid = {relation} AND d.objsubid > 0)"""


_ROLE = "CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END"
_RELATION = "'relation', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' END"

_VIEWS = f"""
SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, n.nspname AS schema,
       NULL AS "table", c.relname::text AS name, pg_get_viewdef(c.oid) AS definition,
       jsonb_build_object('comment', {comment("pg_class", "c.oid")}, 'options', c.reloptions,
         'tablespace', (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace),
         'access_method', (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'),
         'column_privileges', (SELECT jsonb_object_agg(a.attname, {acl("a.attacl", "c.relowner")})
           FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL),
         {_of_columns("c.oid")})
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm') AND {USER_SCHEMA} AND {not_a_member("pg_class", "c.oid")}"""

# pg_get_functiondef has everything of a function but who may call it, and refuses aggregates.
_FUNCTIONS = f"""
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, n.nspname, NULL,
       p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', pg_get_functiondef(p.oid),
       jsonb_build_object('comment', {comment("pg_proc", "p.oid")}, 'acl', {acl("p.proacl", "p.proowner")})
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prokind <> 'a' AND {USER_SCHEMA} AND {not_a_member("pg_proc", "p.oid")}
   AND {not_internal("pg_proc", "p.oid")}"""

_OF_RELATIONS = f"""
SELECT 'trigger', n.nspname, c.relname, t.tgname, pg_get_triggerdef(t.oid),
       jsonb_build_object('comment', {comment("pg_trigger", "t.oid")}, 'state', {state("t.tgenabled")}, {_RELATION})
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT t.tgisinternal AND NOT c.relispartition AND {USER_SCHEMA} AND {not_a_member("pg_trigger", "t.oid")}
UNION ALL
SELECT 'rule', n.nspname, c.relname, r.rulename, pg_get_ruledef(r.oid),
       jsonb_build_object('comment', {comment("pg_rewrite", "r.oid")}, 'state', {state("r.ev_enabled")}, {_RELATION})
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN' AND {USER_SCHEMA} AND {not_a_member("pg_rewrite", "r.oid")}
UNION ALL
SELECT 'policy', n.nspname, c.relname, p.polname, concat_ws(' ', p.polcmd, p.polpermissive,
       (SELECT string_agg(o::regrole::text, ', ' ORDER BY o::regrole::text) FROM unnest(p.polroles) o WHERE o <> 0),
       'USING', pg_get_expr(p.polqual, p.polrelid), 'WITH CHECK', pg_get_expr(p.polwithcheck, p.polrelid)),
       jsonb_build_object('comment', {comment("pg_policy", "p.oid")})
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE {USER_SCHEMA}"""

# The target of extended statistics is there since 13, and NULL in place of -1 since 17.
_STATISTICS = f"""
SELECT 'statistics', n.nspname, NULL, s.stxname, pg_get_statisticsobjdef(s.oid),
       jsonb_build_object('comment', {comment("pg_statistic_ext", "s.oid")},
         'statistics', NULLIF(to_jsonb(s) ->> 'stxstattarget', '-1')::int,
         'of_table', (SELECT ARRAY[m.nspname, c.relname] FROM pg_class c JOIN pg_namespace m ON m.oid = c.relnamespace
                       WHERE c.oid = s.stxrelid),
         'columns', (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                      WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)))
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {USER_SCHEMA}"""

_TYPES = f"""
SELECT 'composite type', n.nspname, NULL, t.typname,
       (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
       jsonb_build_object('comment', {comment("pg_type", "t.oid")}, 'acl', {acl("t.typacl", "t.typowner")},
         {_of_columns("t.typrelid")})
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
 WHERE t.typtype = 'c' AND c.relkind = 'c' AND {USER_SCHEMA} AND {not_a_member("pg_type", "t.oid")}"""

_GRANTS = f"""
SELECT 'grant', n.nspname, c.relname, {_ROLE},
       string_agg(DISTINCT g.privilege_type || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', '),
       jsonb_build_object('relation', CASE WHEN bool_or(c.relkind = 'S') THEN 'sequence' END)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) g
 WHERE g.grantee <> c.relowner AND {USER_SCHEMA} AND {not_a_member("pg_class", "c.oid")}
 GROUP BY 1, 2, 3, 4"""

_IS_RARE = f"""
SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE {ANY_RARE}"""

OTHERS = "\nUNION ALL".join((_VIEWS, _FUNCTIONS, _OF_RELATIONS, _STATISTICS, _TYPES, _GRANTS, _IS_RARE))
"""A row without a kind is there where ``RARE`` finds something."""
