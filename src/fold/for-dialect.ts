import type { Operation } from "../operation/index.ts";

/**
 * The operations that one database runs: what `op.on` says for it, in place; what it says for others, left out.
 * `ids` are the database's own id and after it those whose blocks it takes where it has none of its own.
 */
export function operationsFor(
  operations: readonly Operation[],
  ids: readonly string[],
): readonly Operation[] {
  const own = ids.find((id) => operations.some((o) => o.kind === "onDialect" && o.dialect === id));
  return operations.flatMap((operation) => {
    if (operation.kind !== "onDialect") return [operation];
    return operation.dialect === own ? operationsFor(operation.operations, ids) : [];
  });
}
