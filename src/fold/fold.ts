import { AthanorError } from "../errors/index.ts";
import { operationsFor } from "../operation/for-dialect.ts";
import type { Operation } from "../operation/index.ts";
import { apply, describe } from "../operation/index.ts";
import { canChangeSchema } from "../operation/raw-statement.ts";
import { emptySchema, type Schema } from "../schema/index.ts";
import type { Script } from "../script/index.ts";

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

/**
 * Replays one direction of one file on top of `from`. What does not fit after a silent step may well fit what
 * that step made: it is passed over, and counts as unknown itself.
 */
export function foldOperations(
  script: Script,
  operations: readonly Operation[],
  ids: readonly string[],
  from: Folded,
): Folded {
  let { schema } = from;
  const unknown: UnknownStep[] = [...from.unknown];
  const cannotTell = (step: string): void => {
    unknown.push({ revision: script.revision, file: script.file, step });
  };
  for (const operation of operationsFor(operations, ids)) {
    const silent = unsaid(operation);
    if (silent !== null) cannotTell(silent);
    for (const change of said(operation, ids)) {
      try {
        schema = apply(schema, change);
      } catch (error) {
        if (unknown.length === 0) throw broken(script, change, error);
        cannotTell(describe(change));
      }
    }
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

function broken(script: Script, operation: Operation, cause: unknown): AthanorError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const fields = { file: script.file, operation: describe(operation), reason };
  return new AthanorError("MIGRATE.HISTORY_BROKEN", fields, { cause });
}
