"""The few queries that read a whole schema from pg_catalog (PostgreSQL 12 to 18), everything deparsed by the server."""

from __future__ import annotations

USER_SCHEMA = r"n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"


def _not_a_member(catalog: str, oid: str) -> str:
    """Return the condition that an object came from no extension."""
    return (
        f"NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalog}'::regclass"
        f" AND e.objid = {oid} AND e.deptype = 'e')"
    )


SCHEMAS = f"""
SELECT n.nspname FROM pg_namespace n WHERE {USER_SCHEMA} AND {_not_a_member("pg_namespace", "n.oid")}"""

EXTENSIONS = "SELECT extname, extversion FROM pg_extension WHERE extname <> 'plpgsql'"

TABLES = f"""
SELECT n.nspname, c.relname, c.relkind::text, c.relpersistence::text, pg_get_partkeydef(c.oid), c.relispartition,
       (SELECT array_agg(i.inhparent::regclass::text ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
       pg_get_expr(c.relpartbound, c.oid), obj_description(c.oid, 'pg_class'), c.reloptions,
       s.spcname, m.amname, c.relrowsecurity, c.relforcerowsecurity, c.relreplident::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace LEFT JOIN pg_am m ON m.oid = c.relam
 WHERE c.relkind IN ('r', 'p', 'f') AND {USER_SCHEMA} AND {_not_a_member("pg_class", "c.oid")}"""

# The dependency says which sequence a default uses. That it does no more than draw from it stands in the expression
# alone, so that is compared whole with what the server writes for such a default.
COLUMNS = f"""
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text, a.attidentity::text,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
       col_description(c.oid, a.attnum), a.attislocal,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END, c.oid, a.attnum,
       (SELECT ARRAY[m.nspname, q.relname]::text[]
          FROM pg_depend e JOIN pg_class q ON q.oid = e.refobjid AND q.relkind = 'S'
          JOIN pg_namespace m ON m.oid = q.relnamespace
         WHERE e.classid = 'pg_attrdef'::regclass AND e.objid = d.oid AND e.refclassid = 'pg_class'::regclass
           AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', q.oid::regclass)),
       CASE WHEN v.typtype IN ('e', 'd') THEN ARRAY[vn.nspname, v.typname]::text[] END
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  JOIN pg_type v ON v.oid = CASE WHEN t.typtype = 'b' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
  JOIN pg_namespace vn ON vn.oid = v.typnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f')
   AND {USER_SCHEMA} AND {_not_a_member("pg_class", "c.oid")}"""

SEQUENCES = f"""
SELECT n.nspname, c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
       s.seqcache, s.seqcycle, obj_description(c.oid, 'pg_class'),
       o.deptype::text, o.refobjid, o.refobjsubid,
       (SELECT ARRAY[m.nspname, r.relname, a.attname]::text[]
          FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid JOIN pg_namespace m ON m.oid = r.relnamespace
         WHERE a.attrelid = o.refobjid AND a.attnum = o.refobjsubid)
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
        AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
 WHERE {USER_SCHEMA} AND {_not_a_member("pg_class", "c.oid")}"""

CONSTRAINTS = f"""
SELECT n.nspname, c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid),
       (SELECT array_agg(a.attname::text ORDER BY x.place)
          FROM unnest(k.conkey) WITH ORDINALITY x(number, place)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.number),
       NOT k.conislocal OR (k.conparentid <> 0), obj_description(k.oid, 'pg_constraint'),
       CASE WHEN k.contype IN ('p', 'u', 'x') THEN pg_get_indexdef(k.conindid) END,
       quote_ident(i.relname), c.oid::regclass::text, pg_get_expr(k.conbin, k.conrelid, true),
       k.convalidated, k.connoinherit, k.condeferrable, k.condeferred
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class i ON i.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
 WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND {USER_SCHEMA} AND {_not_a_member("pg_class", "c.oid")}"""

INDEXES = f"""
SELECT n.nspname, c.relname, x.relname, pg_get_indexdef(x.oid), quote_ident(x.relname), c.oid::regclass::text,
       i.indisunique, i.indisvalid, x.relispartition, obj_description(x.oid, 'pg_class'), s.spcname,
       (SELECT array_agg(DISTINCT a.attname::text ORDER BY a.attname::text)
          FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_class'::regclass AND d.objid = x.oid
           AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0)
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_tablespace s ON s.oid = x.reltablespace
 WHERE {USER_SCHEMA} AND {_not_a_member("pg_class", "c.oid")} AND c.relkind IN ('r', 'p')
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.conrelid = c.oid
                   AND k.contype IN ('p', 'u', 'x'))"""

ENUMS = f"""
SELECT n.nspname, t.typname,
       (SELECT array_agg(l.enumlabel::text ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid),
       obj_description(t.oid, 'pg_type')
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'e' AND {USER_SCHEMA} AND {_not_a_member("pg_type", "t.oid")}"""

DOMAINS = f"""
SELECT n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
       CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END,
       (SELECT array_agg(pg_get_constraintdef(k.oid) ORDER BY pg_get_constraintdef(k.oid))
          FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
 WHERE t.typtype = 'd' AND {USER_SCHEMA} AND {_not_a_member("pg_type", "t.oid")}"""

OTHERS = f"""
SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, n.nspname AS schema,
       NULL AS "table", c.relname::text AS name, pg_get_viewdef(c.oid) AS definition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm') AND {USER_SCHEMA} AND {_not_a_member("pg_class", "c.oid")}
UNION ALL
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, n.nspname, NULL,
       p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       CASE WHEN p.prokind IN ('f', 'p', 'w') THEN pg_get_functiondef(p.oid) END
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE {USER_SCHEMA} AND {_not_a_member("pg_proc", "p.oid")}
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                   AND d.deptype = 'i')
UNION ALL
SELECT 'trigger', n.nspname, c.relname, t.tgname, pg_get_triggerdef(t.oid)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT t.tgisinternal AND NOT c.relispartition AND {USER_SCHEMA} AND {_not_a_member("pg_trigger", "t.oid")}
UNION ALL
SELECT 'rule', n.nspname, c.relname, r.rulename, pg_get_ruledef(r.oid)
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN' AND {USER_SCHEMA} AND {_not_a_member("pg_rewrite", "r.oid")}
UNION ALL
SELECT 'policy', n.nspname, c.relname, p.polname, concat_ws(' ', p.polcmd, p.polpermissive,
       (SELECT string_agg(o::regrole::text, ', ' ORDER BY o::regrole::text) FROM unnest(p.polroles) o WHERE o <> 0),
       'USING', pg_get_expr(p.polqual, p.polrelid), 'WITH CHECK', pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE {USER_SCHEMA}
UNION ALL
SELECT 'statistics', n.nspname, NULL, s.stxname, pg_get_statisticsobjdef(s.oid)
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {USER_SCHEMA}
UNION ALL
SELECT CASE t.typtype WHEN 'c' THEN 'composite type' ELSE 'range type' END, n.nspname, NULL, t.typname,
       (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
 WHERE (t.typtype = 'r' OR (t.typtype = 'c' AND c.relkind = 'c')) AND {USER_SCHEMA}
   AND {_not_a_member("pg_type", "t.oid")}
UNION ALL
SELECT 'collation', n.nspname, NULL, l.collname, concat_ws(' ', l.collprovider, l.collcollate, l.collctype)
  FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
 WHERE {USER_SCHEMA} AND {_not_a_member("pg_collation", "l.oid")}
UNION ALL
SELECT 'grant', n.nspname, c.relname,
       CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END,
       string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) g
 WHERE g.grantee <> c.relowner AND {USER_SCHEMA} AND {_not_a_member("pg_class", "c.oid")}
 GROUP BY 1, 2, 3, 4
UNION ALL
SELECT 'event trigger', '', NULL, v.evtname, v.evtevent || ' ' || v.evtfoid::regproc::text
  FROM pg_event_trigger v WHERE {_not_a_member("pg_event_trigger", "v.oid")}"""
