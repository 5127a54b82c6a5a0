import type { Operation } from "../../operation/operation.ts";
import { findTable, type Schema } from "../../schema/index.ts";
import type { LiveEffect } from "../hazards.ts";
import { ddl } from "./ddl.ts";

/** Whatever writes has the whole file to itself; readers go on where it is in WAL mode. */
const lock = "write lock of the database";

/** What an operation does to a table that is in use. */
export function liveEffect(operation: Operation, state: Schema): LiveEffect {
  if (operation.kind === "execute" || operation.kind === "run" || operation.kind === "onDialect")
    return { lock, blocks: "writes", duration: "unknown", hazards: [] };
  if (operation.kind === "createIndex") return { lock, blocks: "writes", duration: "build", hazards: [] };
  const table = "table" in operation && operation.table ? findTable(state, operation.table) : undefined;
  if (table !== undefined && operation.kind !== "createTable" && ddl.needsRebuild(operation, table)) {
    const why = "ALTER TABLE cannot do this: the table is made anew, and nobody else can write meanwhile";
    return {
      lock,
      blocks: "writes",
      duration: "rewrite",
      hazards: [{ kind: "rewrite", why, safe: [], ofTable: true, mild: true }],
    };
  }
  // DROP COLUMN and DROP TABLE write too: the rows without the column, the pages that are free.
  const duration =
    operation.kind === "dropColumn" ? "rewrite" : operation.kind === "dropTable" ? "scan" : "instant";
  return { lock, blocks: "writes", duration, hazards: [] };
}
