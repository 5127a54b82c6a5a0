/** The queries that PostgreSQL's catalog is read with, one for each kind of object. */

/** Which namespaces are read: the users' own, the temporary one of this session, or some by name. */
export type Scope = "user" | "temporary" | "current" | readonly string[];

/** What is a system's or an extension's own is never looked at. */
export function namespaces(scope: Scope): string {
  if (scope === "temporary") {
    return "SELECT n.oid, n.nspname FROM pg_namespace n WHERE n.oid = pg_my_temp_schema()";
  }
  if (scope === "current") {
    return "SELECT n.oid, n.nspname FROM pg_namespace n WHERE n.nspname = current_schema()";
  }
  if (scope !== "user") {
    const names = scope.map((name) => `'${name.replaceAll("'", "''")}'`).join(", ");
    return `SELECT n.oid, n.nspname FROM pg_namespace n WHERE n.nspname IN (${names})`;
  }
  return `
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')`;
}

/** A condition: the row is no extension's own. */
export const notOfExtension = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** The storage parameters of a table, and of the one that keeps its long values. */
const relationOptions = (
  c: string,
): string => `CASE WHEN ${c}.reltoastrelid = 0 THEN to_json(${c}.reloptions) ELSE (
      SELECT json_agg(o ORDER BY place) FROM (
        SELECT o, 0 AS place FROM unnest(${c}.reloptions) AS o
        UNION ALL SELECT 'toast.' || o, 1 FROM pg_class l, unnest(l.reloptions) AS o WHERE l.oid = ${c}.reltoastrelid) p) END`;

/** Tables. */
export const relations = (scope: Scope): string => `
  SELECT c.oid::int8 AS oid, n.nspname AS namespace, c.relname AS name, c.relkind::text AS kind,
    obj_description(c.oid, 'pg_class') AS comment, ${relationOptions("c")} AS options,
    c.relpersistence::text AS persistence, c.relispartition AS partition,
    c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS "forceRowSecurity", c.relreplident::text AS "replicaIdentity",
    (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident) AS "replicaIndex",
    (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisclustered) AS "clusterOn",
    CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS "ofType",
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partitionBy",
    CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bound,
    (SELECT json_agg(h.inhparent::int8 ORDER BY h.inhseqno) FROM pg_inherits h WHERE h.inhrelid = c.oid) AS parents
  FROM pg_class c JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  WHERE (c.relkind IN ('r', 'p') OR (c.relkind = 'f' AND c.relispartition)) AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY n.nspname, c.relname`;

/** Columns. */
export const attributes = (scope: Scope, version: number): string => `
  SELECT a.attrelid::int8 AS relation, a.attnum::int AS number, a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type, a.atttypid::int8 AS "typeOid", a.attnotnull AS "notNull",
    (SELECT json_agg(o) FROM unnest(a.attoptions) AS o WHERE o LIKE 'n\\_distinct%') AS options, a.attislocal AS local, a.attinhcount > 0 AS inherited,
    pg_get_expr(d.adbin, d.adrelid) AS "default", a.attgenerated::text AS generated, a.attidentity::text AS identity,
    CASE WHEN a.attidentity <> '' THEN (
      SELECT json_build_object('start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text,
        'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle, 'name', q.relname)
      FROM pg_depend p JOIN pg_sequence s ON s.seqrelid = p.objid JOIN pg_class q ON q.oid = p.objid
      WHERE p.refclassid = 'pg_class'::regclass AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
        AND p.classid = 'pg_class'::regclass AND p.deptype = 'i') END AS "identityOptions",
    CASE WHEN a.attcollation <> t.typcollation THEN (
      SELECT CASE WHEN pg_collation_is_visible(o.oid) THEN o.collname ELSE quote_ident(m.nspname) || '.' || quote_ident(o.collname) END
      FROM pg_collation o JOIN pg_namespace m ON m.oid = o.collnamespace WHERE o.oid = a.attcollation) END AS collation,
    col_description(a.attrelid, a.attnum) AS comment,
    CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
    NULLIF(a.attstattarget, -1)::int AS statistics, ${version >= 140000 ? "NULLIF(a.attcompression::text, '')" : "NULL"} AS compression,
    (SELECT p.objid::int8 FROM pg_depend p JOIN pg_class q ON q.oid = p.objid AND q.relkind = 'S'
      WHERE p.refclassid = 'pg_class'::regclass AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
        AND p.classid = 'pg_class'::regclass AND p.deptype = 'a' LIMIT 1) AS "ownedSequence"
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f')
  JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY a.attrelid, a.attnum`;

const names = (relation: string, numbers: string): string =>
  `(SELECT json_agg(x.attname ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY AS k (number, place)
     JOIN pg_attribute x ON x.attrelid = ${relation} AND x.attnum = k.number)`;

/** Constraints; `version` is the server's number. */
export const constraints = (scope: Scope, version: number): string => `
  SELECT o.conrelid::int8 AS relation, o.conname AS name, o.contype::text AS type,
    ${names("o.conrelid", "o.conkey")} AS columns, rn.nspname AS "refNamespace", r.relname AS "refTable",
    ${names("o.confrelid", "o.confkey")} AS "refColumns",
    o.confdeltype::text AS "onDelete", o.confupdtype::text AS "onUpdate", o.confmatchtype::text AS match,
    o.condeferrable AS deferrable, o.condeferred AS deferred, o.convalidated AS validated, o.connoinherit AS "noInherit",
    ${version >= 150000 ? names("o.conrelid", "o.confdelsetcols") : "NULL"} AS "deleteColumns",
    ${version >= 180000 ? "o.conenforced" : "true"} AS enforced, ${version >= 180000 ? "o.conperiod" : "false"} AS period,
    CASE WHEN o.contype = 'c' THEN pg_get_expr(o.conbin, o.conrelid) END AS expression,
    o.conislocal AS local, o.coninhcount > 0 OR o.conparentid <> 0 AS inherited, obj_description(o.oid, 'pg_constraint') AS comment,
    o.conindid::int8 AS index
  FROM pg_constraint o
  JOIN pg_class c ON c.oid = o.conrelid AND c.relkind IN ('r', 'p', 'f')
  JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  LEFT JOIN pg_class r ON r.oid = o.confrelid LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
  WHERE o.contype IN ('p', 'u', 'f', 'c', 'x') AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY o.conrelid, o.conname`;

/** Indexes, those behind constraints included. */
export const indexes = (scope: Scope, version: number): string => `
  SELECT i.indexrelid::int8 AS oid, i.indrelid::int8 AS relation, x.relname AS name, i.indisunique AS unique,
    am.amname AS method, pg_get_expr(i.indpred, i.indrelid) AS predicate, to_json(x.reloptions) AS options,
    obj_description(x.oid, 'pg_class') AS comment, i.indisvalid AS valid,
    ${version >= 150000 ? "i.indnullsnotdistinct" : "false"} AS "nullsNotDistinct",
    o.oid IS NOT NULL AS constraint,
    i.indnkeyatts::int AS keys, i.indisprimary AS primary, p.relname AS parent,
    (SELECT json_object_agg(a.attnum, a.attstattarget) FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0 HAVING count(*) > 0) AS statistics,
    (SELECT json_agg(json_build_object(
        'column', a.attname, 'expression', pg_get_indexdef(i.indexrelid, k.place::int, false),
        'descending', COALESCE((i.indoption[k.place - 1] & 1) = 1, false), 'nullsFirst', COALESCE((i.indoption[k.place - 1] & 2) = 2, false),
        'collation', CASE WHEN i.indcollation[k.place - 1] <> COALESCE(a.attcollation, 0) THEN (
          SELECT CASE WHEN a.attname IS NULL AND l.collname = 'default' THEN NULL WHEN pg_collation_is_visible(l.oid) THEN l.collname
            ELSE quote_ident(ln.nspname) || '.' || quote_ident(l.collname) END
          FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace WHERE l.oid = i.indcollation[k.place - 1]) END,
        'operatorClass', (SELECT CASE WHEN NOT oc.opcdefault OR xa.attoptions IS NOT NULL THEN
          (CASE WHEN pg_opclass_is_visible(oc.oid) THEN '' ELSE quote_ident(ocn.nspname) || '.' END) || quote_ident(oc.opcname)
            || COALESCE('(' || array_to_string(xa.attoptions, ', ') || ')', '') END
          FROM pg_opclass oc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace WHERE oc.oid = i.indclass[k.place - 1]),
        'operator', (SELECT CASE WHEN pg_operator_is_visible(e.oid) THEN e.oprname ELSE 'OPERATOR(' || quote_ident(en.nspname) || '.' || e.oprname || ')' END
          FROM pg_operator e JOIN pg_namespace en ON en.oid = e.oprnamespace WHERE e.oid = o.conexclop[k.place])
      ) ORDER BY k.place)
     FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
     LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
     LEFT JOIN pg_attribute xa ON xa.attrelid = i.indexrelid AND xa.attnum = k.place) AS parts
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am am ON am.oid = x.relam
  JOIN pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p')
  JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.conrelid = i.indrelid AND o.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid LEFT JOIN pg_class p ON p.oid = h.inhparent
  WHERE ${notOfExtension("pg_class", "c.oid")}
  ORDER BY i.indrelid, x.relname`;

/** Whether there is any enum of somebody's: what a server brings stands below 16384 (FirstNormalObjectId). */
export const anyEnums = "EXISTS (SELECT FROM pg_type WHERE typtype = 'e' AND oid >= 16384)";

/** Enum types. */
export const enums = (scope: Scope): string => `
  SELECT n.nspname AS namespace, t.typname AS name, json_agg(e.enumlabel ORDER BY e.enumsortorder) AS values
  FROM pg_type t JOIN (${namespaces(scope)}) n ON n.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
  WHERE ${notOfExtension("pg_type", "t.oid")}
  GROUP BY n.nspname, t.typname ORDER BY n.nspname, t.typname`;

/** Whether there is anything of somebody's of what is listed. */
export const anyOthers =
  "(EXISTS (SELECT FROM pg_type WHERE typtype = 'b' AND typelem = 0 AND oid >= 16384) OR EXISTS (SELECT FROM pg_conversion WHERE oid >= 16384))";

/** What is listed and not managed. */
export const others = (scope: Scope): string => `
  SELECT k.kind, n.nspname AS namespace, k.name FROM (
    SELECT 'base type' AS kind, t.typnamespace AS ns, t.typname AS name
    FROM pg_type t WHERE t.typtype = 'b' AND t.typelem = 0 AND ${notOfExtension("pg_type", "t.oid")}
    UNION ALL
    SELECT 'conversion', v.connamespace, v.conname FROM pg_conversion v WHERE ${notOfExtension("pg_conversion", "v.oid")}
  ) k JOIN (${namespaces(scope)}) n ON n.oid = k.ns ORDER BY 1, 2, 3`;

/** Whether there is any sequence, one inside an identity column perhaps. */
export const anySequences = "EXISTS (SELECT FROM pg_class WHERE relkind = 'S' AND oid >= 16384)";

/** Sequences, but those inside identity columns. */
export const sequences = (scope: Scope): string => `
  SELECT c.oid::int8 AS oid, n.nspname AS namespace, c.relname AS name, c.oid::regclass::text AS printed,
    format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS min,
    s.seqmax::text AS max, s.seqcache::text AS cache, s.seqcycle AS cycle, c.relpersistence = 'u' AS unlogged, obj_description(c.oid, 'pg_class') AS comment,
    tn.nspname AS "ownerNamespace", tc.relname AS "ownerTable", ta.attname AS "ownerColumn"
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
  LEFT JOIN pg_class tc ON tc.oid = d.refobjid LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
  LEFT JOIN pg_attribute ta ON ta.attrelid = d.refobjid AND ta.attnum = d.refobjsubid
  WHERE ${notOfExtension("pg_class", "c.oid")} AND NOT EXISTS (SELECT FROM pg_depend i
    WHERE i.classid = 'pg_class'::regclass AND i.objid = c.oid AND i.deptype = 'i')
  ORDER BY n.nspname, c.relname`;
