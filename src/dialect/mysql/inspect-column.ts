import type { Check, Column, DefaultValue, Table } from "../../schema/index.ts";
import type { CheckRow, ColumnRow } from "./catalog.ts";
import { bare, standardQuotes, steady, unescaped } from "./expression.ts";
import { type Binding, hasJsonType, isMariadb } from "./flavor.ts";
import { mysqlOptions } from "./options.ts";
import { momentDigits } from "./physical.ts";
import { quoteName, quoteString } from "./quote.ts";
import { parseTypeName, physicalName } from "./type-name.ts";

/** The columns of a table, with the checks that are left once a type has taken what is its own. */
export function columnsOf(
  rows: readonly ColumnRow[],
  checks: readonly CheckRow[],
  tableCollation: string | null,
  binding: Binding,
): Pick<Table, "columns" | "checks"> {
  const own = new Set<CheckRow>();
  const columns = rows.map((row) => {
    const json = hasJsonType(binding) ? undefined : checks.find((check) => makesJson(check, row));
    if (json !== undefined) own.add(json);
    return columnOf(row, json !== undefined, tableCollation, binding);
  });
  return {
    columns,
    checks: checks.filter((check) => !own.has(check)).map((check) => checkOf(check, binding)),
  };
}

/** The collation of what stands in for json. */
export const jsonCollation = "utf8mb4_bin";

/** Whether a check is what is left of the type `json` where the server has none. */
function makesJson(check: CheckRow, row: ColumnRow): boolean {
  return (
    check.level === "Column" &&
    row.type === "longtext" &&
    row.collation === jsonCollation &&
    check.expression === `json_valid(${quoteName(row.name)})`
  );
}

function columnOf(row: ColumnRow, json: boolean, tableCollation: string | null, binding: Binding): Column {
  const physical = physicalName(row.type);
  const generated =
    row.generated === null || row.generated === "" ? null : expressionOf(row.generated, binding);
  const numbered = /\bauto_increment\b/i.test(row.extra);
  const collation = json || row.collation === tableCollation ? null : row.collation;
  return {
    name: row.name,
    type: json ? { kind: "json" } : parseTypeName(row.type),
    nullable: row.nullable === "YES",
    default: generated === null ? defaultOf(row, physical, binding) : null,
    generated: generated === null ? null : { expression: generated, stored: /\bSTORED\b/i.test(row.extra) },
    autoIncrement: numbered,
    identity: null,
    collation,
    comment: row.comment === "" ? null : row.comment,
    options: mysqlOptions({
      onUpdate: onUpdateOf(row, physical),
      invisible: /\bINVISIBLE\b/i.test(row.extra),
      unversioned: /\bWITHOUT SYSTEM VERSIONING\b/i.test(row.extra),
      compressed: /\bCOMPRESSED\b/.test(row.type),
      srid: row.srid === null ? null : Number(row.srid),
    }),
  };
}

/** An expression of information_schema, in the form that SHOW CREATE TABLE gives it too. */
export function expressionOf(text: string, binding: Binding): string {
  return bare(standardQuotes(isMariadb(binding) ? text : steady(unescaped(text))));
}

/** What a required moment that is set on each change has where nobody gave it a default. */
const zeroMoment = /^'0000-00-00 00:00:00(?:\.0+)?'$/;

function defaultOf(row: ColumnRow, physical: string, binding: Binding): DefaultValue | null {
  if (row.default === null) return null;
  if (zeroMoment.test(row.default) && onUpdateOf(row, physical) !== null && row.nullable === "NO")
    return null;
  if (isMariadb(binding)) {
    return row.default === "NULL" ? null : { kind: "expression", sql: standardQuotes(row.default) };
  }
  if (!/\bDEFAULT_GENERATED\b/i.test(row.extra)) {
    const sql = /^bit\b/.test(physical) ? row.default : quoteString(row.default);
    return { kind: "expression", sql };
  }
  const moment = momentDigits(physical) !== null && /^CURRENT_TIMESTAMP/i.test(row.default);
  return { kind: "expression", sql: moment ? row.default : `(${expressionOf(row.default, binding)})` };
}

function onUpdateOf(row: ColumnRow, physical: string): string | null {
  if (!/\bon update\b/i.test(row.extra)) return null;
  const digits = momentDigits(physical) ?? 0;
  return digits === 0 ? "CURRENT_TIMESTAMP" : `CURRENT_TIMESTAMP(${digits})`;
}

function checkOf(row: CheckRow, binding: Binding): Check {
  return {
    name: row.name,
    expression: expressionOf(row.expression, binding),
    options: mysqlOptions({ column: row.level === "Column", notEnforced: row.enforced === "NO" }),
  };
}
