import { AthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/index.ts";
import { apply, describe } from "../operation/index.ts";
import { emptySchema, type Schema } from "../schema/index.ts";
import type { Script } from "../script/index.ts";
import { operationsFor } from "./for-dialect.ts";
import { canChangeSchema } from "./raw-statement.ts";

/** A step that does something to the schema which the history does not say. */
export interface UnknownStep {
  readonly revision: string;
  readonly file: string;
  /** The data step's name, or the statement. */
  readonly step: string;
}

/** A history replayed in memory. */
export interface Folded {
  /** The schema in logical types, as far as the history says it. */
  readonly schema: Schema;
  /** Where it is silent. Empty, the schema is whole. */
  readonly unknown: readonly UnknownStep[];
}

/** A history before its first revision. */
export const emptyFold: Folded = { schema: emptySchema, unknown: [] };

/**
 * Replays the upgrades of `scripts`, in the order given, on top of `from`. `ids` name the database whose `op.on`
 * blocks count. Throws `MIGRATE.HISTORY_BROKEN` where a file does not fit what came before it.
 */
export function fold(scripts: readonly Script[], ids: readonly string[], from: Folded = emptyFold): Folded {
  return scripts.reduce((state, script) => foldOperations(script, script.upgrade, ids, state), from);
}

/** Replays one direction of one file on top of `from`. */
export function foldOperations(
  script: Script,
  operations: readonly Operation[],
  ids: readonly string[],
  from: Folded,
): Folded {
  let { schema } = from;
  const unknown: UnknownStep[] = [...from.unknown];
  for (const operation of operationsFor(operations, ids)) {
    const silent = unsaid(operation);
    if (silent !== null) unknown.push({ revision: script.revision, file: script.file, step: silent });
    for (const change of said(operation, ids)) schema = step(script, schema, change);
  }
  return { schema, unknown };
}

/** What an operation does to the schema, in operations of the schema alone. */
function said(operation: Operation, ids: readonly string[]): readonly Operation[] {
  if (operation.kind !== "execute" && operation.kind !== "run") return [operation];
  return operationsFor(operation.changes ?? [], ids).flatMap((change) => said(change, ids));
}

/** The name of a step that may change the schema without saying how. */
function unsaid(operation: Operation): string | null {
  if (operation.kind === "run") return operation.changes === null ? operation.name : null;
  if (operation.kind !== "execute" || operation.changes !== null) return null;
  return canChangeSchema(operation.sql) ? operation.sql : null;
}

function step(script: Script, schema: Schema, operation: Operation): Schema {
  try {
    return apply(schema, operation);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AthanorError(
      "MIGRATE.HISTORY_BROKEN",
      { file: script.file, operation: describe(operation), reason },
      { cause: error },
    );
  }
}
