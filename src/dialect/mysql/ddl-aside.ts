import { applyAll, type Operation } from "../../operation/index.ts";
import type { AlterColumn } from "../../operation/operation.ts";
import { mentions } from "../../schema/expression.ts";
import { type Column, findTable, type Schema, type Table, type TableRef } from "../../schema/index.ts";

/** When a computed column goes and when it comes again, by the places of operations. */
interface Absence {
  readonly column: Column;
  /** Before this one. */
  readonly from: number;
  /** After this one. */
  readonly until: number;
}

/**
 * The same operations, with computed columns that change out of the way while a column that they are or will be computed
 * from is converted in several steps: on the way it is of a type that the expression may not suit.
 */
export function withGeneratedAside(
  operations: readonly Operation[],
  state: Schema,
  isConverted: (operation: AlterColumn, table: Table) => boolean,
): readonly Operation[] {
  const [first] = operations;
  const named = first !== undefined && "table" in first ? first.table : null;
  const table = named === null ? undefined : findTable(state, named);
  if (table === undefined) return operations;
  const ref: TableRef = { schema: table.schema, name: table.name };
  const absences = absencesOf(operations, table, isConverted);
  if (absences.length === 0) return operations;
  const result: Operation[] = [];
  const after = new Map<string, readonly Operation[]>();
  let now = state;
  const add = (list: readonly Operation[]): void => {
    result.push(...list);
    now = applyAll(now, list);
  };
  for (const [at, operation] of operations.entries()) {
    for (const { column } of absences.filter(({ from }) => from === at)) {
      const standing = standingOn(findTable(now, ref) ?? table, column.name);
      after.set(column.name, standing.after);
      add([...standing.before, { kind: "dropColumn", table: ref, name: column.name, column }]);
    }
    const isAbsent = operation.kind === "alterColumn" && after.has(operation.name);
    if (!isAbsent) add([operation]);
    for (const { column } of absences.filter(({ until }) => until === at)) {
      const change = operations.find((each) => isChangeOf(each, column.name));
      const to = { ...column, ...(change?.kind === "alterColumn" ? change.to : {}) };
      add([{ kind: "addColumn", table: ref, column: to }, ...(after.get(column.name) ?? [])]);
    }
  }
  return result;
}

/** Computed columns whose expression changes, and that a conversion of another column meets. */
function absencesOf(
  operations: readonly Operation[],
  table: Table,
  isConverted: (operation: AlterColumn, table: Table) => boolean,
): readonly Absence[] {
  const converted = operations.flatMap((each, at) =>
    each.kind === "alterColumn" && isConverted(each, table) ? [{ at, name: each.name }] : [],
  );
  return table.columns.flatMap((column): Absence[] => {
    const at = operations.findIndex((each) => isChangeOf(each, column.name));
    const change = operations[at];
    if (column.generated === null || change?.kind !== "alterColumn") return [];
    if (table.foreignKeys.some((key) => key.columns.includes(column.name))) return [];
    const meets = (expression: string | undefined): readonly number[] =>
      converted.filter(({ name }) => mentions(expression ?? "", name)).map((each) => each.at);
    const from = Math.min(at, ...meets(column.generated.expression));
    const until = Math.max(at, ...meets(change.to.generated?.expression));
    return from === until ? [] : [{ column, from, until }];
  });
}

function isChangeOf(operation: Operation, name: string): boolean {
  return operation.kind === "alterColumn" && operation.name === name && "generated" in operation.to;
}

function standingOn(
  table: Table,
  name: string,
): { readonly before: readonly Operation[]; readonly after: readonly Operation[] } {
  const ref: TableRef = { schema: table.schema, name: table.name };
  const checks = table.checks.filter((check) => mentions(check.expression, name));
  const uniques = table.uniques.filter((unique) => unique.columns.includes(name));
  const indexes = table.indexes.filter((index) =>
    index.parts.some(
      (part) => part.column === name || (part.expression !== null && mentions(part.expression, name)),
    ),
  );
  return {
    before: [
      ...checks.map((check): Operation => ({ kind: "dropCheck", table: ref, name: check.name, check })),
      ...uniques.map((unique): Operation => ({ kind: "dropUnique", table: ref, name: unique.name, unique })),
      ...indexes.map((index): Operation => ({ kind: "dropIndex", table: ref, name: index.name, index })),
    ],
    after: [
      ...checks.map((check): Operation => ({ kind: "addCheck", table: ref, check })),
      ...uniques.map((unique): Operation => ({ kind: "addUnique", table: ref, unique })),
      ...indexes.map((index): Operation => ({ kind: "createIndex", table: ref, index })),
    ],
  };
}
