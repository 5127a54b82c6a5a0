import type { ColumnType } from "../../schema/index.ts";
import { type Binding, hasUuid } from "./flavor.ts";
import { quoteString, unquoteString } from "./quote.ts";

/** Most digits of a decimal on every server of the family, and those after the point: of `numeric` without any. */
const widestDecimal = "decimal(65,30)";
const widestMoment = 6;

/**
 * The SQL of a column type, as the server prints it. Moments have no zone here: instants are kept in UTC. What the
 * server has no type for is text (`interval`) or `json` (arrays).
 */
export function typeName(type: ColumnType, binding: Binding): string {
  switch (type.kind) {
    case "smallint":
    case "bigint":
    case "double":
    case "date":
      return type.kind;
    case "integer":
      return "int";
    case "boolean":
      return "tinyint(1)";
    case "real":
      return "float";
    case "numeric":
      return type.precision === null ? widestDecimal : `decimal(${type.precision},${type.scale ?? 0})`;
    case "char":
      return `char(${type.length})`;
    case "varchar":
      return `varchar(${type.length ?? 255})`;
    case "text":
      return "longtext";
    case "bytes":
      return type.length === null ? "longblob" : `varbinary(${type.length})`;
    case "uuid":
      return hasUuid(binding) ? "uuid" : "char(36)";
    case "time":
      return withDigits("time", type.precision ?? widestMoment);
    case "timestamp":
      return withDigits("datetime", type.precision ?? widestMoment);
    case "interval":
      return "varchar(64)";
    case "json":
    case "jsonb":
    case "array":
      return "json";
    case "enum":
      return `enum(${type.values.map(quoteString).join(",")})`;
    case "native":
      return type.sql;
    case "user":
      return typeName(type.base, binding);
  }
}

function withDigits(word: string, digits: number): string {
  return digits === 0 ? word : `${word}(${digits})`;
}

/** The type as it would be read back from a column of it. */
export function canonicalType(type: ColumnType, binding: Binding): ColumnType {
  return parseTypeName(typeName(type, binding));
}

const plain: Readonly<Record<string, ColumnType>> = {
  smallint: { kind: "smallint" },
  int: { kind: "integer" },
  bigint: { kind: "bigint" },
  "tinyint(1)": { kind: "boolean" },
  float: { kind: "real" },
  double: { kind: "double" },
  [widestDecimal]: { kind: "numeric", precision: null, scale: null },
  longtext: { kind: "text" },
  longblob: { kind: "bytes", length: null },
  uuid: { kind: "uuid" },
  date: { kind: "date" },
  json: { kind: "json" },
};

/**
 * The column type of a physical one, as `COLUMN_TYPE` of information_schema has it. What has no neutral name is
 * native: as the server prints it, in lower case, without what says nothing (the display width of an integer).
 */
export function parseTypeName(columnType: string): ColumnType {
  const sql = physicalName(columnType);
  const known = plain[sql];
  if (known !== undefined) return known;
  const [, word = "", inside = ""] = /^([a-z]+)(?:\((.*)\))?$/s.exec(sql) ?? [];
  return (
    (word === "enum" ? enumType(inside) : sized(word, inside)) ?? { kind: "native", dialect: "mysql", sql }
  );
}

function enumType(inside: string): ColumnType {
  const literals = inside.match(stringLiteral) ?? [];
  return { kind: "enum", name: null, schema: null, values: literals.map(unquoteString) };
}

function sized(word: string, inside: string): ColumnType | null {
  const moment = word === "time" || word === "datetime";
  if (!/^\d+(?:,\d+)?$/.test(inside) && !(moment && inside === "")) return null;
  const [first = 0, second = 0] = inside.split(",").map(Number);
  switch (word) {
    case "decimal":
      return { kind: "numeric", precision: first, scale: second };
    case "char":
    case "varchar":
      return { kind: word, length: first };
    case "varbinary":
      return { kind: "bytes", length: first };
    case "time":
    case "datetime":
      return {
        kind: word === "time" ? "time" : "timestamp",
        timezone: false,
        precision: first === widestMoment ? null : first,
      };
    default:
      return null;
  }
}

/** A literal as the servers print it; quotes within are doubled or escaped. */
const stringLiteral = /'(?:[^'\\]|''|\\[\s\S])*'/g;

/** Words that the server prints otherwise than they may be written. */
const synonyms: readonly (readonly [RegExp, string])[] = [
  [/^integer\b/, "int"],
  [/^(?:bool|boolean)$/, "tinyint(1)"],
  [/^(?:dec|fixed|numeric)\b/, "decimal"],
  [/^(?:double precision|float8)\b/, "double"],
  [/^real\b/, "double"],
  [/^float4\b/, "float"],
  [/^(?:national |n)?(?:character varying|varchar|varcharacter)\b/, "varchar"],
  [/^(?:national |n)?(?:character|char)\b(?! varying)/, "char"],
];

/** Sizes that are meant where none is written. */
const sizes: Readonly<Record<string, string>> = {
  decimal: "decimal(10,0)",
  char: "char(1)",
  binary: "binary(1)",
  bit: "bit(1)",
};

/** A physical type as the server prints it, whoever wrote it. */
export function physicalName(written: string): string {
  const spaced = outsideLiterals(written.replaceAll(/\/\*.*?\*\//gs, " "), (text) =>
    text
      .toLowerCase()
      .replaceAll(/\s+/g, " ")
      .replaceAll(/ ?([(),]) ?/g, "$1")
      .replaceAll(/\)(?=\w)/g, ") "),
  ).trim();
  let name = spaced;
  for (const [from, to] of synonyms) name = name.replace(from, to);
  if (/\bzerofill\b/.test(name)) name = zerofilled(name);
  else if (name !== "tinyint(1)") name = name.replace(/^((?:tiny|small|medium|big)?int)\(\d+\)/, "$1");
  name = name.replace(/^year\(\d\)$/, "year").replace(/^(decimal\(\d+)\)/, "$1,0)");
  name = name.replace(/^((?:date)?time|timestamp)\(0\)$/, "$1");
  return name.replace(/^[a-z]+(?![\w(])/, (word) => sizes[word] ?? word);
}

/** What is filled with zeros is unsigned, and its width says how far. */
function zerofilled(name: string): string {
  const unsigned = `${name.replaceAll(/ (?:unsigned|signed|zerofill)\b/g, "")} unsigned zerofill`;
  return unsigned.replace(/^\w*int(?!\()/, (word) => `${word}(${widths[word] ?? 10})`);
}

const widths: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  mediumint: 8,
  int: 10,
  bigint: 20,
};

function outsideLiterals(sql: string, change: (text: string) => string): string {
  let changed = "";
  let at = 0;
  for (const literal of sql.matchAll(stringLiteral)) {
    changed += change(sql.slice(at, literal.index)) + literal[0];
    at = literal.index + literal[0].length;
  }
  return changed + change(sql.slice(at));
}
