"""The few queries that read a whole schema from pg_catalog (PostgreSQL 12 to 18), everything deparsed by the server."""

from __future__ import annotations

USER_SCHEMA = r"n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"


def not_a_member(catalog: str, oid: str) -> str:
    """Return the condition that an object came from no extension."""
    return (
        f"NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalog}'::regclass"
        f" AND e.objid = {oid} AND e.deptype = 'e')"
    )


def not_internal(catalog: str, oid: str) -> str:
    """Return the condition that an object is no part of another one, as the functions of a range type are."""
    return (
        f"NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{catalog}'::regclass"
        f" AND d.objid = {oid} AND d.deptype = 'i')"
    )


def collation(oid: str) -> str:
    """Return the name of a collation as SQL; ``regcollation`` does that since PostgreSQL 13."""
    return (
        "(SELECT CASE WHEN pg_collation_is_visible(l.oid) THEN quote_ident(l.collname)"
        " ELSE format('%I.%I', ln.nspname, l.collname) END"
        f" FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace WHERE l.oid = {oid})"
    )


def comment(catalog: str, oid: str) -> str:
    """Return the comment of an object; ``obj_description`` looks up the catalog again for every one."""
    return (
        f"(SELECT description FROM pg_description WHERE objoid = {oid}"
        f" AND classoid = '{catalog}'::regclass AND objsubid = 0)"
    )


def state(letter: str) -> str:
    """Return when a trigger or a rule fires, where that is not the default; NULL where it is."""
    return f"CASE {letter} WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'REPLICA' WHEN 'A' THEN 'ALWAYS' END"


def acl(column: str, owner: str) -> str:
    """Return an access control list as texts, after the name of the owner; NULL where privileges are the built-in."""
    return f"CASE WHEN {column} IS NOT NULL THEN ARRAY[pg_get_userbyid({owner})::text] || {column}::text[] END"


SCHEMAS = f"""
SELECT n.nspname, {comment("pg_namespace", "n.oid")}, {acl("n.nspacl", "n.nspowner")}
  FROM pg_namespace n WHERE {USER_SCHEMA} AND {not_a_member("pg_namespace", "n.oid")}"""

EXTENSIONS = f"""
SELECT extname, extversion, {comment("pg_extension", "oid")} FROM pg_extension WHERE extname <> 'plpgsql'"""

TABLES = f"""
SELECT n.nspname, c.relname, c.relkind::text, c.relpersistence::text, pg_get_partkeydef(c.oid), c.relispartition,
       (SELECT array_agg(i.inhparent::regclass::text ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
       pg_get_expr(c.relpartbound, c.oid), {comment("pg_class", "c.oid")}, c.reloptions,
       s.spcname, m.amname, c.relrowsecurity, c.relforcerowsecurity, c.relreplident::text,
       (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i'),
       (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = c.oid AND i.indisclustered)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace LEFT JOIN pg_am m ON m.oid = c.relam
 WHERE c.relkind IN ('r', 'p', 'f') AND {USER_SCHEMA} AND {not_a_member("pg_class", "c.oid")}"""

# The statistics target is -1 up to 16 where it is the default, and NULL since 17.
# The dependency says which sequence a default uses. That it does no more than draw from it stands in the expression
# alone, so that is compared whole with what the server writes for such a default.
_COLUMNS = f"""
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text, a.attidentity::text,
       CASE WHEN a.attcollation <> t.typcollation THEN {collation("a.attcollation")} END,
       col_description(c.oid, a.attnum), a.attislocal,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text || t.typstorage::text END, c.oid, a.attnum,
       (SELECT ARRAY[m.nspname, q.relname]::text[]
          FROM pg_depend e JOIN pg_class q ON q.oid = e.refobjid AND q.relkind = 'S'
          JOIN pg_namespace m ON m.oid = q.relnamespace
         WHERE e.classid = 'pg_attrdef'::regclass AND e.objid = d.oid AND e.refclassid = 'pg_class'::regclass
           AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', q.oid::regclass)),
       CASE WHEN v.typtype IN ('e', 'd') THEN ARRAY[vn.nspname, v.typname]::text[] END,
       NULLIF(a.attstattarget, -1), a.attoptions, {acl("a.attacl", "c.relowner")},
       NULLIF({{compression}}, '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  JOIN pg_type v ON v.oid = CASE WHEN t.typtype = 'b' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
  JOIN pg_namespace vn ON vn.oid = v.typnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f')
   AND {USER_SCHEMA} AND {not_a_member("pg_class", "c.oid")}"""


def columns(version: int) -> str:
    """Return the query for columns, for a server's version as the driver has it: compression is there since 14."""
    return _COLUMNS.format(compression="a.attcompression::text" if version >= 140_000 else "NULL::text")


SEQUENCES = f"""
SELECT n.nspname, c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
       s.seqcache, s.seqcycle, {comment("pg_class", "c.oid")},
       o.deptype::text, o.refobjid, o.refobjsubid,
       (SELECT ARRAY[m.nspname, r.relname, a.attname]::text[]
          FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid JOIN pg_namespace m ON m.oid = r.relnamespace
         WHERE a.attrelid = o.refobjid AND a.attnum = o.refobjsubid)
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
        AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
 WHERE {USER_SCHEMA} AND {not_a_member("pg_class", "c.oid")}"""

CONSTRAINTS = f"""
SELECT n.nspname, c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid),
       (SELECT array_agg(a.attname::text ORDER BY x.place)
          FROM unnest(k.conkey) WITH ORDINALITY x(number, place)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.number),
       NOT k.conislocal OR (k.conparentid <> 0), {comment("pg_constraint", "k.oid")},
       CASE WHEN k.contype IN ('p', 'u', 'x') THEN pg_get_indexdef(k.conindid) END,
       quote_ident(i.relname), c.oid::regclass::text, pg_get_expr(k.conbin, k.conrelid, true),
       k.convalidated, k.connoinherit, k.condeferrable, k.condeferred
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class i ON i.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
 WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND {USER_SCHEMA} AND {not_a_member("pg_class", "c.oid")}"""

INDEXES = f"""
SELECT n.nspname, c.relname, x.relname, pg_get_indexdef(x.oid), quote_ident(x.relname), c.oid::regclass::text,
       i.indisunique, i.indisvalid, x.relispartition, {comment("pg_class", "x.oid")}, s.spcname,
       (SELECT array_agg(DISTINCT a.attname::text ORDER BY a.attname::text)
          FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_class'::regclass AND d.objid = x.oid
           AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0),
       CASE WHEN i.indexprs IS NOT NULL THEN
            (SELECT array_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = x.oid AND a.attstattarget >= 0) END,
       CASE c.relkind WHEN 'm' THEN 'materialized view' END
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_tablespace s ON s.oid = x.reltablespace
 WHERE {USER_SCHEMA} AND {not_a_member("pg_class", "c.oid")} AND c.relkind IN ('r', 'p', 'm')
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.conrelid = c.oid
                   AND k.contype IN ('p', 'u', 'x'))"""

ENUMS = f"""
SELECT n.nspname, t.typname,
       (SELECT array_agg(l.enumlabel::text ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid),
       {comment("pg_type", "t.oid")}, {acl("t.typacl", "t.typowner")}
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'e' AND {USER_SCHEMA} AND {not_a_member("pg_type", "t.oid")}"""

DOMAINS = f"""
SELECT n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
       CASE WHEN t.typcollation <> b.typcollation THEN {collation("t.typcollation")} END,
       (SELECT array_agg(pg_get_constraintdef(k.oid) ORDER BY pg_get_constraintdef(k.oid))
          FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'),
       {comment("pg_type", "t.oid")}, {acl("t.typacl", "t.typowner")},
       (SELECT array_agg(k.conname ORDER BY pg_get_constraintdef(k.oid))
          FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
 WHERE t.typtype = 'd' AND {USER_SCHEMA} AND {not_a_member("pg_type", "t.oid")}"""
