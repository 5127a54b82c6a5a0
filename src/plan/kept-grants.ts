import type { Operation } from "../operation/operation.ts";
import {
  grantedWord,
  isGrantOn,
  type ObjectRef,
  objectKey,
  type Schema,
  type SchemaObject,
} from "../schema/index.ts";

/** What an object granted before it was dropped, and who owned it. */
interface Kept {
  readonly grants: readonly SchemaObject[];
  readonly owner: string | undefined;
}

/**
 * Who may use what is dropped and made again in one plan, and whose it is: the same as before, whoever granted it. What
 * the plan itself says of a grant goes before.
 */
export class KeptGrants {
  /** What is made, and the grants that the plan speaks of. */
  readonly #made: ReadonlySet<string>;
  readonly #kept = new Map<string, Kept>();

  constructor(operations: readonly Operation[]) {
    this.#made = new Set(
      operations.flatMap((each) => (each.kind === "createObject" ? [keyOf(each.object)] : [])),
    );
  }

  /** The operations in place of one: those of grants after what is made. `state` is the schema before it. */
  with(operation: Operation, state: Schema): readonly Operation[] {
    if (operation.kind === "dropObject") this.#remember(operation.ref, state);
    const kept = operation.kind === "createObject" ? this.#kept.get(keyOf(operation.object)) : undefined;
    if (operation.kind !== "createObject" || kept === undefined) return [operation];
    const { object } = operation;
    const facts = kept.owner === undefined ? {} : { facts: { ...object.facts, owner: kept.owner } };
    return [
      { ...operation, object: { ...object, ...facts } },
      ...kept.grants.map((grant): Operation => ({ kind: "createObject", object: grant })),
    ];
  }

  #remember(ref: ObjectRef, state: Schema): void {
    const key = keyOf(ref);
    if (!this.#made.has(key) || ref.kind === "grant") return;
    const own = state.objects.find((each) => objectKey(each) === objectKey(ref));
    const grants = state.objects.filter((each) => isGrantOn(each, ref) && !this.#made.has(keyOf(each)));
    this.#kept.set(key, { grants, owner: own?.facts?.owner });
  }
}

/** The key of what is granted on: a type may come again as one of another kind. */
function keyOf(ref: ObjectRef): string {
  return objectKey(grantedWord(ref.kind) === "TYPE" ? { ...ref, kind: "domain" } : ref);
}
