import type { ObjectKind } from "../../schema/index.ts";
import { namespaces, notOfExtension, type Scope } from "./catalog-queries.ts";
import { grantSections } from "./object-queries-grants.ts";
import { operatorClasses, operatorFamilies, operators } from "./object-queries-operators.ts";
import { publications } from "./object-queries-publications.ts";
import {
  aggregates,
  indexes,
  policies,
  routines,
  rules,
  statistics,
  triggers,
  views,
} from "./object-queries-relations.ts";
import {
  casts,
  collations,
  composites,
  configurations,
  dictionaries,
  domains,
  ranges,
} from "./object-queries-types.ts";
import { enabled, ownerOf, routineName, type Section, section, select } from "./object-query.ts";

/**
 * The queries that what stands beside tables is read with. All of them answer the same columns, so that a few
 * statements read everything: `class` and `oid` say which row of which catalog it is, `definition` is what follows the
 * name in the statement that creates it.
 */

/** Extensions but those that every database begins with. */
const extensions: string = select({
  class: "pg_extension",
  oid: "x.oid",
  kind: "'extension'",
  name: "x.extname",
  definition: "CASE WHEN n.nspname = current_schema() THEN '' ELSE 'SCHEMA ' || quote_ident(n.nspname) END",
  comment:
    "NULLIF(obj_description(x.oid, 'pg_extension'), (SELECT a.comment FROM pg_available_extensions() AS a WHERE a.name = x.extname LIMIT 1))",
  from: "FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.oid >= 16384",
});

const optionList = (options: string): string =>
  `COALESCE(' OPTIONS (' || (SELECT string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', ' ORDER BY o.option_name) FROM pg_options_to_table(${options}) AS o) || ')', '')`;

const foreignDataWrappers: string = select({
  class: "pg_foreign_data_wrapper",
  oid: "w.oid",
  kind: "'foreignDataWrapper'",
  name: "w.fdwname",
  definition: `btrim(CASE WHEN w.fdwhandler <> 0 THEN 'HANDLER ' || ${routineName("w.fdwhandler")} ELSE '' END
    || CASE WHEN w.fdwvalidator <> 0 THEN ' VALIDATOR ' || ${routineName("w.fdwvalidator")} ELSE '' END || ${optionList("w.fdwoptions")})`,
  owner: ownerOf("w.fdwowner"),
  from: `FROM pg_foreign_data_wrapper w WHERE ${notOfExtension("pg_foreign_data_wrapper", "w.oid")}`,
});

/** Servers. What they keep of users is theirs: mappings hold passwords. */
const servers: string = select({
  class: "pg_foreign_server",
  oid: "s.oid",
  kind: "'server'",
  name: "s.srvname",
  definition: `btrim(COALESCE('TYPE ' || quote_literal(s.srvtype), '') || COALESCE(' VERSION ' || quote_literal(s.srvversion), '')
    || ' FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname) || ${optionList("s.srvoptions")})`,
  owner: ownerOf("s.srvowner"),
  from: `FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE ${notOfExtension("pg_foreign_server", "s.oid")}`,
});

/** Where a column's collation is not its type's. */
const collation = `COALESCE((SELECT ' COLLATE ' || quote_ident(ln.nspname) || '.' || quote_ident(l.collname)
          FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace JOIN pg_type t ON t.oid = a.atttypid
          WHERE l.oid = a.attcollation AND l.oid <> t.typcollation), '')`;

const foreignTables = (scope: Scope): string =>
  select({
    class: "pg_class",
    oid: "c.oid",
    kind: "'foreignTable'",
    namespace: "n.nspname",
    name: "c.relname",
    definition: `'(' || COALESCE((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || ${optionList("a.attfdwoptions")} || ${collation}
        || CASE WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED' ELSE COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') END
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum)
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '')
      || COALESCE((SELECT string_agg(', CONSTRAINT ' || quote_ident(o.conname) || ' ' || pg_get_constraintdef(o.oid), '' ORDER BY o.conname)
                   FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'c'), '')
      || ') SERVER ' || quote_ident(s.srvname) || ${optionList("f.ftoptions")}`,
    owner: ownerOf("c.relowner"),
    options: `(SELECT json_build_object('columns', json_object_agg(a.attname, json_build_object('comment', col_description(a.attrelid, a.attnum))))
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND col_description(a.attrelid, a.attnum) IS NOT NULL HAVING count(*) > 0)`,
    from: `FROM pg_class c JOIN pg_foreign_table f ON f.ftrelid = c.oid JOIN pg_foreign_server s ON s.oid = f.ftserver
  JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  WHERE NOT c.relispartition AND ${notOfExtension("pg_class", "c.oid")}`,
  });

const eventTriggers: string = select({
  class: "pg_event_trigger",
  oid: "v.oid",
  kind: "'eventTrigger'",
  name: "v.evtname",
  definition: `'ON ' || v.evtevent || COALESCE(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(t), ', ' ORDER BY t) FROM unnest(v.evttags) AS t) || ')', '')
    || ' EXECUTE FUNCTION ' || ${routineName("v.evtfoid")} || '()'`,
  owner: ownerOf("v.evtowner"),
  options: `NULLIF(json_strip_nulls(json_build_object('enabled', ${enabled("v.evtenabled")}))::text, '{}')`,
  from: `FROM pg_event_trigger v WHERE ${notOfExtension("pg_event_trigger", "v.oid")}`,
});

/**
 * What is said of schemas, enums, checks of domains and the indexes of constraints, which have no place of their own for
 * it. Of `public` something is said in every database.
 */
const comments = (scope: Scope): string =>
  select({
    class: "pg_description",
    oid: "d.objoid",
    kind: "'comment'",
    name: `CASE WHEN n.oid IS NOT NULL THEN 'SCHEMA ' || quote_ident(n.nspname) WHEN t.oid IS NOT NULL THEN 'TYPE ' || t.oid::regtype::text
      WHEN x.oid IS NOT NULL THEN 'INDEX ' || x.oid::regclass::text
      ELSE 'CONSTRAINT ' || quote_ident(k.conname) || ' ON DOMAIN ' || k.contypid::regtype::text END`,
    definition: "'IS ''' || replace(d.description, '''', '''''') || ''''",
    comment: "NULL::text",
    from: `FROM pg_description d
  LEFT JOIN pg_namespace n ON d.classoid = 'pg_namespace'::regclass AND n.oid = d.objoid AND (n.nspname <> 'public' OR d.description <> 'standard public schema')
  LEFT JOIN pg_type t ON d.classoid = 'pg_type'::regclass AND t.oid = d.objoid AND t.typtype = 'e'
  LEFT JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid AND k.contypid <> 0
  LEFT JOIN pg_type o ON o.oid = k.contypid
  LEFT JOIN pg_class x ON d.classoid = 'pg_class'::regclass AND x.oid = d.objoid AND d.objsubid = 0 AND x.relkind IN ('i', 'I')
    AND EXISTS (SELECT FROM pg_constraint i WHERE i.conindid = x.oid AND i.contype IN ('p', 'u', 'x'))
  JOIN (${namespaces(scope)}) s ON s.oid = COALESCE(n.oid, t.typnamespace, o.typnamespace, x.relnamespace)
  WHERE ${notOfExtension("pg_type", "COALESCE(t.oid, o.oid)")} AND ${notOfExtension("pg_class", "x.oid")}`,
  });

/** Read where a whole database is. */
const whole =
  (query: string | ((scope: Scope) => string)): Section["read"] =>
  (scope) =>
    scope === "user" ? [typeof query === "string" ? query : query(scope)] : [];

/** Read in every scope. */
const each =
  (query: (scope: Scope, version: number) => string): Section["read"] =>
  (scope, version) => [query(scope, version)];

/** All that stands beside tables. The queries are long, and a database has few kinds of them. */
const sections: readonly Section[] = [
  section(["extension"], "pg_extension WHERE", whole(extensions)),
  section(["foreignDataWrapper"], "pg_foreign_data_wrapper WHERE", whole(foreignDataWrappers)),
  section(["server"], "pg_foreign_server WHERE", whole(servers)),
  section(["eventTrigger"], "pg_event_trigger WHERE", whole(eventTriggers)),
  section(["cast"], "pg_cast WHERE", whole(casts)),
  {
    kinds: ["comment"],
    there: [
      "EXISTS (SELECT FROM pg_description WHERE classoid IN ('pg_namespace'::regclass, 'pg_type'::regclass, 'pg_constraint'::regclass, 'pg_class'::regclass) AND objoid >= 16384)",
      // The schema that every database begins with is the server's own, and may be called something else.
      "EXISTS (SELECT FROM pg_description d JOIN pg_namespace n ON n.oid = d.objoid AND n.nspname = 'public' WHERE d.classoid = 'pg_namespace'::regclass AND d.description <> 'standard public schema')",
    ],
    read: whole(comments),
  },
  section(["collation"], "pg_collation WHERE", each(collations)),
  section(["domain"], "pg_type WHERE typtype = 'd' AND", each(domains)),
  section(["composite"], "pg_class WHERE relkind = 'c' AND", each(composites)),
  section(["range"], "pg_type WHERE typtype = 'r' AND", each(ranges)),
  section(["aggregate"], "pg_proc WHERE prokind = 'a' AND", each(aggregates)),
  section(["operator"], "pg_operator WHERE", each(operators)),
  section(["operatorFamily"], "pg_opfamily WHERE", each(operatorFamilies)),
  section(["operatorClass"], "pg_opclass WHERE", each(operatorClasses)),
  section(["textSearchDictionary"], "pg_ts_dict WHERE", each(dictionaries)),
  section(["textSearchConfiguration"], "pg_ts_config WHERE", each(configurations)),
  section(["foreignTable"], "pg_class WHERE relkind = 'f' AND", each(foreignTables)),
  section(["view", "materializedView"], "pg_class WHERE relkind IN ('v', 'm') AND", each(views)),
  section(["index"], "pg_class WHERE relkind = 'm' AND", each(indexes)),
  section(["statistics"], "pg_statistic_ext WHERE", each(statistics)),
  section(["trigger"], "pg_trigger WHERE NOT tgisinternal AND", each(triggers)),
  section(["rule"], "pg_rewrite WHERE rulename <> '_RETURN' AND", each(rules)),
  section(["policy"], "pg_policy WHERE", each(policies)),
  section(["function", "procedure"], "pg_proc WHERE prokind <> 'a' AND", each(routines)),
  section(["publication"], "pg_publication WHERE", publications),
  ...grantSections,
];

/** Which sections there is anything of, as text: a letter for each, `t` or `f`. */
export const presence: string = `concat(${sections.map(({ there }) => there.join(" OR ")).join(", ")})`;

/** What reads one kind of thing or more. */
export type Sections = readonly Section[];

/** The sections that an answer to `presence` names. */
export function sectionsIn(letters: string): Sections {
  return sections.filter((_, at) => letters[at] !== "f");
}

/** The sections that have things of these kinds. */
export function sectionsOf(kinds: ReadonlySet<ObjectKind>): Sections {
  return sections.filter((section) => section.kinds.some((kind) => kinds.has(kind)));
}

/** The query of these sections, whose rows have few columns, so that all are read at once; null where they have none. */
export function objects(sections: Sections, scope: Scope, version: number): string | null {
  const queries = sections.flatMap(({ read }) => read(scope, version));
  return queries.length === 0 ? null : queries.join("\nUNION ALL\n");
}

/**
 * What a dependency leads to, catalog by catalog: joined one by one to what depends, all of them would be planned in
 * every order.
 */
const targets = `
    SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, p.pronamespace AS ns, p.proname AS name,
      CASE WHEN p.prokind = 'a' THEN COALESCE(NULLIF(oidvectortypes(p.proargtypes), ''), '*') ELSE oidvectortypes(p.proargtypes) END AS signature, NULL::name AS column
      FROM pg_proc p WHERE d.refclass = 'pg_proc'::regclass AND p.oid = d.refoid
    UNION ALL SELECT CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materializedView' WHEN 'f' THEN 'foreignTable' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite' ELSE 'table' END,
      r.relnamespace, r.relname, NULL, (SELECT a.attname FROM pg_attribute a WHERE d.refsub <> 0 AND a.attrelid = r.oid AND a.attnum = d.refsub)
      FROM pg_class r WHERE d.refclass = 'pg_class'::regclass AND r.oid = d.refoid
    UNION ALL SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' ELSE 'range' END, t.typnamespace, t.typname, NULL, NULL
      FROM pg_type t WHERE d.refclass = 'pg_type'::regclass AND t.oid = d.refoid AND t.typtype IN ('d', 'e', 'r')
    UNION ALL SELECT 'server', NULL, s.srvname, NULL, NULL FROM pg_foreign_server s WHERE d.refclass = 'pg_foreign_server'::regclass AND s.oid = d.refoid
    UNION ALL SELECT 'collation', l.collnamespace, l.collname, NULL, NULL FROM pg_collation l WHERE d.refclass = 'pg_collation'::regclass AND l.oid = d.refoid
    UNION ALL SELECT 'operator', o.oprnamespace, o.oprname,
      CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', ' || format_type(o.oprright, NULL), NULL
      FROM pg_operator o WHERE d.refclass = 'pg_operator'::regclass AND o.oid = d.refoid
    UNION ALL SELECT 'textSearchConfiguration', c.cfgnamespace, c.cfgname, NULL, NULL FROM pg_ts_config c WHERE d.refclass = 'pg_ts_config'::regclass AND c.oid = d.refoid
    UNION ALL SELECT 'textSearchDictionary', i.dictnamespace, i.dictname, NULL, NULL FROM pg_ts_dict i WHERE d.refclass = 'pg_ts_dict'::regclass AND i.oid = d.refoid
    UNION ALL SELECT 'operatorClass', c.opcnamespace, c.opcname, (SELECT am.amname FROM pg_am am WHERE am.oid = c.opcmethod), NULL
      FROM pg_opclass c WHERE d.refclass = 'pg_opclass'::regclass AND c.oid = d.refoid
    UNION ALL SELECT 'operatorFamily', f.opfnamespace, f.opfname, (SELECT am.amname FROM pg_am am WHERE am.oid = f.opfmethod), NULL
      FROM pg_opfamily f WHERE d.refclass = 'pg_opfamily'::regclass AND f.oid = d.refoid`;

/**
 * What objects stand on. A view stands on what its rule does, a composite type on what the relation behind it does, a
 * domain on what its checks do.
 */
export const dependencies = (scope: Scope, version: number): string => `
  SELECT d.class, d.oid::int8 AS oid, x.kind, n.nspname AS namespace, x.name, x.signature, x.column
  FROM (
    SELECT DISTINCT CASE WHEN w.rulename = '_RETURN' THEN 'pg_class' WHEN pr.oid IS NOT NULL THEN 'pg_publication' WHEN me.objid IS NOT NULL THEN me.refclassid::regclass::text WHEN k.oid IS NOT NULL OR c.relkind = 'c' THEN 'pg_type' ELSE d.classid::regclass::text END AS class,
      COALESCE(CASE WHEN w.rulename = '_RETURN' THEN w.ev_class END, pr.prpubid, me.refobjid, k.contypid, CASE WHEN c.relkind = 'c' THEN c.reltype END, d.objid) AS oid,
      CASE WHEN b.typrelid <> 0 THEN 'pg_class'::regclass::oid ELSE d.refclassid END AS refclass,
      CASE WHEN b.typrelid <> 0 THEN b.typrelid WHEN b.oid IS NOT NULL THEN b.oid ELSE d.refobjid END AS refoid, d.refobjsubid AS refsub
    FROM pg_depend d
    LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
    LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid AND k.contypid <> 0
    LEFT JOIN pg_publication_rel pr ON d.classid = 'pg_publication_rel'::regclass AND pr.oid = d.objid
    LEFT JOIN pg_depend me ON d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND me.classid = d.classid AND me.objid = d.objid
      AND me.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass) AND d.refclassid NOT IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
    LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    LEFT JOIN pg_type e ON d.refclassid = 'pg_type'::regclass AND e.oid = d.refobjid
    LEFT JOIN pg_type b ON b.oid = CASE WHEN e.typcategory = 'A' AND e.typelem <> 0 THEN e.typelem
      ${version >= 140_000 ? "WHEN e.typtype = 'm' THEN (SELECT g.rngtypid FROM pg_range g WHERE g.rngmultitypid = e.oid)" : ""} ELSE e.oid END
    WHERE d.objid >= 16384 AND d.refobjid >= 16384 AND d.deptype IN ('n', 'a')
      AND (d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_type'::regclass,
          'pg_statistic_ext'::regclass, 'pg_event_trigger'::regclass, 'pg_cast'::regclass, 'pg_operator'::regclass, 'pg_ts_config'::regclass,
          'pg_opclass'::regclass) OR me.objid IS NOT NULL OR k.oid IS NOT NULL OR (pr.oid IS NOT NULL AND d.refclassid <> 'pg_publication'::regclass) OR c.relkind IN ('c', 'f')
        OR (c.relkind IN ('i', 'I') AND EXISTS (SELECT FROM pg_index i JOIN pg_class m ON m.oid = i.indrelid WHERE i.indexrelid = c.oid AND m.relkind = 'm')))
  ) d
  CROSS JOIN LATERAL (${targets}) x
  LEFT JOIN (${namespaces(scope)}) n ON n.oid = x.ns
  WHERE (n.nspname IS NOT NULL OR x.kind = 'server')
    AND NOT (d.class = 'pg_class' AND d.refclass = 'pg_class'::regclass AND d.oid = d.refoid)`;
