import type { ColumnType } from "../../schema/index.ts";
import type { Codec, Dialect } from "../dialect.ts";
import { postgresqlCodec } from "./codec.ts";
import { postgresqlQuery } from "./query.ts";

const shared: Omit<Dialect, "open"> = {
  id: "postgresql",
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
    rowLocks: true,
    savepoints: true,
    maxIdentifierBytes: 63,
    maxParameters: 65_535,
  },
  query: postgresqlQuery,
  codec: (type: ColumnType): Codec => postgresqlCodec(type),
  design: async () => (await import("./design.ts")).design,
};

/** PostgreSQL, on the `pg` driver. */
export const postgresql: Dialect = {
  ...shared,
  open: async (url, options) => (await import("./driver.ts")).openPostgresql(url, options),
};

/** PostgreSQL inside the process, on `@electric-sql/pglite`. */
export const pglite: Dialect = {
  ...shared,
  capabilities: { ...shared.capabilities, concurrentWriters: false },
  open: async (url, options) => (await import("./driver.ts")).openPglite(url, options),
};
