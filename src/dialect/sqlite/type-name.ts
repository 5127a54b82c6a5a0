import type { ColumnType } from "../../schema/index.ts";
import { quoteName } from "./quote.ts";

/**
 * SQLite keeps a declared type as text and derives an affinity from it. The text is what a type is read back
 * from, so each neutral type has a spelling of its own; `DECIMAL_TEXT` and `CHAR(36)` are chosen for their
 * affinity, which keeps every digit.
 */

/** How SQLite converts what is stored in a column (https://www.sqlite.org/datatype3.html, section 3). */
export type Affinity = "integer" | "text" | "blob" | "real" | "numeric";

/** The declared type of a column. `strict` tables know five types only. */
export function typeName(type: ColumnType, strict = false): string {
  if (type.kind === "user") return typeName(type.base, strict);
  return strict ? strictName(type) : freeName(type);
}

function strictName(type: ColumnType): string {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "bigint":
    case "boolean":
      return "INTEGER";
    case "real":
    case "double":
      return "REAL";
    case "bytes":
      return "BLOB";
    case "native":
      return type.sql;
    default:
      return "TEXT";
  }
}

const arguments_ = (...values: readonly (number | null)[]): string => {
  const given = values.filter((value) => value !== null);
  return given.length === 0 ? "" : `(${given.join(", ")})`;
};

function freeName(type: Exclude<ColumnType, { kind: "user" }>): string {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "bigint":
    case "boolean":
    case "real":
    case "double":
    case "text":
    case "date":
      return type.kind.toUpperCase();
    case "numeric":
      return `DECIMAL_TEXT${arguments_(type.precision, type.scale)}`;
    case "char":
      return `CHAR(${type.length})`;
    case "varchar":
      return `VARCHAR${arguments_(type.length)}`;
    case "bytes":
      return `BLOB${arguments_(type.length)}`;
    case "uuid":
      return "CHAR(36)";
    case "time":
      return `${type.timezone ? "TIMETZ" : "TIME"}${arguments_(type.precision)}`;
    case "timestamp":
      return `${type.timezone ? "TIMESTAMP" : "DATETIME"}${arguments_(type.precision)}`;
    case "interval":
      return "DURATION";
    case "json":
    case "jsonb":
    case "array":
      return "JSON";
    case "enum":
      return "TEXT";
    case "native":
      return type.sql;
  }
}

/** A declared type as a definition takes it: SQLite keeps what stands in quotes there as a type of any characters. */
export function typeClause(declared: string): string {
  const words =
    /^([A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*)\s*(?:\(\s*[-+]?[\d.]+\s*(?:,\s*[-+]?[\d.]+\s*)?\))?$/.exec(declared);
  const bare = words?.[1]?.split(/\s+/).every((word) => !reserved.has(word.toUpperCase())) ?? declared === "";
  return bare ? declared : quoteName(declared);
}

/** Words that are never part of a type unless they stand in quotes (https://www.sqlite.org/lang_keywords.html). */
const reserved: ReadonlySet<string> = new Set(
  `ADD ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE DELETE
  DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS ISNULL JOIN LIMIT
  NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO TRANSACTION UNION UNIQUE
  UPDATE USING VALUES WHEN WHERE`.split(/\s+/),
);

/** The column type of a declared type; what is spelled in no neutral way is native, verbatim. */
export function parseTypeName(declared: string, strict = false): ColumnType {
  if (strict) return strictTypes[declared.toUpperCase()] ?? native(declared);
  const parts = /^([A-Za-z_]+)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?$/.exec(declared);
  if (parts === null) return native(declared);
  const [, word = "", first, second] = parts;
  const given = [first, second].flatMap((digits) => (digits === undefined ? [] : [Number(digits)]));
  return named(word.toUpperCase(), given) ?? native(declared);
}

function native(sql: string): ColumnType {
  return { kind: "native", dialect: "sqlite", sql };
}

const strictTypes: Readonly<Record<string, ColumnType>> = {
  INTEGER: { kind: "integer" },
  REAL: { kind: "double" },
  TEXT: { kind: "text" },
  BLOB: { kind: "bytes", length: null },
};

const plain: Readonly<Record<string, ColumnType>> = {
  SMALLINT: { kind: "smallint" },
  INTEGER: { kind: "integer" },
  BIGINT: { kind: "bigint" },
  BOOLEAN: { kind: "boolean" },
  REAL: { kind: "real" },
  DOUBLE: { kind: "double" },
  TEXT: { kind: "text" },
  DATE: { kind: "date" },
  DURATION: { kind: "interval" },
  JSON: { kind: "json" },
};

function named(word: string, given: readonly number[]): ColumnType | null {
  const [first = null, second = null] = given;
  if (word === "DECIMAL_TEXT") {
    const scale = first === null ? null : (second ?? 0);
    return { kind: "numeric", precision: first, scale };
  }
  if (second !== null) return null;
  if (first === null && plain[word] !== undefined) return plain[word];
  switch (word) {
    case "CHAR":
      return first === null ? null : { kind: "char", length: first };
    case "VARCHAR":
      return { kind: "varchar", length: first };
    case "BLOB":
      return { kind: "bytes", length: first };
    case "TIME":
    case "TIMETZ":
      return { kind: "time", timezone: word === "TIMETZ", precision: first };
    case "DATETIME":
    case "TIMESTAMP":
      return { kind: "timestamp", timezone: word === "TIMESTAMP", precision: first };
    default:
      return null;
  }
}

/** The affinity of a declared type. */
export function affinityOf(declared: string): Affinity {
  const text = declared.toUpperCase();
  if (text.includes("INT")) return "integer";
  if (/CHAR|CLOB|TEXT/.test(text)) return "text";
  if (text === "" || text.includes("BLOB")) return "blob";
  return /REAL|FLOA|DOUB/.test(text) ? "real" : "numeric";
}

/** The affinity of a column of that type. */
export function typeAffinity(type: ColumnType, strict = false): Affinity {
  const declared = typeName(type, strict);
  return strict && declared.toUpperCase() === "ANY" ? "blob" : affinityOf(declared);
}
