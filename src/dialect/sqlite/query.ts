import type { ColumnType, NumericType } from "../../schema/index.ts";
import { prefixed } from "../../schema/place.ts";
import type { QueryDialect } from "../dialect.ts";
import { decimalFunction } from "./decimal-key.ts";
import {
  aggregateFunctions,
  calculationFunctions,
  ilikeFunction,
  likeFunction,
  roundFunction,
} from "./functions.ts";
import { quoteName } from "./quote.ts";

/** What SQLite's queries look like. */
export const sqliteQuery: QueryDialect = {
  words: { defaultInValues: false },
  place: prefixed,
  quote: quoteName,
  placeholder: () => "?",
  comparable: (sql: string, type: ColumnType): string => {
    return numericOf(type) === null ? sql : `${decimalFunction}(${sql})`;
  },
  /** Decimals are texts. */
  calculation: (left, operator, right, type): string => {
    const name = numericOf(type) === null ? undefined : calculationFunctions[operator];
    return name === undefined ? `${left} ${operator} ${right}` : `${name}(${left}, ${right})`;
  },
  aggregate: (name, type): string =>
    (numericOf(type) === null ? undefined : aggregateFunctions[name.toLowerCase()]) ?? name,
  assigned: (sql: string, type: ColumnType): string => {
    const scale = numericOf(type)?.scale ?? null;
    return scale === null ? sql : `${roundFunction}(${sql}, ${scale})`;
  },
  /** SQLite's own LIKE ignores case for ASCII alone. */
  ilike: (left: string, right: string): string => `${ilikeFunction}(${left}, ${right})`,
  /** SQLite has no LIKE that respects case; GLOB does, with other wildcards. */
  like: (left: string, right: string): string => `${likeFunction}(${left}, ${right})`,
  limit: (limit: string | null, offset: string | null): string => {
    if (limit === null && offset === null) return "";
    return ` LIMIT ${limit ?? "-1"}${offset === null ? "" : ` OFFSET ${offset}`}`;
  },
  /** https://www.sqlite.org/optoverview.html, "disqualifying WHERE clause terms using unary +" */
  unindexed: (column: string): string => `+${column}`,
  castType: (type: ColumnType): string => castType(type),
};

function numericOf(type: ColumnType): NumericType | null {
  if (type.kind === "user") return numericOf(type.base);
  return type.kind === "numeric" ? type : null;
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
