import type { ColumnType } from "../../schema/index.ts";
import type { QueryDialect } from "../dialect.ts";
import { decimalFunction } from "./decimal-key.ts";
import { quoteName } from "./quote.ts";

/** What SQLite's queries look like. */
export const sqliteQuery: QueryDialect = {
  quote: quoteName,
  placeholder: () => "?",
  comparable: (sql: string, type: ColumnType): string => {
    if (type.kind === "user") return sqliteQuery.comparable(sql, type.base);
    return type.kind === "numeric" ? `${decimalFunction}(${sql})` : sql;
  },
  /** SQLite's LIKE ignores case for ASCII only; lower() does the same, so that both sides agree. */
  ilike: (left: string, right: string): string => `${left} LIKE ${right} ESCAPE '\\'`,
  /** LIKE that respects case has no operator here: GLOB has, with other wildcards. */
  like: (left: string, right: string): string =>
    `(${left} LIKE ${right} ESCAPE '\\' AND ${left} GLOB ${globPattern(right)})`,
  limit: (limit: string | null, offset: string | null): string => {
    if (limit === null && offset === null) return "";
    return ` LIMIT ${limit ?? "-1"}${offset === null ? "" : ` OFFSET ${offset}`}`;
  },
  castType: (type: ColumnType): string => castType(type),
};

/** A LIKE pattern as GLOB reads it: its own wildcards escaped, `%` and `_` put as `*` and `?`. */
function globPattern(pattern: string): string {
  const escaped = `replace(replace(replace(${pattern}, '[', '[[]'), '*', '[*]'), '?', '[?]')`;
  return `replace(replace(${escaped}, '%', '*'), '_', '?')`;
}

function castType(type: ColumnType): string {
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
    case "user":
      return castType(type.base);
    case "native":
      return type.sql;
    default:
      return "TEXT";
  }
}
