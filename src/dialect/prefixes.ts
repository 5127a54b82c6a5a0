import { type Place, prefixed } from "../schema/place.ts";
import type { Dialect } from "./dialect.ts";

/** A dialect that has the tables of some schemas under a prefix, though it could have them in schemas. */
export function withPrefixes(dialect: Dialect, isPrefixed: (schema: string) => boolean): Dialect {
  if (dialect.query.place !== undefined) return dialect;
  const place: Place = (ref) => (ref.schema !== null && isPrefixed(ref.schema) ? prefixed(ref) : ref);
  const { serverDialect } = dialect;
  return {
    ...dialect,
    query: { ...dialect.query, place },
    ...(serverDialect === undefined
      ? {}
      : { serverDialect: async (connection) => withPrefixes(await serverDialect(connection), isPrefixed) }),
  };
}
