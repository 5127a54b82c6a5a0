import type { ColumnType } from "../../schema/index.ts";
import { prefixed } from "../../schema/place.ts";
import type { QueryDialect } from "../dialect.ts";
import { type Binding, hasJsonType, hasUuid, isMariadb } from "./flavor.ts";
import { quoteName } from "./quote.ts";

/** What there is of rows, for an offset without a limit. */
const everyRow = "18446744073709551615";

/** What queries look like on a server. */
export function mysqlQuery(binding: Binding): QueryDialect {
  return {
    words: {
      upsert: "on duplicate key",
      noValues: " () VALUES ()",
      nullsOrder: false,
      assignsInTurn: true,
      ...(isMariadb(binding) ? { shareLock: " LOCK IN SHARE MODE" } : {}),
    },
    place: prefixed,
    quote: quoteName,
    placeholder: () => "?",
    comparable: (sql: string): string => sql,
    typedParameter,
    ilike: (left: string, right: string): string => `LOWER(${exact(left)}) LIKE LOWER(${exact(right)})`,
    like: (left: string, right: string): string => `${exact(left)} LIKE ${exact(right)}`,
    limit: (limit: string | null, offset: string | null): string => {
      if (limit === null && offset === null) return "";
      return ` LIMIT ${limit ?? everyRow}${offset === null ? "" : ` OFFSET ${offset}`}`;
    },
    castType: (type: ColumnType): string => castType(type, binding),
  };
}

/**
 * A decimal comes as a text, with which decimals are compared and calculated as floating-point numbers; a time that a
 * function gives is compared with a text by its digits.
 */
function typedParameter(placeholder: string, type: ColumnType): string {
  if (type.kind === "user") return typedParameter(placeholder, type.base);
  if (type.kind === "time") return `CAST(${placeholder} AS TIME(6))`;
  return type.kind === "numeric" ? `CAST(${placeholder} AS DECIMAL(65,${type.scale ?? 30}))` : placeholder;
}

/** Text by its characters alone: most collations take small and capital letters, or accents, for the same. */
function exact(sql: string): string {
  return `CONVERT(${sql} USING utf8mb4) COLLATE utf8mb4_bin`;
}

/** CAST knows a few types only, some of them under other names than columns have. */
function castType(type: ColumnType, binding: Binding): string {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "bigint":
    case "boolean":
      return "SIGNED";
    case "real":
    case "double":
      return "DOUBLE";
    case "numeric":
      return type.precision === null ? "DECIMAL(65,30)" : `DECIMAL(${type.precision},${type.scale ?? 0})`;
    case "bytes":
      return "BINARY";
    case "uuid":
      return hasUuid(binding) ? "UUID" : "CHAR(36)";
    case "date":
      return "DATE";
    case "time":
      return `TIME(${type.precision ?? 6})`;
    case "timestamp":
      return `DATETIME(${type.precision ?? 6})`;
    case "json":
    case "jsonb":
    case "array":
      return hasJsonType(binding) ? "JSON" : "CHAR";
    case "native":
      return type.sql;
    case "user":
      return castType(type.base, binding);
    default:
      return "CHAR";
  }
}
