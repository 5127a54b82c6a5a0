import type { Schema } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import type { DesignDialect, ServerDescription } from "../design.ts";
import { canonicalSchema } from "./canonical.ts";
import { ddl } from "./ddl.ts";
import { diagnose } from "./diagnose.ts";
import { liveEffect } from "./hazards.ts";
import { inspector } from "./inspect.ts";
import { rules } from "./rules.ts";
import { tryLockAcross } from "./run.ts";
import { unsupported } from "./unsupported.ts";

/** The half of SQLite that only design time loads. */
export const design: DesignDialect = {
  inspector,
  describeServer,
  rules,
  ddl,
  tryLockAcross,
  diagnose,
  liveEffect,
  canonical: async (schema: Schema): Promise<Schema> => canonicalSchema(schema),
  unsupported,
};

async function describeServer(connection: Connection): Promise<ServerDescription> {
  const { rows } = await connection.query("SELECT sqlite_version()");
  return { product: `SQLite ${String(rows[0]?.[0])}`, namespace: null };
}
