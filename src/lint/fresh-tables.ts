import type { Operation } from "../operation/index.ts";
import { type TableRef, tableKey } from "../schema/index.ts";

/** Tables that are made on the way: empty, and known to nobody yet. */
export class FreshTables {
  readonly #keys = new Set<string>();

  /** Whether an operation is about such a table. */
  has(operation: Operation): boolean {
    const table = tableOf(operation);
    return table !== null && this.#keys.has(tableKey(table));
  }

  /** Takes note of what an operation makes, renames and drops; what raw statements say of themselves too. */
  follow(operation: Operation): void {
    if (operation.kind === "createTable") this.#keys.add(tableKey(operation.table));
    else if (operation.kind === "dropTable") this.#keys.delete(tableKey(operation.name));
    else if (operation.kind === "renameTable" && this.#keys.delete(tableKey(operation.from)))
      this.#keys.add(tableKey(operation.to));
    else if (operation.kind === "execute" || operation.kind === "run")
      for (const change of operation.changes ?? []) this.follow(change);
  }
}

/** The table that an operation changes; null where it changes none. */
function tableOf(operation: Operation): TableRef | null {
  if (operation.kind === "dropTable") return operation.name;
  if (operation.kind === "renameTable") return operation.from;
  return "table" in operation ? operation.table : null;
}
