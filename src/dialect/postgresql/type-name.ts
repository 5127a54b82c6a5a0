import type { ColumnType } from "../../schema/index.ts";
import { quoteName } from "./quote.ts";

/** The SQL of a column type, as PostgreSQL's own `format_type` writes it. */
export function typeName(type: ColumnType): string {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "bigint":
    case "boolean":
    case "real":
    case "text":
    case "uuid":
    case "date":
    case "interval":
    case "json":
    case "jsonb":
      return type.kind;
    case "double":
      return "double precision";
    case "numeric":
      return type.precision === null ? "numeric" : `numeric(${type.precision},${type.scale ?? 0})`;
    case "char":
      return `character(${type.length})`;
    case "varchar":
      return type.length === null ? "character varying" : `character varying(${type.length})`;
    case "bytes":
      return "bytea";
    case "time":
    case "timestamp":
      return momentName(type.kind, type.precision, type.timezone);
    case "enum":
      return type.name === null
        ? "text"
        : (type.schema === null ? "" : `${quoteName(type.schema)}.`) + quoteName(type.name);
    case "array":
      return `${typeName(type.of)}[]`;
    case "native":
      return type.sql;
    case "user":
      return typeName(type.base);
  }
}

function momentName(kind: "time" | "timestamp", precision: number | null, timezone: boolean): string {
  const digits = precision === null ? "" : `(${precision})`;
  return `${kind}${digits} ${timezone ? "with" : "without"} time zone`;
}

const plain: Readonly<Record<string, ColumnType>> = {
  smallint: { kind: "smallint" },
  integer: { kind: "integer" },
  bigint: { kind: "bigint" },
  boolean: { kind: "boolean" },
  real: { kind: "real" },
  "double precision": { kind: "double" },
  numeric: { kind: "numeric", precision: null, scale: null },
  "character varying": { kind: "varchar", length: null },
  text: { kind: "text" },
  bytea: { kind: "bytes", length: null },
  uuid: { kind: "uuid" },
  date: { kind: "date" },
  interval: { kind: "interval" },
  json: { kind: "json" },
  jsonb: { kind: "jsonb" },
};

const moment = /^(time|timestamp)(?:\((\d)\))? (with|without) time zone$/;

/** The column type of what `format_type` printed; what has no neutral name is native, verbatim. */
export function parseTypeName(name: string): ColumnType {
  if (name.endsWith("[]")) {
    const of = parseTypeName(name.slice(0, -2));
    return of.kind === "native"
      ? { kind: "native", dialect: "postgresql", sql: name }
      : { kind: "array", of };
  }
  const known = plain[name];
  if (known !== undefined) return known;
  const numeric = /^numeric\((\d+),(\d+)\)$/.exec(name);
  if (numeric) return { kind: "numeric", precision: Number(numeric[1]), scale: Number(numeric[2]) };
  const text = /^(character|character varying)\((\d+)\)$/.exec(name);
  if (text?.[1] === "character") return { kind: "char", length: Number(text[2]) };
  if (text) return { kind: "varchar", length: Number(text[2]) };
  const time = moment.exec(name);
  if (time) {
    return {
      kind: time[1] as "time" | "timestamp",
      timezone: time[3] === "with",
      precision: time[2] === undefined ? null : Number(time[2]),
    };
  }
  return { kind: "native", dialect: "postgresql", sql: name };
}
