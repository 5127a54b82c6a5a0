import type { Connection } from "../connection.ts";

/**
 * The rows of PostgreSQL's catalog that a schema is read from: one query for each kind of object, whatever the
 * number of tables. Names are as the server prints them with `search_path` at its default, where the default
 * schema needs no qualification.
 */

export interface RelationRow {
  readonly oid: number;
  readonly namespace: string;
  readonly name: string;
  /** `r` table, `p` partitioned table, `v` view, `m` materialized view, `f` foreign table. */
  readonly kind: string;
  readonly comment: string | null;
  readonly options: readonly string[] | null;
  readonly persistence: string;
  readonly partition: boolean;
  readonly definition: string | null;
}

/** A column of a relation. */
export interface AttributeRow {
  readonly relation: number;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly typeOid: number;
  readonly notNull: boolean;
  readonly default: string | null;
  /** `s` stored, `v` virtual, or empty. */
  readonly generated: string;
  /** `a` always, `d` by default, or empty. */
  readonly identity: string;
  readonly identityOptions: IdentityRow | null;
  readonly collation: string | null;
  readonly comment: string | null;
  /** The sequence that belongs to the column, where there is one. */
  readonly ownedSequence: string | null;
}

/** The sequence behind an identity column; numbers as text, since they have 64 bits. */
export interface IdentityRow {
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
}

/** A constraint of a table. */
export interface ConstraintRow {
  readonly relation: number;
  readonly name: string;
  /** `p` primary key, `u` unique, `f` foreign key, `c` check, `x` exclusion. */
  readonly type: string;
  readonly columns: readonly string[] | null;
  readonly refNamespace: string | null;
  readonly refTable: string | null;
  readonly refColumns: readonly string[] | null;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly match: string;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly validated: boolean;
  readonly noInherit: boolean;
  readonly deleteColumns: readonly string[] | null;
  readonly expression: string | null;
  readonly definition: string;
  readonly index: number;
}

/** An index, those behind constraints included. */
export interface IndexRow {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  readonly predicate: string | null;
  readonly options: readonly string[] | null;
  readonly comment: string | null;
  readonly valid: boolean;
  readonly nullsNotDistinct: boolean;
  /** Whether a constraint owns it. */
  readonly constraint: boolean;
  readonly keys: number;
  readonly parts: readonly IndexPartRow[];
}

/** One key, or included column, of an index. */
export interface IndexPartRow {
  readonly column: string | null;
  readonly expression: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  /** Null where it is the column's own. */
  readonly collation: string | null;
  /** Null where it is the default of the type and method. */
  readonly operatorClass: string | null;
  readonly operator: string | null;
}

/** What is a system's or an extension's own, and is never looked at. */
const userNamespaces = `
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')`;

const notOfExtension = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

const relations = `
  SELECT c.oid::int8 AS oid, n.nspname AS namespace, c.relname AS name, c.relkind::text AS kind,
    obj_description(c.oid, 'pg_class') AS comment, to_json(c.reloptions) AS options,
    c.relpersistence::text AS persistence, c.relispartition AS partition,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END AS definition
  FROM pg_class c JOIN (${userNamespaces}) n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY n.nspname, c.relname`;

const attributes = `
  SELECT a.attrelid::int8 AS relation, a.attnum::int AS number, a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type, a.atttypid::int8 AS "typeOid", a.attnotnull AS "notNull",
    pg_get_expr(d.adbin, d.adrelid) AS "default", a.attgenerated::text AS generated, a.attidentity::text AS identity,
    CASE WHEN a.attidentity <> '' THEN (
      SELECT json_build_object('start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text,
        'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle)
      FROM pg_depend p JOIN pg_sequence s ON s.seqrelid = p.objid
      WHERE p.refclassid = 'pg_class'::regclass AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
        AND p.classid = 'pg_class'::regclass AND p.deptype = 'i') END AS "identityOptions",
    CASE WHEN a.attcollation <> t.typcollation THEN (
      SELECT CASE WHEN pg_collation_is_visible(o.oid) THEN o.collname ELSE quote_ident(m.nspname) || '.' || quote_ident(o.collname) END
      FROM pg_collation o JOIN pg_namespace m ON m.oid = o.collnamespace WHERE o.oid = a.attcollation) END AS collation,
    col_description(a.attrelid, a.attnum) AS comment,
    (SELECT p.objid::regclass::text FROM pg_depend p JOIN pg_class q ON q.oid = p.objid AND q.relkind = 'S'
      WHERE p.refclassid = 'pg_class'::regclass AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
        AND p.classid = 'pg_class'::regclass AND p.deptype = 'a' LIMIT 1) AS "ownedSequence"
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
  JOIN (${userNamespaces}) n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY a.attrelid, a.attnum`;

const names = (relation: string, numbers: string): string =>
  `(SELECT json_agg(x.attname ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY AS k (number, place)
     JOIN pg_attribute x ON x.attrelid = ${relation} AND x.attnum = k.number)`;

const constraints = (deleteColumns: boolean): string => `
  SELECT o.conrelid::int8 AS relation, o.conname AS name, o.contype::text AS type,
    ${names("o.conrelid", "o.conkey")} AS columns, rn.nspname AS "refNamespace", r.relname AS "refTable",
    ${names("o.confrelid", "o.confkey")} AS "refColumns",
    o.confdeltype::text AS "onDelete", o.confupdtype::text AS "onUpdate", o.confmatchtype::text AS match,
    o.condeferrable AS deferrable, o.condeferred AS deferred, o.convalidated AS validated, o.connoinherit AS "noInherit",
    ${deleteColumns ? names("o.conrelid", "o.confdelsetcols") : "NULL"} AS "deleteColumns",
    CASE WHEN o.contype = 'c' THEN pg_get_expr(o.conbin, o.conrelid) END AS expression,
    pg_get_constraintdef(o.oid) AS definition, o.conindid::int8 AS index
  FROM pg_constraint o
  JOIN pg_class c ON c.oid = o.conrelid AND c.relkind IN ('r', 'p', 'f')
  JOIN (${userNamespaces}) n ON n.oid = c.relnamespace
  LEFT JOIN pg_class r ON r.oid = o.confrelid LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
  WHERE o.contype IN ('p', 'u', 'f', 'c', 'x') AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY o.conrelid, o.conname`;

const indexes = (nullsNotDistinct: boolean): string => `
  SELECT i.indexrelid::int8 AS oid, i.indrelid::int8 AS relation, x.relname AS name, i.indisunique AS unique,
    am.amname AS method, pg_get_expr(i.indpred, i.indrelid) AS predicate, to_json(x.reloptions) AS options,
    obj_description(x.oid, 'pg_class') AS comment, i.indisvalid AS valid,
    ${nullsNotDistinct ? "i.indnullsnotdistinct" : "false"} AS "nullsNotDistinct",
    EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x')) AS constraint,
    i.indnkeyatts::int AS keys,
    (SELECT json_agg(json_build_object(
        'column', a.attname, 'expression', pg_get_indexdef(i.indexrelid, k.place::int, true),
        'descending', COALESCE((i.indoption[k.place - 1] & 1) = 1, false), 'nullsFirst', COALESCE((i.indoption[k.place - 1] & 2) = 2, false),
        'collation', CASE WHEN l.oid IS NOT NULL AND l.oid <> COALESCE(a.attcollation, 0) AND NOT (a.attname IS NULL AND l.collname = 'default') THEN l.collname END,
        'operatorClass', CASE WHEN NOT oc.opcdefault THEN oc.opcname END,
        'operator', (SELECT p.oprname FROM pg_constraint o JOIN pg_operator p ON p.oid = o.conexclop[k.place]
                     WHERE o.conindid = i.indexrelid AND o.contype = 'x')
      ) ORDER BY k.place)
     FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
     LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
     LEFT JOIN pg_collation l ON l.oid = i.indcollation[k.place - 1]
     LEFT JOIN pg_opclass oc ON oc.oid = i.indclass[k.place - 1]) AS parts
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am am ON am.oid = x.relam
  JOIN pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p', 'm')
  JOIN (${userNamespaces}) n ON n.oid = c.relnamespace
  WHERE ${notOfExtension("pg_class", "c.oid")}
  ORDER BY i.indrelid, x.relname`;

const enums = `
  SELECT n.nspname AS namespace, t.typname AS name, json_agg(e.enumlabel ORDER BY e.enumsortorder) AS values
  FROM pg_type t JOIN (${userNamespaces}) n ON n.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
  WHERE ${notOfExtension("pg_type", "t.oid")}
  GROUP BY n.nspname, t.typname ORDER BY n.nspname, t.typname`;

const triggers = `
  SELECT n.nspname AS namespace, c.relname AS table, g.tgname AS name, pg_get_triggerdef(g.oid, true) AS definition
  FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN (${userNamespaces}) n ON n.oid = c.relnamespace
  WHERE NOT g.tgisinternal AND ${notOfExtension("pg_class", "c.oid")} ORDER BY n.nspname, c.relname, g.tgname`;

const others = `
  SELECT k.kind, n.nspname AS namespace, k.name FROM (
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind, p.pronamespace AS ns,
      p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name
    FROM pg_proc p WHERE ${notOfExtension("pg_proc", "p.oid")}
    UNION ALL
    SELECT 'sequence', c.relnamespace, c.relname FROM pg_class c WHERE c.relkind = 'S' AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i', 'e'))
    UNION ALL
    SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'composite type' END, t.typnamespace, t.typname
    FROM pg_type t WHERE ${notOfExtension("pg_type", "t.oid")} AND (t.typtype IN ('d', 'r')
      OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')))
  ) k JOIN (${userNamespaces}) n ON n.oid = k.ns ORDER BY 1, 2, 3`;

/** Everything a schema is read from. */
export interface Catalog {
  readonly namespaces: readonly string[];
  readonly relations: readonly RelationRow[];
  readonly attributes: readonly AttributeRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly enums: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly values: readonly string[];
  }[];
  readonly triggers: readonly {
    readonly namespace: string;
    readonly table: string;
    readonly name: string;
    readonly definition: string;
  }[];
  readonly others: readonly { readonly kind: string; readonly namespace: string; readonly name: string }[];
  /** The schema that an unqualified name is looked up in first. */
  readonly defaultNamespace: string;
}

/** Columns that the catalog's queries give as JSON, and with them their lists. */
const jsonColumns: ReadonlySet<string> = new Set([
  "options",
  "identityOptions",
  "columns",
  "refColumns",
  "deleteColumns",
  "parts",
  "values",
]);

/** Rows as objects, by the names of their columns. */
async function rows<R>(connection: Connection, sql: string): Promise<R[]> {
  const result = await connection.query(sql);
  const read = (name: string, value: unknown): unknown =>
    jsonColumns.has(name) && typeof value === "string" ? JSON.parse(value) : value;
  return result.rows.map(
    (row) => Object.fromEntries(result.columns.map((name, at) => [name, read(name, row[at])])) as R,
  );
}

/** Reads the whole catalog, in nine queries. */
export async function readCatalog(connection: Connection): Promise<Catalog> {
  const [server] = await rows<{ version: number; namespace: string | null }>(
    connection,
    "SELECT current_setting('server_version_num')::int AS version, current_schema() AS namespace",
  );
  const version = server?.version ?? 0;
  return {
    defaultNamespace: server?.namespace ?? "public",
    namespaces: (await rows<{ nspname: string }>(connection, `${userNamespaces} ORDER BY 2`)).map(
      (row) => row.nspname,
    ),
    relations: await rows(connection, relations),
    attributes: await rows(connection, attributes),
    constraints: await rows(connection, constraints(version >= 150000)),
    indexes: await rows(connection, indexes(version >= 150000)),
    enums: await rows(connection, enums),
    triggers: await rows(connection, triggers),
    others: await rows(connection, others),
  };
}
