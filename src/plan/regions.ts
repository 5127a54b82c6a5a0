import type { Operation } from "../operation/operation.ts";
import { type Schema, type TableRef, tableKey } from "../schema/index.ts";

/** An operation with its place in the list. */
export interface Placed {
  readonly operation: Operation;
  readonly at: number;
}

/** An operation with the schema it meets. */
export interface Visit extends Placed {
  readonly before: Schema;
}

/**
 * A run of operations in which those of different tables may change places, renames come first, and one table may
 * be made anew once for all of its operations; or one step whose effect is not known.
 */
export type Region =
  | { readonly kind: "region"; readonly placed: readonly Placed[] }
  | { readonly kind: "opaque"; readonly placed: Placed };

/** Cuts a list of operations wherever their order among tables counts. */
export function regions(operations: readonly Operation[]): readonly Region[] {
  const result: Region[] = [];
  let open = new OpenRegion();
  const close = (): void => {
    if (open.placed.length > 0) result.push({ kind: "region", placed: open.placed });
    open = new OpenRegion();
  };
  operations.forEach((operation, at) => {
    if (operation.kind === "execute" || operation.kind === "run" || operation.kind === "onDialect") {
      close();
      result.push({ kind: "opaque", placed: { operation, at } });
      return;
    }
    if (!open.admits(operation)) close();
    open.add({ operation, at });
  });
  close();
  return result;
}

/** Operations of the schema alone. */
type SchemaOperation = Exclude<Operation, { kind: "execute" | "run" | "onDialect" }>;

class OpenRegion {
  readonly placed: Placed[] = [];
  /** Tables that operations so far are about or refer to. */
  readonly #touched = new Set<string>();
  /** Names that became free, with the table they were of. */
  readonly #freed = new Map<string, string>();
  #namespaces = false;
  #object = false;

  /** Whether the operation may change places with those that are in already, where it is not about the same table. */
  admits(operation: SchemaOperation): boolean {
    if (this.placed.length === 0) return true;
    if (this.#object) return false;
    switch (operation.kind) {
      case "renameTable":
        return !this.#touches(operation.from) && !this.#touches(operation.to) && !this.#namespaces;
      case "renameColumn":
      case "dropTable":
        return !this.#touches(operation.kind === "dropTable" ? operation.name : operation.table);
      case "createTable":
        return (
          !this.#freed.has(tableKey(operation.table)) &&
          operation.table.indexes.every((index) => this.#isFree(index.name, null))
        );
      case "createIndex":
        return this.#isFree(operation.index.name, tableKey(operation.table));
      case "createNamespace":
      case "dropNamespace":
        return false;
      default:
        return !isOnObject(operation);
    }
  }

  #touches(ref: TableRef): boolean {
    return this.#touched.has(tableKey(ref));
  }

  /** A name that another table gave up can only be taken after that. */
  #isFree(name: string, table: string | null): boolean {
    const freed = this.#freed.get(name);
    return freed === undefined || freed === table;
  }

  add(placed: Placed & { readonly operation: SchemaOperation }): void {
    const { operation } = placed;
    this.placed.push(placed);
    for (const ref of tablesOf(operation)) this.#touched.add(tableKey(ref));
    if (operation.kind === "dropIndex") this.#freed.set(operation.name, tableKey(operation.table));
    if (operation.kind === "createNamespace" || operation.kind === "dropNamespace") this.#namespaces = true;
    if (isOnObject(operation)) this.#object = true;
    if (operation.kind === "renameTable") this.#freed.set(tableKey(operation.from), tableKey(operation.to));
    if (operation.kind !== "dropTable") return;
    const key = tableKey(operation.name);
    this.#freed.set(key, key);
    for (const index of operation.table?.indexes ?? []) this.#freed.set(index.name, key);
  }
}

/** What stands on tables goes before they get other names, and comes after. */
function isOnObject({ kind }: SchemaOperation): boolean {
  return kind === "createObject" || kind === "dropObject" || kind === "replaceObject";
}

/** The tables an operation is about or refers to. */
function tablesOf(operation: SchemaOperation): readonly TableRef[] {
  switch (operation.kind) {
    case "createTable":
      return [operation.table, ...operation.table.foreignKeys.map((key) => key.references)];
    case "dropTable":
      return [operation.name];
    case "renameTable":
      return [operation.from, operation.to];
    case "createNamespace":
    case "dropNamespace":
    case "createObject":
    case "dropObject":
    case "replaceObject":
      return [];
    case "addForeignKey":
      return [operation.table, operation.foreignKey.references];
    default:
      return [operation.table];
  }
}
