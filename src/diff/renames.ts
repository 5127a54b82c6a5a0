import { followRename } from "../operation/follow-rename.ts";
import { applyAll, type DropObject, type RenameColumn, type RenameTable } from "../operation/index.ts";
import { comesBeforeTables } from "../schema/creation-order.ts";
import {
  emptySchema,
  findColumn,
  findTable,
  objectKey,
  objectRef,
  type Schema,
  type SchemaObject,
  sameTable,
  type TableRef,
} from "../schema/index.ts";
import { Closure } from "./closure.ts";

/** A rename that somebody has said; the differ never guesses one. */
export type Rename =
  | { readonly kind: "table"; readonly from: TableRef; readonly to: TableRef }
  | { readonly kind: "column"; readonly table: TableRef; readonly from: string; readonly to: string };

/** An operation that gives a name. */
export type RenameOperation = RenameTable | RenameColumn;

/** Tables first, so that columns are renamed under the table's new name. */
export function renameOperations(from: Schema, to: Schema, renames: readonly Rename[]): RenameOperation[] {
  const tables = renames.flatMap((rename): RenameOperation[] => {
    if (rename.kind !== "table") return [];
    const applies =
      findTable(from, rename.from) !== undefined &&
      findTable(from, rename.to) === undefined &&
      findTable(to, rename.to) !== undefined;
    return applies ? [{ kind: "renameTable", from: rename.from, to: rename.to }] : [];
  });
  const moved = applyAll(from, tables);
  const columns = renames.flatMap((rename): RenameOperation[] => {
    if (rename.kind !== "column") return [];
    const old = findTable(moved, rename.table);
    const now = findTable(to, rename.table);
    if (old === undefined || now === undefined) return [];
    const applies =
      findColumn(old, rename.from) !== undefined &&
      findColumn(old, rename.to) === undefined &&
      findColumn(now, rename.to) !== undefined;
    return applies ? [{ kind: "renameColumn", table: rename.table, from: rename.from, to: rename.to }] : [];
  });
  return [...tables, ...columns];
}

/**
 * The keys, once all is renamed, of what stood on tables which have other names, or of which a column has, and cannot
 * become another where it stands: before, its text says the old names. What tables are made of can, where its text says
 * neither.
 */
export function underRenamed(from: Schema, renamed: readonly RenameOperation[]): ReadonlySet<string> {
  if (renamed.length === 0) return new Set();
  const tables = from.tables.filter((table) =>
    renamed.some((operation) => sameTable(tableOf(operation), table)),
  );
  const keys = [...new Closure(from).on(tables)].flatMap((object) => {
    const now = followed(object, renamed);
    return comesBeforeTables(object) && now.definition === object.definition ? [] : [objectKey(now)];
  });
  return new Set(keys);
}

/** The same objects dropped before anything is renamed: as they are then, and as they have to be once it is taken back. */
export function underOldNames(
  drops: readonly DropObject[],
  from: Schema,
  renamed: readonly RenameOperation[],
): readonly DropObject[] {
  if (renamed.length === 0) return drops;
  const before = new Map(from.objects.map((object) => [objectKey(followed(object, renamed)), object]));
  return drops.map((operation) => {
    const object = before.get(objectKey(operation.ref));
    if (object === undefined) return operation;
    const ownedBy = operation.object?.ownedBy == null ? null : object.ownedBy;
    return { kind: "dropObject", ref: objectRef(object), object: { ...object, ownedBy } };
  });
}

function tableOf(operation: RenameOperation): TableRef {
  return operation.kind === "renameTable" ? operation.from : operation.table;
}

function followed(object: SchemaObject, renamed: readonly RenameOperation[]): SchemaObject {
  const alone: Schema = { ...emptySchema, objects: [object] };
  return renamed.reduce<Schema>(followRename, alone).objects[0] ?? object;
}
