import type { DiffRules } from "../dialect/index.ts";
import type { Rename } from "../diff/index.ts";
import type { AlterColumn, Operation } from "../operation/index.ts";
import {
  type Column,
  findColumn,
  findTable,
  type Schema,
  sameTable,
  type Table,
  type TableRef,
} from "../schema/index.ts";
import type { EnvironmentOptions } from "./options.ts";
import { renamed } from "./renames.ts";

/** Who says whether types and defaults differ. */
export type ColumnJudges = Pick<EnvironmentOptions, "hooks" | "compareType" | "compareServerDefault">;

/** What became of the models' side, and changes that the rules would not see. */
export interface Judged {
  readonly to: Schema;
  readonly forced: readonly AlterColumn[];
}

/**
 * The models' side with the database's types and defaults where the project says that they are not compared, or alike;
 * and the changes of those that it says differ, though the database could not tell. Both sides are canonical.
 */
export function judgeColumns(
  { from, to }: { readonly from: Schema; readonly to: Schema },
  renames: readonly Rename[],
  rules: DiffRules,
  judges: ColumnJudges,
): Judged {
  const { hooks = {}, compareType = true, compareServerDefault = true } = judges;
  const asked = hooks.compareType !== undefined || hooks.compareServerDefault !== undefined;
  if (compareType && compareServerDefault && !asked) return { to, forced: [] };
  const before = renamed(from, to, renames);
  const forced: AlterColumn[] = [];
  const tables = to.tables.map((table) => {
    const old = findTable(before, table);
    if (old === undefined) return table;
    const judge = (column: Column): Column => judgeColumn(table, old, column);
    return { ...table, columns: table.columns.map(judge) };
  });

  function judgeColumn(table: Table, oldTable: Table, column: Column): Column {
    const old = findColumn(oldTable, column.name);
    if (old === undefined) return column;
    const ref: TableRef = { schema: table.schema, name: table.name };
    const place = { table: ref, name: column.name };
    const sameType = rules.sameType(old.type, column.type);
    const types = { inDatabase: old.type, inModels: column.type, differs: compareType && !sameType };
    const sameDefault = rules.sameDefault(old.default, column.default, column.type);
    const defaults = {
      inDatabase: old.default,
      inModels: column.default,
      differs: compareServerDefault && !sameDefault,
    };
    const newType = hooks.compareType?.({ ...place, ...types }) ?? types.differs;
    const newDefault = hooks.compareServerDefault?.({ ...place, ...defaults }) ?? defaults.differs;
    const unseen = {
      ...(newType && sameType ? { type: true } : {}),
      ...(newDefault && sameDefault ? { default: true } : {}),
    };
    if (Object.keys(unseen).length > 0) forced.push(change(ref, old, column, unseen));
    return {
      ...column,
      ...(newType || sameType ? {} : { type: old.type }),
      ...(newDefault || sameDefault ? {} : { default: old.default }),
    };
  }

  return { to: { ...to, tables }, forced };
}

function change(
  table: TableRef,
  old: Column,
  now: Column,
  { type, default: value }: { readonly type?: boolean; readonly default?: boolean },
): AlterColumn {
  const part = (column: Column): AlterColumn["to"] => ({
    ...(type && { type: column.type }),
    ...(value && { default: column.default }),
  });
  return { kind: "alterColumn", table, name: now.name, from: part(old), to: part(now), using: null };
}

/** Operations with forced changes among them: within the change of the same column, else at the end. */
export function withForced(
  operations: readonly Operation[],
  forced: readonly AlterColumn[],
): readonly Operation[] {
  const left = [...forced];
  const merged = operations.map((operation) => {
    if (operation.kind !== "alterColumn") return operation;
    const at = left.findIndex(
      (each) => each.name === operation.name && sameTable(each.table, operation.table),
    );
    if (at < 0) return operation;
    const [more] = left.splice(at, 1);
    return {
      ...operation,
      from: { ...operation.from, ...more?.from },
      to: { ...operation.to, ...more?.to },
    };
  });
  return [...merged, ...left];
}
