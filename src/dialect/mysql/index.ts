import type { ColumnType } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import type { Codec, Dialect } from "../dialect.ts";
import { mysqlCodec } from "./codec.ts";
import {
  type Binding,
  hasReturning,
  isMariadb,
  mariadbDefault,
  mysqlDefault,
  parseVersion,
} from "./flavor.ts";
import { mysqlQuery } from "./query.ts";

export type { Binding, Flavor } from "./flavor.ts";

/** Dialects by flavor and version: one for each server, however many connections ask. */
const made = new Map<string, Dialect>();

/** The dialect of a server of this flavor and version, on the `mysql2` driver. */
export function mysqlDialect(binding: Binding): Dialect {
  const name = `${binding.flavor} ${binding.version.join(".")} ${binding.impliesTimestamps ?? false}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const dialect = makeDialect(binding);
  made.set(name, dialect);
  return dialect;
}

function makeDialect(binding: Binding): Dialect {
  return {
    id: binding.flavor,
    ...(isMariadb(binding) ? { standsInFor: ["mysql"] } : {}),
    capabilities: {
      transactionalDdl: false,
      returning: hasReturning(binding),
      updateReturning: false,
      namespaces: false,
      namedEnums: false,
      comments: true,
      exclusionConstraints: false,
      deferrableForeignKeys: false,
      alterConstraints: true,
      concurrentWriters: true,
      rowLocks: true,
      savepoints: true,
      maxIdentifierBytes: 64,
      maxParameters: 65_535,
    },
    query: mysqlQuery(binding),
    codec: (type: ColumnType): Codec => mysqlCodec(type),
    open: async (url, options) => (await import("./driver.ts")).openMysql(url, options),
    serverDialect,
    design: async () => (await import("./design.ts")).designFor(binding),
  };
}

/** What a server answers is what it is, whatever the URL called it. */
async function serverDialect(connection: Connection): Promise<Dialect> {
  const { rows } = await connection.query("SELECT VERSION(), @@explicit_defaults_for_timestamp");
  const [version, explicit] = rows[0] ?? [];
  return mysqlDialect({ ...parseVersion(String(version)), impliesTimestamps: Number(explicit) === 0 });
}

/** MySQL, until a server says which. */
export const mysql: Dialect = mysqlDialect(mysqlDefault);

/** MariaDB, until a server says which. */
export const mariadb: Dialect = mysqlDialect(mariadbDefault);
