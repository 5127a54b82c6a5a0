import type { ObjectKind } from "../../schema/index.ts";
import type { Scope } from "./catalog-queries.ts";

/** What the queries of objects are put together from: all of them answer the same columns. */

/** Some kinds of what stands beside tables, which is read only where there is any of it. */
export interface Section {
  readonly kinds: readonly ObjectKind[];
  /** Conditions of which one holds where there is any, and perhaps where there is none. */
  readonly there: readonly string[];
  /** The queries; none where the scope has no such thing. */
  readonly read: (scope: Scope, version: number) => readonly string[];
}

/** A section of what has a catalog, or a part of one, of its own. What a server brings stands below 16384 (FirstNormalObjectId). */
export function section(kinds: Section["kinds"], from: string, read: Section["read"]): Section {
  return { kinds, there: [`EXISTS (SELECT FROM ${from} oid >= 16384)`], read };
}

/** The columns of one query. */
export interface Parts {
  readonly class: string;
  readonly oid: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly tableNamespace?: string;
  readonly table?: string;
  readonly signature?: string;
  readonly definition: string;
  readonly comment?: string;
  readonly owner?: string;
  readonly options?: string;
  readonly columns?: string;
  /** From FROM on. */
  readonly from: string;
}

/** A query of one kind of object. */
export function select(parts: Parts): string {
  const { class: of, oid } = parts;
  return `SELECT '${of}'::text AS class, ${oid}::int8 AS oid, ${parts.kind}::text AS kind,
    ${parts.namespace ?? "NULL"}::text AS namespace, ${parts.name}::text AS name,
    ${parts.tableNamespace ?? "NULL"}::text AS "tableNamespace", ${parts.table ?? "NULL"}::text AS "table",
    ${parts.signature ?? "NULL"}::text AS signature, ${parts.definition} AS definition,
    ${parts.comment ?? `obj_description(${oid}, '${of}')`} AS comment, ${parts.owner ?? "NULL"}::text AS owner,
    ${parts.options ?? "NULL"}::json AS options, ${parts.columns ?? "NULL"}::json AS columns
  ${parts.from}`;
}

/** Text after a prefix: what the server writes whole, without the words up to the name. */
export const after = (text: string, ...prefix: readonly string[]): string =>
  `btrim(substr(${text}, length(${prefix.join(" || ")}) + 1), E' \\n;')`;

/**
 * What the server writes whole, with the relation after `word` named as it is seen: with all brackets it names its
 * schema too, and without them it says less than there is, so that it would be read as something else.
 */
export const seen = (text: string, word: string, relation: string): string => {
  const whole = `' ${word} ' || (SELECT quote_ident(wn.nspname) || '.' || quote_ident(w.relname) FROM pg_class w JOIN pg_namespace wn ON wn.oid = w.relnamespace WHERE w.oid = ${relation})`;
  return `overlay(${text} placing ' ${word} ' || ${relation}::regclass::text from position(${whole} in ${text}) for length(${whole}))`;
};

/** Who owns it, where that is somebody else. */
export const ownerOf = (oid: string): string => `NULLIF(pg_get_userbyid(${oid}), current_user)`;

/** Defaults and comments of a relation's columns, where it has any. */
export const columnNotes = (relation: string): string => `(
    SELECT json_build_object('columns', json_object_agg(a.attname, json_strip_nulls(json_build_object(
      'default', pg_get_expr(d.adbin, d.adrelid), 'comment', col_description(a.attrelid, a.attnum)))))
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = ${relation} AND a.attnum > 0 AND NOT a.attisdropped
      AND (d.oid IS NOT NULL OR col_description(a.attrelid, a.attnum) IS NOT NULL)
    HAVING count(*) > 0)`;

/** Names and types of the columns that a relation gives. */
export const columnsOf = (relation: string): string => `(
    SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = ${relation} AND a.attnum > 0 AND NOT a.attisdropped)`;

/** `WITH (…)`. */
export const storage = (options: string): string =>
  `COALESCE('WITH (' || array_to_string(${options}, ', ') || ') ', '')`;

/** Whether it is off, or fires in a way of its own. */
export const enabled = (column: string): string =>
  `CASE ${column} WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END`;

/** How an operator is named where it may be another's: with its schema, where it is not found without. */
export const operatorName = (oid: string): string => `(
    SELECT 'OPERATOR(' || CASE WHEN pg_operator_is_visible(p.oid) THEN '' ELSE quote_ident(pn.nspname) || '.' END || p.oprname || ')'
    FROM pg_operator p JOIN pg_namespace pn ON pn.oid = p.oprnamespace WHERE p.oid = ${oid})`;

/** How a routine is named by its name alone, where others may have it too. */
export const routineName = (oid: string): string => `(
    SELECT CASE WHEN pg_function_is_visible(p.oid) THEN '' ELSE quote_ident(pn.nspname) || '.' END || quote_ident(p.proname)
    FROM pg_proc p JOIN pg_namespace pn ON pn.oid = p.pronamespace WHERE p.oid = ${oid}::oid)`;
