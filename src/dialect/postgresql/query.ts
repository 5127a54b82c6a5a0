import type { ColumnType } from "../../schema/index.ts";
import type { QueryDialect } from "../dialect.ts";
import { quoteName } from "./quote.ts";
import { typeName } from "./type-name.ts";

/** What PostgreSQL's queries look like. */
export const postgresqlQuery: QueryDialect = {
  quote: quoteName,
  placeholder: (n: number): string => `$${n}`,
  /** There is no operator that compares `json`, which is kept as it was written. */
  comparable: (sql: string, type: ColumnType): string => (isJson(type) ? `CAST(${sql} AS jsonb)` : sql),
  ilike: (left: string, right: string): string => `${left} ILIKE ${right}`,
  like: (left: string, right: string): string => `${left} LIKE ${right}`,
  limit: (limit: string | null, offset: string | null): string =>
    (limit === null ? "" : ` LIMIT ${limit}`) + (offset === null ? "" : ` OFFSET ${offset}`),
  castType: typeName,
};

function isJson(type: ColumnType): boolean {
  return type.kind === "user" ? isJson(type.base) : type.kind === "json";
}
