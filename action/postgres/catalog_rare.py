"""The query for kinds of objects that few migrations create, and the condition that a database has one at all."""

from __future__ import annotations

from action.postgres.catalog_queries import USER_SCHEMA, acl, collation, comment, not_a_member, not_internal, state


def _options(options: str) -> str:
    """Return the options of a foreign object as SQL."""
    return f"""(SELECT 'OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', ') || ')'
                 FROM pg_options_to_table({options}) o)"""


_FIRST_OID = 16384
"""The first that an object of a user can have (FirstNormalObjectId)."""
_CATALOGS = {
    "pg_aggregate": "aggfnoid::oid",
    "pg_range": "rngtypid",
    "pg_collation": "oid",
    "pg_default_acl": "oid",
    "pg_event_trigger": "oid",
    "pg_foreign_data_wrapper": "oid",
    "pg_operator": "oid",
    "pg_opclass": "oid",
    "pg_cast": "oid",
    "pg_ts_config": "oid",
    "pg_ts_dict": "oid",
}
ANY_RARE = " OR ".join(
    f"EXISTS (SELECT FROM {catalog} WHERE {oid} >= {_FIRST_OID})" for catalog, oid in _CATALOGS.items()
)
"""Planning ``RARE`` takes as long as all else that has no table; most databases have nothing of it."""

_AGGREGATES = f"""
SELECT 'aggregate', n.nspname, NULL, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       concat_ws(', ', 'SFUNC = ' || g.aggtransfn::regproc, 'STYPE = ' || format_type(g.aggtranstype, NULL),
               'SSPACE = ' || NULLIF(g.aggtransspace, 0), 'FINALFUNC = ' || NULLIF(g.aggfinalfn, 0)::regproc,
               CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
               'COMBINEFUNC = ' || NULLIF(g.aggcombinefn, 0)::regproc,
               'SERIALFUNC = ' || NULLIF(g.aggserialfn, 0)::regproc,
               'DESERIALFUNC = ' || NULLIF(g.aggdeserialfn, 0)::regproc, 'INITCOND = ' || quote_literal(g.agginitval),
               'MSFUNC = ' || NULLIF(g.aggmtransfn, 0)::regproc, 'MINVFUNC = ' || NULLIF(g.aggminvtransfn, 0)::regproc,
               'MSTYPE = ' || format_type(NULLIF(g.aggmtranstype, 0), NULL),
               'MSSPACE = ' || NULLIF(g.aggmtransspace, 0), 'MFINALFUNC = ' || NULLIF(g.aggmfinalfn, 0)::regproc,
               CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END, 'MINITCOND = ' || quote_literal(g.aggminitval),
               'SORTOP = OPERATOR(' || NULLIF(g.aggsortop, 0)::regoper || ')',
               CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
               CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END),
       jsonb_build_object('comment', {comment("pg_proc", "p.oid")}, 'acl', {acl("p.proacl", "p.proowner")})
  FROM pg_aggregate g JOIN pg_proc p ON p.oid = g.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.oid >= {_FIRST_OID} AND {USER_SCHEMA} AND {not_a_member("pg_proc", "p.oid")}"""

_RANGES = f"""
SELECT 'range type', n.nspname, NULL, t.typname,
       concat_ws(', ', 'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
         CASE WHEN NOT o.opcdefault THEN format('SUBTYPE_OPCLASS = %I.%I', s.nspname, o.opcname) END,
         'COLLATION = ' || {collation("NULLIF(r.rngcollation, b.typcollation)")},
         'CANONICAL = ' || NULLIF(r.rngcanonical, 0)::regproc, 'SUBTYPE_DIFF = ' || NULLIF(r.rngsubdiff, 0)::regproc),
       jsonb_build_object('comment', {comment("pg_type", "t.oid")}, 'acl', {acl("t.typacl", "t.typowner")})
  FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_type b ON b.oid = r.rngsubtype JOIN pg_opclass o ON o.oid = r.rngsubopc
  JOIN pg_namespace s ON s.oid = o.opcnamespace
 WHERE {USER_SCHEMA} AND {not_a_member("pg_type", "t.oid")}"""

# The locale of ICU has had three names: collcollate up to 14, colliculocale in 15 and 16, colllocale since 17.
_COLLATIONS = f"""
SELECT 'collation', n.nspname, NULL, l.collname,
       concat_ws(', ', 'PROVIDER = ' || CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc'
                                             WHEN 'b' THEN 'builtin' ELSE 'default' END,
         'LOCALE = ' || quote_literal(coalesce(l.j ->> 'colllocale', l.j ->> 'colliculocale')),
         'LC_COLLATE = ' || quote_literal(l.j ->> 'collcollate'), 'LC_CTYPE = ' || quote_literal(l.j ->> 'collctype'),
         CASE WHEN NOT l.collisdeterministic THEN 'DETERMINISTIC = false' END),
       jsonb_build_object('comment', {comment("pg_collation", "l.oid")})
  FROM (SELECT l.*, to_jsonb(l) AS j FROM pg_collation l WHERE l.oid >= {_FIRST_OID}) l
  JOIN pg_namespace n ON n.oid = l.collnamespace
 WHERE {USER_SCHEMA} AND {not_a_member("pg_collation", "l.oid")}"""

_DEFAULT_PRIVILEGES = f"""
SELECT 'default privileges', coalesce(n.nspname, ''), NULL,
       concat_ws(' ', x.objects, 'of role ' || NULLIF(x.role, current_user)), NULL,
       jsonb_build_object('objects', x.objects, 'role', NULLIF(x.role, current_user), 'acl', x.acl)
  FROM (SELECT d.defaclnamespace, pg_get_userbyid(d.defaclrole) AS role, {acl("d.defaclacl", "d.defaclrole")} AS acl,
               CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                    WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END AS objects
          FROM pg_default_acl d) x
  LEFT JOIN pg_namespace n ON n.oid = x.defaclnamespace
 WHERE x.objects IS NOT NULL"""

_OF_DATABASE = f"""
SELECT 'event trigger', '', NULL, v.evtname,
       concat_ws(' ', 'ON', v.evtevent, 'WHEN TAG IN (' || (SELECT string_agg(quote_literal(x), ', ' ORDER BY x)
         FROM unnest(v.evttags) x) || ')', 'EXECUTE FUNCTION', v.evtfoid::regproc::text || '()'),
       jsonb_build_object('comment', {comment("pg_event_trigger", "v.oid")}, 'state', {state("v.evtenabled")})
  FROM pg_event_trigger v WHERE {not_a_member("pg_event_trigger", "v.oid")}
UNION ALL
SELECT 'foreign data wrapper', '', NULL, w.fdwname,
       concat_ws(' ', 'HANDLER ' || NULLIF(w.fdwhandler, 0)::regproc,
         'VALIDATOR ' || NULLIF(w.fdwvalidator, 0)::regproc,
         {_options("w.fdwoptions")}),
       jsonb_build_object('comment', {comment("pg_foreign_data_wrapper", "w.oid")},
         'acl', {acl("w.fdwacl", "w.fdwowner")})
  FROM pg_foreign_data_wrapper w WHERE {not_a_member("pg_foreign_data_wrapper", "w.oid")}
UNION ALL
SELECT 'server', '', NULL, s.srvname,
       concat_ws(' ', 'TYPE ' || quote_literal(s.srvtype), 'VERSION ' || quote_literal(s.srvversion),
         'FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname), {_options("s.srvoptions")}),
       jsonb_build_object('comment', {comment("pg_foreign_server", "s.oid")},
         'acl', {acl("s.srvacl", "s.srvowner")})
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
 WHERE {not_a_member("pg_foreign_server", "s.oid")}"""

# Its options are passwords.
_USER_MAPPINGS = """
SELECT 'user mapping', '', m.srvname, CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE m.usename END, NULL,
       jsonb_build_object('server', m.srvname)
  FROM pg_user_mappings m"""

_OPERATORS = f"""
SELECT 'operator', n.nspname, NULL,
       format('%s (%s, %s)', o.oprname, coalesce(format_type(NULLIF(o.oprleft, 0), NULL), 'NONE'),
              coalesce(format_type(NULLIF(o.oprright, 0), NULL), 'NONE')),
       concat_ws(', ', 'FUNCTION = ' || o.oprcode::regproc, 'LEFTARG = ' || format_type(NULLIF(o.oprleft, 0), NULL),
         'RIGHTARG = ' || format_type(NULLIF(o.oprright, 0), NULL),
         'COMMUTATOR = OPERATOR(' || NULLIF(o.oprcom, 0)::regoper || ')',
         'NEGATOR = OPERATOR(' || NULLIF(o.oprnegate, 0)::regoper || ')',
         'RESTRICT = ' || NULLIF(o.oprrest, 0)::regproc, 'JOIN = ' || NULLIF(o.oprjoin, 0)::regproc,
         CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END),
       jsonb_build_object('comment', {comment("pg_operator", "o.oid")})
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oid >= {_FIRST_OID} AND o.oprcode <> 0 AND {USER_SCHEMA} AND {not_a_member("pg_operator", "o.oid")}
UNION ALL
SELECT 'operator class', n.nspname, NULL, o.opcname || ' USING ' || m.amname,
       concat_ws(' ', CASE WHEN o.opcdefault THEN 'DEFAULT' END, 'FOR TYPE ' || format_type(o.opcintype, NULL)),
       jsonb_build_object('comment', {comment("pg_opclass", "o.oid")})
  FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod
 WHERE o.oid >= {_FIRST_OID} AND {USER_SCHEMA} AND {not_a_member("pg_opclass", "o.oid")}
UNION ALL
SELECT 'cast', '', NULL, format('(%s AS %s)', format_type(k.castsource, NULL), format_type(k.casttarget, NULL)),
       concat_ws(' ', CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || k.castfunc::regprocedure
                                        WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
         CASE k.castcontext WHEN 'a' THEN 'AS ASSIGNMENT' WHEN 'i' THEN 'AS IMPLICIT' END),
       jsonb_build_object('comment', {comment("pg_cast", "k.oid")})
  FROM pg_cast k
 WHERE k.oid >= {_FIRST_OID} AND {not_a_member("pg_cast", "k.oid")} AND {not_internal("pg_cast", "k.oid")}"""

_TEXT_SEARCH = f"""
SELECT 'text search configuration', n.nspname, NULL, s.cfgname,
       format('PARSER = %I.%I', pn.nspname, p.prsname) ||
       coalesce((SELECT string_agg(format('; %s: %s', x.alias, x.dictionaries), '' ORDER BY x.alias)
          FROM (SELECT t.alias, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
                  FROM pg_ts_config_map m JOIN ts_token_type(s.cfgparser) t ON t.tokid = m.maptokentype
                 WHERE m.mapcfg = s.oid GROUP BY t.alias) x), ''),
       jsonb_build_object('comment', {comment("pg_ts_config", "s.oid")})
  FROM pg_ts_config s JOIN pg_namespace n ON n.oid = s.cfgnamespace
  JOIN pg_ts_parser p ON p.oid = s.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace
 WHERE s.oid >= {_FIRST_OID} AND {USER_SCHEMA} AND {not_a_member("pg_ts_config", "s.oid")}
UNION ALL
SELECT 'text search dictionary', n.nspname, NULL, s.dictname,
       concat_ws(', ', format('TEMPLATE = %I.%I', tn.nspname, t.tmplname), s.dictinitoption),
       jsonb_build_object('comment', {comment("pg_ts_dict", "s.oid")})
  FROM pg_ts_dict s JOIN pg_namespace n ON n.oid = s.dictnamespace
  JOIN pg_ts_template t ON t.oid = s.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
 WHERE s.oid >= {_FIRST_OID} AND {USER_SCHEMA} AND {not_a_member("pg_ts_dict", "s.oid")}"""

RARE = "\nUNION ALL".join(
    (
        *(_AGGREGATES, _RANGES, _COLLATIONS, _DEFAULT_PRIVILEGES, _OF_DATABASE, _USER_MAPPINGS),
        *(_OPERATORS, _TEXT_SEARCH),
    )
)
