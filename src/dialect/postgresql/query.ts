import type { QueryDialect } from "../dialect.ts";
import { quoteName } from "./quote.ts";
import { typeName } from "./type-name.ts";

/** What PostgreSQL's queries look like. */
export const postgresqlQuery: QueryDialect = {
  quote: quoteName,
  placeholder: (n: number): string => `$${n}`,
  comparable: (sql: string): string => sql,
  ilike: (left: string, right: string): string => `${left} ILIKE ${right}`,
  like: (left: string, right: string): string => `${left} LIKE ${right}`,
  limit: (limit: string | null, offset: string | null): string =>
    (limit === null ? "" : ` LIMIT ${limit}`) + (offset === null ? "" : ` OFFSET ${offset}`),
  castType: typeName,
};
