import type { ColumnType } from "../../schema/index.ts";
import type { Codec, Dialect } from "../dialect.ts";
import { sqliteCodec } from "./codec.ts";
import { sqliteQuery } from "./query.ts";

/** SQLite, on Node's built-in driver. */
export const sqlite: Dialect = {
  id: "sqlite",
  scratchUrl: "sqlite://",
  capabilities: {
    transactionalDdl: true,
    returning: true,
    updateFromValues: true,
    namespaces: false,
    namedEnums: false,
    comments: false,
    exclusionConstraints: false,
    deferrableForeignKeys: true,
    alterConstraints: false,
    concurrentWriters: false,
    rowLocks: false,
    savepoints: true,
    maxIdentifierBytes: Number.MAX_SAFE_INTEGER,
    maxParameters: 32_766,
  },
  query: sqliteQuery,
  codec: (type: ColumnType): Codec => sqliteCodec(type),
  open: async (url, options) => (await import("./driver.ts")).openSqlite(url, options),
  design: async () => (await import("./design.ts")).design,
};
