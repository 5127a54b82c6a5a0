import type { Operation } from "./operation.ts";

/**
 * The operations that one database runs: what `op.on` says for it, in place; what it says for others, left out, and
 * objects of other dialects with it.
 * `ids` are the database's own id and after it those whose blocks it takes where it has none of its own.
 */
export function operationsFor(
  operations: readonly Operation[],
  ids: readonly string[],
): readonly Operation[] {
  const own = ids.find((id) => operations.some((o) => o.kind === "onDialect" && o.dialect === id));
  return operations.flatMap((operation) => {
    const of = dialectOf(operation);
    if (of !== null && !ids.includes(of)) return [];
    if (operation.kind !== "onDialect") return [operation];
    return operation.dialect === own ? operationsFor(operation.operations, ids) : [];
  });
}

/** The dialect of an object that is for one alone. */
function dialectOf(operation: Operation): string | null {
  if (operation.kind === "createObject") return operation.object.dialect;
  if (operation.kind === "dropObject") return operation.ref.dialect;
  return operation.kind === "replaceObject" ? operation.to.dialect : null;
}
