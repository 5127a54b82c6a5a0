import { AthanorError } from "../errors/index.ts";
import {
  findColumn,
  findObject,
  findTable,
  objectRef,
  type Schema,
  type Table,
  type TableRef,
} from "../schema/index.ts";
import { type ApplyOptions, apply } from "./apply.ts";
import { describe } from "./describe.ts";
import type { AlterColumn, ColumnChange, Operation } from "./operation.ts";

/**
 * The operations that undo `operations`, last first. What an operation takes away is read from it, or, where it
 * does not say, from the schema it was applied to: `before` is the schema ahead of the first. Throws
 * `OPERATION.IRREVERSIBLE` for a raw statement or data step that does not say what it changes.
 */
export function reverse(
  operations: readonly Operation[],
  before: Schema,
  options: ApplyOptions = {},
): Operation[] {
  const undone: Operation[][] = [];
  let state = before;
  for (const operation of operations) {
    undone.push(reverseOne(operation, state, options));
    state = apply(state, operation, options);
  }
  return undone.reverse().flat();
}

function reverseOne(operation: Operation, state: Schema, options: ApplyOptions): Operation[] {
  switch (operation.kind) {
    case "createTable":
      return [{ kind: "dropTable", name: refOf(operation.table), table: operation.table }];
    case "dropTable":
      return [
        { kind: "createTable", table: operation.table ?? known(findTable(state, operation.name), operation) },
      ];
    case "renameTable":
      return [{ kind: "renameTable", from: operation.to, to: operation.from }];
    case "renameColumn":
      return [{ ...operation, from: operation.to, to: operation.from }];
    case "setTableComment":
    case "setTableOptions":
      return [{ ...operation, from: operation.to, to: operation.from } as Operation];
    case "createNamespace":
      return [{ kind: "dropNamespace", name: operation.name }];
    case "dropNamespace":
      return [{ kind: "createNamespace", name: operation.name }];
    case "createObject":
      return [{ kind: "dropObject", ref: objectRef(operation.object), object: operation.object }];
    case "dropObject":
      return [
        {
          kind: "createObject",
          object: operation.object ?? known(findObject(state, operation.ref), operation),
        },
      ];
    case "replaceObject":
      return [
        {
          kind: "replaceObject",
          from: operation.to,
          to: operation.from ?? known(findObject(state, operation.to), operation),
        },
      ];
    case "execute":
    case "run":
      if (operation.changes === null) throw irreversible(operation);
      return reverse(operation.changes, state, options);
    case "onDialect":
      return [
        { ...operation, operations: reverse(operation.operations, state, { dialects: [operation.dialect] }) },
      ];
    default:
      return [reverseInTable(operation, findTable(state, operation.table))];
  }
}

type InTable = Exclude<
  Operation,
  {
    kind:
      | "createTable"
      | "dropTable"
      | "renameTable"
      | "renameColumn"
      | "setTableComment"
      | "setTableOptions"
      | "createNamespace"
      | "dropNamespace"
      | "createObject"
      | "dropObject"
      | "replaceObject"
      | "execute"
      | "run"
      | "onDialect";
  }
>;

function reverseInTable(operation: InTable, state: Table | undefined): Operation {
  const { table } = operation;
  const named = <T extends { readonly name: string | null }>(
    list: readonly T[] | undefined,
    name: string | null,
  ): T =>
    known(
      list?.find((item) => item.name === name),
      operation,
    );
  switch (operation.kind) {
    case "addColumn":
      return { kind: "dropColumn", table, name: operation.column.name, column: operation.column };
    case "dropColumn":
      return {
        kind: "addColumn",
        table,
        column: operation.column ?? known(state && findColumn(state, operation.name), operation),
      };
    case "alterColumn":
      return reverseAlter(operation, state);
    case "createIndex":
      return { kind: "dropIndex", table, name: operation.index.name, index: operation.index };
    case "dropIndex":
      return { kind: "createIndex", table, index: operation.index ?? named(state?.indexes, operation.name) };
    case "addPrimaryKey":
      return {
        kind: "dropPrimaryKey",
        table,
        name: operation.primaryKey.name,
        primaryKey: operation.primaryKey,
      };
    case "dropPrimaryKey":
      return {
        kind: "addPrimaryKey",
        table,
        primaryKey: operation.primaryKey ?? known(state?.primaryKey, operation),
      };
    case "addForeignKey":
      return {
        kind: "dropForeignKey",
        table,
        name: operation.foreignKey.name,
        foreignKey: operation.foreignKey,
      };
    case "dropForeignKey":
      return {
        kind: "addForeignKey",
        table,
        foreignKey: operation.foreignKey ?? named(state?.foreignKeys, operation.name),
      };
    case "addUnique":
      return { kind: "dropUnique", table, name: operation.unique.name, unique: operation.unique };
    case "dropUnique":
      return { kind: "addUnique", table, unique: operation.unique ?? named(state?.uniques, operation.name) };
    case "addCheck":
      return { kind: "dropCheck", table, name: operation.check.name, check: operation.check };
    case "dropCheck":
      return { kind: "addCheck", table, check: operation.check ?? named(state?.checks, operation.name) };
    case "addExclusion":
      return { kind: "dropExclusion", table, name: operation.exclusion.name, exclusion: operation.exclusion };
    case "dropExclusion":
      return {
        kind: "addExclusion",
        table,
        exclusion: operation.exclusion ?? named(state?.exclusions, operation.name),
      };
  }
}

/** What a change did not say of the old side is what the column was. `using` does not reverse by itself. */
function reverseAlter(operation: AlterColumn, state: Table | undefined): Operation {
  const column = state && findColumn(state, operation.name);
  const keys = Object.keys(operation.to) as (keyof ColumnChange)[];
  const old = keys.map((key) => {
    const value = key in operation.from ? operation.from[key] : column?.[key];
    if (value === undefined) throw irreversible(operation);
    return [key, value] as const;
  });
  const { values, ...rest } = operation;
  const back = values === undefined ? {} : inverse(values);
  return {
    ...rest,
    from: operation.to,
    to: Object.fromEntries(old) as ColumnChange,
    using: null,
    ...(Object.keys(back).length === 0 ? {} : { values: back }),
  };
}

/** New names back to old ones; where two values became one, which it was is not known. */
function inverse(values: { readonly [old: string]: string }): { readonly [value: string]: string } {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries
      .filter(([, now]) => entries.filter((each) => each[1] === now).length === 1)
      .map(([old, now]) => [now, old]),
  );
}

function refOf(table: TableRef): TableRef {
  return { schema: table.schema, name: table.name };
}

function known<T>(value: T | null | undefined, operation: Operation): T {
  if (value == null) throw irreversible(operation);
  return value;
}

function irreversible(operation: Operation): AthanorError {
  return new AthanorError("OPERATION.IRREVERSIBLE", { operation: describe(operation) });
}
