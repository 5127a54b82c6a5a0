import type { Operation } from "../operation/index.ts";
import { type Schema, type TableRef, tableKey } from "../schema/index.ts";
import { canonicalOrder } from "../schema/order.ts";
import { type Place, placeRefs } from "../schema/place.ts";

/**
 * Between the logical names of models and migration files and those of one database. Whatever comes from files or
 * models is put in its place once, where it is read; whatever is written to a file is put back.
 */
export class Placement {
  readonly #place: Place | null;
  /** What every placed name was in logical words. */
  readonly #logical = new Map<string, TableRef>();

  constructor(place: Place | undefined) {
    this.#place = place ?? null;
  }

  /** Models, as the database is to have them. */
  schema(schema: Schema): Schema {
    if (this.#place === null) return schema;
    const placed = this.#placed(schema);
    return canonicalOrder({
      ...placed,
      namespaces: placed.namespaces.filter((name) => this.#isSchema(name)),
    });
  }

  /** Names of models and renames, as the database has them. */
  refs<T>(value: T): T {
    return this.#place === null ? value : this.#placed(value);
  }

  /** What a file says, as it is to be done here; what has nothing to do here is left out. */
  operations(operations: readonly Operation[]): readonly Operation[] {
    if (this.#place === null) return operations;
    return operations.flatMap((operation): Operation[] => {
      if (operation.kind === "createNamespace" || operation.kind === "dropNamespace")
        return this.#isSchema(operation.name) ? [operation] : [];
      if (operation.kind === "onDialect")
        return [{ ...operation, operations: this.operations(operation.operations) }];
      if (operation.kind === "execute" || operation.kind === "run") {
        const { changes } = operation;
        return [changes === null ? operation : { ...operation, changes: this.operations(changes) }];
      }
      const placed = this.#placed(operation);
      if (placed.kind === "renameTable" && tableKey(placed.from) === tableKey(placed.to)) return [];
      return [placed];
    });
  }

  /** The name in logical words. */
  logical(ref: TableRef): TableRef {
    return this.#logical.get(tableKey(ref)) ?? ref;
  }

  /** Operations, a schema, whatever has names, in logical words. */
  written<T>(value: T): T {
    return this.#logical.size === 0 ? value : placeRefs(value, (ref) => this.logical(ref));
  }

  /**
   * What a database with schemas would have to do to its schemas between a history and models, and this one has not to:
   * a file is for every database, whichever it was made with.
   */
  namespaceChanges(made: ReadonlySet<string>, wanted: Iterable<string>): readonly Operation[] {
    const needed = new Set([...wanted].filter((name) => !this.#isSchema(name)));
    const create = [...needed].filter((name) => !made.has(name)).sort();
    const drop = [...made].filter((name) => !this.#isSchema(name) && !needed.has(name)).sort();
    return [
      ...create.map((name): Operation => ({ kind: "createNamespace", name })),
      ...drop.map((name): Operation => ({ kind: "dropNamespace", name })),
    ];
  }

  #isSchema(name: string): boolean {
    return this.#place === null || this.#place({ schema: name, name: "table" }).schema !== null;
  }

  #placed<T>(value: T): T {
    return placeRefs(value, (ref) => {
      const there = this.#place?.(ref) ?? ref;
      if (there !== ref && tableKey(there) !== tableKey(ref)) this.#logical.set(tableKey(there), ref);
      return there;
    });
  }
}
