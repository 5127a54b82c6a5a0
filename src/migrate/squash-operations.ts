import type { DiffRules } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { isAthanorError } from "../errors/index.ts";
import { apply, applyAll, type Operation } from "../operation/index.ts";
import { emptySchema, findTable, type Schema, type TableRef, tableKey } from "../schema/index.ts";

/** The ids of dialects whose blocks another one takes where it has none of its own. */
export type StandIns = ReadonlyMap<string, readonly string[]>;

/**
 * Several lists of operations as one. A dialect takes another's blocks where a list has none of its own: where one list
 * has and another has not, the latter gets copies, so that in the whole each still means what it meant.
 */
export function joined(lists: readonly (readonly Operation[])[], standIns: StandIns): readonly Operation[] {
  const named = new Set(lists.flatMap(dialectsIn));
  return lists.flatMap((list) => {
    const own = dialectsIn(list);
    const copied = [...named].filter((id) => !own.includes(id));
    return list.flatMap((operation): readonly Operation[] => {
      if (operation.kind !== "onDialect") return [operation];
      const copies = copied.filter(
        (id) => standIns.get(id)?.find((each) => own.includes(each)) === operation.dialect,
      );
      return [operation, ...copies.map((dialect) => ({ ...operation, dialect }))];
    });
  });
}

function dialectsIn(list: readonly Operation[]): readonly string[] {
  return list.flatMap((operation) => (operation.kind === "onDialect" ? [operation.dialect] : []));
}

/**
 * The same with tables made as they are in the end: what is done to a table between the operation that makes it and the
 * next statement of somebody's own goes into it. Null where there is nothing to gain, or it cannot be told.
 */
export function simplified(
  operations: readonly Operation[],
  before: Schema,
  rules: DiffRules,
): readonly Operation[] | null {
  try {
    const result = simplify(operations, before, rules);
    return result.length < operations.length ? result : null;
  } catch (error) {
    if (isAthanorError(error)) return null;
    throw error;
  }
}

function simplify(operations: readonly Operation[], before: Schema, rules: DiffRules): readonly Operation[] {
  const result: Operation[] = [];
  let state = before;
  let stretch: Operation[] = [];
  const flush = (): void => {
    result.push(...(simplifyStretch(stretch, state, rules) ?? stretch));
    state = applyAll(state, stretch);
    stretch = [];
  };
  for (const operation of operations) {
    if (isAboutTables(operation)) {
      stretch.push(operation);
      continue;
    }
    flush();
    result.push(operation);
    state = operation.kind === "onDialect" ? state : apply(state, operation);
  }
  flush();
  return result;
}

/** Whether an operation can be moved past others: what is somebody's own, or no table, stands where it stands. */
function isAboutTables({ kind }: Operation): boolean {
  return ![
    "execute",
    "run",
    "onDialect",
    "createObject",
    "dropObject",
    "replaceObject",
    "createNamespace",
    "dropNamespace",
  ].includes(kind);
}

/** Null where a new table has the name of an old one, so that the order cannot be changed. */
function simplifyStretch(
  stretch: readonly Operation[],
  before: Schema,
  rules: DiffRules,
): readonly Operation[] | null {
  const made = new Set<string>();
  const early: Operation[] = [];
  const late: Operation[] = [];
  let state = before;
  for (const operation of stretch) {
    const subject = subjectOf(operation);
    const own = subject !== null && made.has(tableKey(subject));
    if (operation.kind === "createTable") {
      if (findTable(before, operation.table) !== undefined) return null;
      made.add(tableKey(operation.table));
    } else if (own && operation.kind === "renameTable") {
      made.delete(tableKey(operation.from));
      made.add(tableKey(operation.to));
      if (findTable(before, operation.to) !== undefined) return null;
    } else if (own && operation.kind === "dropTable") made.delete(tableKey(operation.name));
    else if (!own) (refersTo(operation, made) ? late : early).push(operation);
    state = apply(state, operation);
  }
  if (made.size === 0) return null;
  const tables = state.tables.filter((table) => made.has(tableKey(table)));
  return [...early, ...diff(emptySchema, { ...emptySchema, tables }, rules), ...late];
}

/** The table that an operation makes, drops or changes. */
function subjectOf(operation: Operation): TableRef | null {
  if (operation.kind === "createTable") return operation.table;
  if (operation.kind === "dropTable") return operation.name;
  if (operation.kind === "renameTable") return operation.from;
  return "table" in operation && operation.table !== null ? (operation.table as TableRef) : null;
}

function refersTo(operation: Operation, made: ReadonlySet<string>): boolean {
  return operation.kind === "addForeignKey" && made.has(tableKey(operation.foreignKey.references));
}
