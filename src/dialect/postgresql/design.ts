import type { Connection } from "../connection.ts";
import type { DesignDialect, ServerDescription } from "../design.ts";
import { shortenedOperation } from "../short-name.ts";
import { canonical } from "./canonical.ts";
import { gentle } from "./concurrent.ts";
import { ddlFor } from "./ddl.ts";
import { diagnose } from "./diagnose.ts";
import { liveEffect } from "./hazards.ts";
import { inspector } from "./inspect.ts";
import { present } from "./present.ts";
import { nameLimit, quoteName, quoteString } from "./quote.ts";
import { rules } from "./rules.ts";
import { blockers, limit, lockHolder, tryLock } from "./run.ts";
import { unsupported } from "./unsupported.ts";
import { refuseOld, type Version } from "./version.ts";

/** The half that only design time loads, for servers of one version. Throws `DATABASE.TOO_OLD`. */
export function designFor(version: Version): DesignDialect {
  refuseOld(version);
  return {
    inspector,
    present,
    describeServer,
    rules,
    ddl: ddlFor(version),
    canonical,
    nameLimit,
    adapted: (operation) => shortenedOperation(operation, nameLimit),
    databases: {
      create: (name) => `CREATE DATABASE ${quoteName(name)} TEMPLATE template0`,
      drop: (name) => `DROP DATABASE IF EXISTS ${quoteName(name)}`,
      named: (prefix) =>
        `SELECT datname FROM pg_database WHERE left(datname, ${prefix.length}) = ${quoteString(prefix)}`,
      server: "SELECT current_database()",
    },
    tryLock,
    lockHolder,
    blockers,
    limit,
    limitsStatements: true,
    diagnose,
    liveEffect,
    gentle,
    unsupported: (schema) => unsupported(schema, version),
  };
}

async function describeServer(connection: Connection): Promise<ServerDescription> {
  const { rows } = await connection.query("SELECT current_setting('server_version'), current_schema()");
  const [version, namespace] = rows[0] ?? [];
  return {
    product: `PostgreSQL ${String(version)}`,
    namespace: typeof namespace === "string" ? namespace : null,
  };
}
