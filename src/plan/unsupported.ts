import type { DesignDialect } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { apply } from "../operation/apply.ts";
import { describe, type Operation } from "../operation/index.ts";
import { emptySchema, findTable, type Schema, type TableRef } from "../schema/index.ts";

/** The table that an operation brings to what the database may not have; null for operations that bring nothing. */
function tableOf(operation: Operation): TableRef | null {
  switch (operation.kind) {
    case "createTable":
    case "addColumn":
    case "alterColumn":
    case "addPrimaryKey":
    case "addUnique":
    case "addForeignKey":
    case "addCheck":
    case "addExclusion":
    case "createIndex":
      return operation.table;
    default:
      return null;
  }
}

/**
 * Refuses operations after which the database would keep something with another meaning, or not at all: of a
 * migration that was written on one database and runs on another. What was so before is left alone, and so is what a
 * later operation sets right. Throws `PLAN.UNSUPPORTED`.
 */
export function refuseUnsupported(
  operations: readonly Operation[],
  state: Schema,
  design: DesignDialect,
): void {
  const pending: { readonly operation: Operation; readonly table: TableRef; readonly reason: string }[] = [];
  let now = state;
  for (const said of operations) {
    const table = tableOf(said);
    const adapted = design.adapted?.(said, now) ?? said;
    const next = apply(now, adapted);
    if (table !== null) {
      const old = reasons(now, table, design);
      const kept = reasons(next, table, design);
      const asSaid = adapted === said ? kept : reasons(apply(now, said), table, design);
      for (const reason of asSaid.difference(old)) {
        if (!kept.has(reason)) throw refusal(said, [reason]);
        pending.push({ operation: said, table, reason });
      }
    }
    now = next;
  }
  const left = pending.filter(({ table, reason }) => reasons(now, table, design).has(reason));
  const [first] = left;
  if (first === undefined) return;
  const same = left.filter(({ operation }) => operation === first.operation);
  throw refusal(
    first.operation,
    same.map(({ reason }) => reason),
  );
}

/** Why the database cannot hold the table as it is. */
function reasons(schema: Schema, ref: TableRef, design: DesignDialect): Set<string> {
  const table = findTable(schema, ref);
  return new Set(table === undefined ? [] : design.unsupported({ ...emptySchema, tables: [table] }));
}

function refusal(operation: Operation, why: readonly string[]): AthanorError<"PLAN.UNSUPPORTED"> {
  return new AthanorError("PLAN.UNSUPPORTED", { operation: describe(operation), reason: why.join(" ") });
}
