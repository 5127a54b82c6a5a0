import type { Operation } from "../operation/operation.ts";
import {
  findColumn,
  findObject,
  findTable,
  objectKey,
  publishedText,
  type Schema,
  type SchemaObject,
  type Table,
  type TableRef,
  tableKey,
  withPublished,
} from "../schema/index.ts";

/** What a publication said of a table before that was dropped. */
interface Kept {
  readonly publication: SchemaObject;
  readonly text: string;
  /** Whether it can be said of the table that comes in its place. */
  readonly holds: (table: Table) => boolean;
}

/**
 * What publishes a table that is dropped and made again in one plan: it does so afterwards, whoever made it. A
 * publication that the plan itself speaks of is left to that, and so is a table that lacks a column which one names.
 */
export class KeptPublications {
  /** The tables that are made, and the publications that the plan speaks of. */
  readonly #made: ReadonlySet<string>;
  readonly #spoken: ReadonlySet<string>;
  readonly #kept = new Map<string, readonly Kept[]>();

  constructor(operations: readonly Operation[]) {
    this.#made = new Set(
      operations.flatMap((each) => (each.kind === "createTable" ? [tableKey(each.table)] : [])),
    );
    this.#spoken = new Set(
      operations.flatMap((each) => {
        if (each.kind === "createObject") return [objectKey(each.object)];
        if (each.kind === "dropObject") return [objectKey(each.ref)];
        return each.kind === "replaceObject" ? [objectKey(each.to)] : [];
      }),
    );
  }

  /** The operations in place of one: publications get back a table that is made. `state` is the schema before it. */
  with(operation: Operation, state: Schema): readonly Operation[] {
    if (operation.kind === "dropTable") this.#remember(operation.name, state);
    if (operation.kind !== "createTable") return [operation];
    const { table } = operation;
    const kept = this.#kept.get(tableKey(table)) ?? [];
    return [
      operation,
      ...kept.flatMap(({ publication, text, holds }): Operation[] => {
        const from = findObject(state, publication);
        if (from === undefined || !holds(table)) return [];
        return [
          { kind: "replaceObject", from, to: { ...from, definition: withPublished(from.definition, text) } },
        ];
      }),
    ];
  }

  #remember(ref: TableRef, state: Schema): void {
    const old = findTable(state, ref);
    if (old === undefined || !this.#made.has(tableKey(ref))) return;
    const kept = state.objects.flatMap((publication): Kept[] => {
      if (publication.kind !== "publication" || this.#spoken.has(objectKey(publication))) return [];
      const said = publishedText(publication.definition, ref);
      if (said === null) return [];
      const holds = (table: Table): boolean =>
        old.columns.every(({ name }) => findColumn(table, name) !== undefined || !said.names(name));
      return [{ publication, text: said.text, holds }];
    });
    this.#kept.set(tableKey(ref), kept);
  }
}
