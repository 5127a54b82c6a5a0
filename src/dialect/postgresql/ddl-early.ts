import { enumKey, namedEnum } from "../../operation/apply-enum.ts";
import type { Operation } from "../../operation/operation.ts";
import type { Schema } from "../../schema/index.ts";
import { canonicalOrder } from "../../schema/order.ts";
import { addedValues } from "./ddl-enum.ts";
import { enumsOf, type NamedEnum, physicalType } from "./physical.ts";

/**
 * A value that an enum gets may not be used before the transaction that adds it has ended
 * (https://www.postgresql.org/docs/current/sql-altertype.html). Where something in the same plan may use it, it is
 * added ahead of the transaction; a value more harms nobody if the rest then fails.
 */
export function earlyEnumValues(
  operations: readonly Operation[],
  state: Schema,
): { readonly statements: readonly string[]; readonly state: Schema } {
  const standing = enumsOf(state);
  const early = new Map<string, NamedEnum>();
  const statements: string[] = [];
  for (const operation of operations) {
    const to = changedEnum(operation);
    if (to === null) continue;
    const from = early.get(enumKey(to)) ?? standing.get(enumKey(to));
    const added = from === undefined ? null : addedValues(from, to);
    if (from === undefined || added === null || added.length === 0) continue;
    const fresh = to.values.filter((value) => !from.values.includes(value));
    if (!operations.some((each) => mayUse(each, fresh))) continue;
    statements.push(...added);
    early.set(enumKey(to), to);
  }
  return statements.length === 0 ? { statements, state } : { statements, state: withEnums(state, early) };
}

function changedEnum(operation: Operation): NamedEnum | null {
  if (operation.kind !== "alterColumn" || operation.to.type === undefined) return null;
  return namedEnum(physicalType(operation.to.type, operation.table, operation.name));
}

/** Whether an operation may mention one of the values: in a default, an expression, or code of the user's own. */
function mayUse(operation: Operation, values: readonly string[]): boolean {
  if (operation.kind === "run" || operation.kind === "execute") return true;
  if (operation.kind === "alterColumn") {
    const { type: _, ...rest } = operation.to;
    return says({ ...rest, using: operation.using, values: operation.values }, values);
  }
  if (operation.kind === "createTable" || operation.kind === "addColumn") return says(operation, values);
  return says(operation, values);
}

function says(content: unknown, values: readonly string[]): boolean {
  const text = JSON.stringify(content);
  return values.some((value) => text.includes(JSON.stringify(value).slice(1, -1)));
}

function withEnums(state: Schema, early: ReadonlyMap<string, NamedEnum>): Schema {
  const others = state.enums.filter((each) => !early.has(enumKey(each)));
  return canonicalOrder({ ...state, enums: [...others, ...early.values()] });
}
