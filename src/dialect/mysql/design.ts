import type { Connection } from "../connection.ts";
import type { DesignDialect, ServerDescription } from "../design.ts";
import { adapted } from "./adapt.ts";
import { canonical } from "./canonical.ts";
import { ddlFor } from "./ddl.ts";
import { diagnose } from "./diagnose.ts";
import { type Binding, isMariadb, productName, refuseOld } from "./flavor.ts";
import { liveEffect } from "./hazards.ts";
import { inspectorFor } from "./inspect.ts";
import { nameLimit, quoteName } from "./quote.ts";
import { rulesFor } from "./rules.ts";
import { blockers, limit, lockHolder, tryLock } from "./run.ts";
import { databasesNamed } from "./scratch-database.ts";
import { unsupported } from "./unsupported.ts";

/** The half that only design time loads, for one server. Throws `DATABASE.TOO_OLD`. */
export function designFor(binding: Binding): DesignDialect {
  refuseOld(binding);
  return {
    inspector: inspectorFor(binding),
    describeServer: (connection) => describeServer(connection, binding),
    rules: rulesFor(binding),
    ddl: ddlFor(binding),
    canonical: (schema, connection, standing) => canonical(schema, connection, binding, standing),
    nameLimit,
    adapted: (operation, state) => adapted(operation, state, binding),
    databases: {
      create: (name) => `CREATE DATABASE ${quoteName(name)}`,
      drop: (name) => `DROP DATABASE IF EXISTS ${quoteName(name)}`,
      named: databasesNamed,
      server: "SELECT CONCAT_WS('/', @@hostname, @@port, DATABASE())",
    },
    tryLock,
    lockHolder,
    blockers,
    limit: (connection, limits) => limit(connection, limits, binding),
    limitsStatements: isMariadb(binding),
    diagnose,
    liveEffect: (operation, state) => liveEffect(operation, state, binding),
    unsupported: (schema) => unsupported(schema, binding),
  };
}

async function describeServer(connection: Connection, binding: Binding): Promise<ServerDescription> {
  const { rows } = await connection.query("SELECT VERSION()");
  const version = String(rows[0]?.[0]).split("-", 1)[0] ?? "";
  return { product: `${productName(binding)} ${version}`, namespace: null };
}
