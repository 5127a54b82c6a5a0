import type { ColumnType } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import type { Codec, Dialect } from "../dialect.ts";
import { postgresqlCodec } from "./codec.ts";
import { columnwise } from "./columnwise.ts";
import { postgresqlQuery } from "./query.ts";
import { type Version, versionOf } from "./version.ts";

const shared: Omit<Dialect, "open" | "serverDialect" | "design"> = {
  id: "postgresql",
  understudyUrl: "pglite://",
  capabilities: {
    transactionalDdl: true,
    returning: true,
    namespaces: true,
    namedEnums: true,
    comments: true,
    exclusionConstraints: true,
    deferrableForeignKeys: true,
    alterConstraints: true,
    concurrentWriters: true,
    failureAborts: true,
    rowLocks: true,
    listParameters: true,
    savepoints: true,
    maxIdentifierBytes: 63,
    maxParameters: 65_535,
  },
  query: postgresqlQuery,
  columnwise,
  codec: (type: ColumnType): Codec => postgresqlCodec(type),
};

type Own = Pick<Dialect, "open" | "capabilities">;

/** A dialect for each version of a server, one however many connections ask. */
function family(own: Own): (version: Version) => Dialect {
  const made = new Map<Version, Dialect>();
  const make = (version: Version): Dialect => {
    const known = made.get(version);
    if (known !== undefined) return known;
    const dialect: Dialect = {
      ...shared,
      ...own,
      serverDialect: async (connection: Connection) => make(await versionOf(connection)),
      design: async () => (await import("./design.ts")).designFor(version),
    };
    made.set(version, dialect);
    return dialect;
  };
  return make;
}

/** PostgreSQL of a version, as the server numbers it (150004 is 15.4), on the `pg` driver. */
export const postgresqlDialect: (version: Version) => Dialect = family({
  capabilities: shared.capabilities,
  open: async (url, options) => (await import("./driver.ts")).openPostgresql(url, options),
});

const pgliteDialect = family({
  capabilities: { ...shared.capabilities, concurrentWriters: false },
  open: async (url, options) => (await import("./driver.ts")).openPglite(url, options),
});

/** PostgreSQL, until a server says its version. */
export const postgresql: Dialect = postgresqlDialect(null);

/** PostgreSQL inside the process, on `@electric-sql/pglite`, until it says its version. */
export const pglite: Dialect = pgliteDialect(null);
