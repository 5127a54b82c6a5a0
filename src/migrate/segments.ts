import { canChangeSchema } from "../fold/index.ts";
import type { Operation } from "../operation/index.ts";

/** Operations that are planned against one look at the database. */
export interface Segment {
  readonly operations: readonly Operation[];
  /** The place of the first of them in the whole list. */
  readonly start: number;
}

/**
 * Cuts a list of operations after every step whose outcome only the database knows: what follows is planned
 * against the schema as it stands then. Those before `from` are left out.
 */
export function segments(operations: readonly Operation[], from = 0): readonly Segment[] {
  const cut: Segment[] = [];
  let start = from;
  operations.forEach((operation, i) => {
    if (i < from) return;
    if (!isOpaque(operation) && i < operations.length - 1) return;
    cut.push({ operations: operations.slice(start, i + 1), start });
    start = i + 1;
  });
  return cut;
}

/** Whether the schema after the step has to be looked at. */
function isOpaque(operation: Operation): boolean {
  if (operation.kind === "run") return operation.changes === null || operation.changes.length > 0;
  if (operation.kind !== "execute") return false;
  return operation.changes === null ? canChangeSchema(operation.sql) : operation.changes.length > 0;
}
