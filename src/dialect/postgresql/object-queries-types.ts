import { namespaces, notOfExtension, type Scope } from "./catalog-queries.ts";
import { columnNotes, ownerOf, routineName, select } from "./object-query.ts";

/** The queries that types, collations, operators and text search are read with. */

/** Domains, with their definitions in the server's words. */
export const domains = (scope: Scope): string =>
  select({
    class: "pg_type",
    oid: "t.oid",
    kind: "'domain'",
    namespace: "n.nspname",
    name: "t.typname",
    definition: `'AS ' || format_type(t.typbasetype, t.typtypmod)
      || CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE '
           || CASE WHEN pg_collation_is_visible(l.oid) THEN '' ELSE quote_ident(ln.nspname) || '.' END || quote_ident(l.collname) ELSE '' END
      || COALESCE(' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
      || COALESCE((SELECT string_agg(' CONSTRAINT ' || quote_ident(o.conname) || ' ' || pg_get_constraintdef(o.oid), '' ORDER BY o.conname)
                   FROM pg_constraint o WHERE o.contypid = t.oid AND o.contype = 'c'), '')`,
    owner: ownerOf("t.typowner"),
    from: `FROM pg_type t JOIN (${namespaces(scope)}) n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_collation l ON l.oid = t.typcollation LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
  WHERE t.typtype = 'd' AND ${notOfExtension("pg_type", "t.oid")}`,
  });

/** Composite types that stand alone. */
export const composites = (scope: Scope): string =>
  select({
    class: "pg_type",
    oid: "t.oid",
    kind: "'composite'",
    namespace: "n.nspname",
    name: "t.typname",
    definition: `'AS (' || COALESCE((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attcollation <> at.typcollation THEN ' COLLATE '
             || CASE WHEN pg_collation_is_visible(l.oid) THEN '' ELSE quote_ident(ln.nspname) || '.' END || quote_ident(l.collname) ELSE '' END, ', ' ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type at ON at.oid = a.atttypid
      LEFT JOIN pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'`,
    owner: ownerOf("t.typowner"),
    options: columnNotes("c.oid"),
    from: `FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' JOIN (${namespaces(scope)}) n ON n.oid = t.typnamespace
  WHERE ${notOfExtension("pg_type", "t.oid")}`,
  });

/** Range types. */
export const ranges = (scope: Scope, version: number): string =>
  select({
    class: "pg_type",
    oid: "t.oid",
    kind: "'range'",
    namespace: "n.nspname",
    name: "t.typname",
    definition: `'AS RANGE (' || concat_ws(', ', 'subtype = ' || format_type(g.rngsubtype, NULL),
      CASE WHEN NOT oc.opcdefault THEN 'subtype_opclass = ' || quote_ident(ocn.nspname) || '.' || quote_ident(oc.opcname) END,
      CASE WHEN g.rngcollation <> b.typcollation THEN 'collation = ' || quote_ident(ln.nspname) || '.' || quote_ident(l.collname) END,
      CASE WHEN g.rngcanonical <> 0 THEN 'canonical = ' || ${routineName("g.rngcanonical")} END,
      CASE WHEN g.rngsubdiff <> 0 THEN 'subtype_diff = ' || ${routineName("g.rngsubdiff")} END
      ${version >= 140000 ? ", (SELECT 'multirange_type_name = ' || m.oid::regtype::text FROM pg_type m WHERE m.oid = g.rngmultitypid)" : ""}) || ')'`,
    owner: ownerOf("t.typowner"),
    from: `FROM pg_type t JOIN pg_range g ON g.rngtypid = t.oid JOIN (${namespaces(scope)}) n ON n.oid = t.typnamespace
  JOIN pg_type b ON b.oid = g.rngsubtype JOIN pg_opclass oc ON oc.oid = g.rngsubopc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
  LEFT JOIN pg_collation l ON l.oid = g.rngcollation LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
  WHERE ${notOfExtension("pg_type", "t.oid")}`,
  });

/** Collations. */
export const collations = (scope: Scope, version: number): string => {
  const locale =
    version >= 170000
      ? "l.colllocale"
      : version >= 150000
        ? "l.colliculocale"
        : "CASE l.collprovider WHEN 'i' THEN l.collcollate END";
  return select({
    class: "pg_collation",
    oid: "l.oid",
    kind: "'collation'",
    namespace: "n.nspname",
    name: "l.collname",
    definition: `'(' || concat_ws(', ', 'provider = ' || CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
      'locale = ' || quote_literal(COALESCE(${locale}, CASE WHEN l.collcollate = l.collctype THEN l.collcollate END)),
      CASE WHEN ${locale} IS NULL AND l.collcollate <> l.collctype THEN 'lc_collate = ' || quote_literal(l.collcollate) || ', lc_ctype = ' || quote_literal(l.collctype) END,
      CASE WHEN NOT l.collisdeterministic THEN 'deterministic = false' END
      ${version >= 160000 ? ", 'rules = ' || quote_literal(l.collicurules)" : ""}) || ')'`,
    owner: ownerOf("l.collowner"),
    from: `FROM pg_collation l JOIN (${namespaces(scope)}) n ON n.oid = l.collnamespace WHERE ${notOfExtension("pg_collation", "l.oid")}`,
  });
};

/** Casts that somebody made. */
export const casts: string = select({
  class: "pg_cast",
  oid: "k.oid",
  kind: "'cast'",
  name: "format_type(k.castsource, NULL) || ' AS ' || format_type(k.casttarget, NULL)",
  definition: `CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || k.castfunc::regprocedure::text WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END
    || CASE k.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END`,
  from: `FROM pg_cast k WHERE k.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype IN ('e', 'i'))`,
});

/** Dictionaries of text search. */
export const dictionaries = (scope: Scope): string =>
  select({
    class: "pg_ts_dict",
    oid: "d.oid",
    kind: "'textSearchDictionary'",
    namespace: "n.nspname",
    name: "d.dictname",
    definition: `'(TEMPLATE = ' || quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) || COALESCE(', ' || d.dictinitoption, '') || ')'`,
    owner: ownerOf("d.dictowner"),
    from: `FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
  JOIN (${namespaces(scope)}) n ON n.oid = d.dictnamespace WHERE ${notOfExtension("pg_ts_dict", "d.oid")}`,
  });

/** Configurations of text search. */
export const configurations = (scope: Scope): string =>
  select({
    class: "pg_ts_config",
    oid: "f.oid",
    kind: "'textSearchConfiguration'",
    namespace: "n.nspname",
    name: "f.cfgname",
    definition: `'(PARSER = ' || quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) || ')'`,
    owner: ownerOf("f.cfgowner"),
    options: `(SELECT json_build_object('mappings', json_object_agg(k.alias, k.dictionaries ORDER BY k.alias)) FROM (
      SELECT k.alias, json_agg(m.mapdict::regdictionary::text ORDER BY m.mapseqno) AS dictionaries
      FROM pg_ts_config_map m JOIN ts_token_type(f.cfgparser) k ON k.tokid = m.maptokentype WHERE m.mapcfg = f.oid GROUP BY k.alias) k)`,
    from: `FROM pg_ts_config f JOIN pg_ts_parser p ON p.oid = f.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace
  JOIN (${namespaces(scope)}) n ON n.oid = f.cfgnamespace WHERE ${notOfExtension("pg_ts_config", "f.oid")}`,
  });
