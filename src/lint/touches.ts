import { enumKey, namedEnum } from "../operation/apply-enum.ts";
import type { Operation } from "../operation/index.ts";
import {
  type Column,
  type ForeignKey,
  type Index,
  type Table,
  type TableRef,
  tableLabel,
} from "../schema/index.ts";

/** What an operation does to something: makes it, takes it away, changes it, or needs it to be there. */
export type Effect = "makes" | "takes" | "changes" | "uses";

/** One thing that an operation has to do with, by a name that people know it by. */
export interface Touch {
  readonly thing: string;
  readonly effect: Effect;
}

const table = (ref: TableRef): string => `table ${tableLabel(ref)}`;
const column = (ref: TableRef, name: string): string => `column ${tableLabel(ref)}.${name}`;
const index = (ref: TableRef, name: string): string => `index ${tableLabel({ ...ref, name })}`;
const constraint = (ref: TableRef, name: string): string => `constraint ${tableLabel(ref)}.${name}`;

/** Everything an operation has to do with. Raw statements have to do with what they say of themselves. */
export function touches(operation: Operation): readonly Touch[] {
  switch (operation.kind) {
    case "createTable":
      return created(operation.table);
    case "dropTable":
      return [touch(table(operation.name), "takes")];
    case "renameTable":
      return [touch(table(operation.from), "takes"), touch(table(operation.to), "makes")];
    case "createNamespace":
      return [touch(`schema ${operation.name}`, "makes")];
    case "dropNamespace":
      return [touch(`schema ${operation.name}`, "takes")];
    case "createObject":
      return [touch(`${operation.object.kind} ${tableLabel(operation.object)}`, "makes")];
    case "dropObject":
      return [touch(`${operation.ref.kind} ${tableLabel(operation.ref)}`, "takes")];
    case "replaceObject":
      return [touch(`${operation.to.kind} ${tableLabel(operation.to)}`, "changes")];
    case "execute":
    case "run":
      return (operation.changes ?? []).flatMap(touches);
    case "onDialect":
      return operation.operations.flatMap(touches);
    default:
      return [touch(table(operation.table), "uses"), ...ofTable(operation)];
  }
}

type TableOperation = Extract<Operation, { readonly table: TableRef }>;

function ofTable(
  operation: Exclude<TableOperation, { kind: "createTable" | "dropTable" }>,
): readonly Touch[] {
  const ref = operation.table;
  switch (operation.kind) {
    case "setTableComment":
      return [touch(`comment of ${table(ref)}`, "changes")];
    case "setTableOptions":
      return [touch(`${operation.dialect} options of ${table(ref)}`, "changes")];
    case "addColumn":
      return [touch(column(ref, operation.column.name), "makes"), ...enumsOf([operation.column], "uses")];
    case "dropColumn":
      return [touch(column(ref, operation.name), "takes")];
    case "renameColumn":
      return [touch(column(ref, operation.from), "takes"), touch(column(ref, operation.to), "makes")];
    case "alterColumn":
      return [touch(column(ref, operation.name), "changes"), ...enumsOf([operation.to], "changes")];
    case "createIndex":
      return indexed(ref, operation.index);
    case "dropIndex":
      return [touch(index(ref, operation.name), "takes")];
    case "addPrimaryKey":
      return [touch(`primary key of ${table(ref)}`, "makes"), ...uses(ref, operation.primaryKey.columns)];
    case "dropPrimaryKey":
      return [touch(`primary key of ${table(ref)}`, "takes")];
    case "addForeignKey":
      return keyed(ref, operation.foreignKey);
    case "addUnique":
      return [...named(ref, operation.unique, "makes"), ...uses(ref, operation.unique.columns)];
    case "addCheck":
      return named(ref, operation.check, "makes");
    case "addExclusion":
      return named(ref, operation.exclusion, "makes");
    default:
      return named(ref, operation, "takes");
  }
}

function touch(thing: string, effect: Effect): Touch {
  return { thing, effect };
}

function uses(ref: TableRef, columns: readonly (string | null)[]): readonly Touch[] {
  return columns.flatMap((name) => (name === null ? [] : [touch(column(ref, name), "uses")]));
}

function named(ref: TableRef, item: { readonly name: string | null }, effect: Effect): readonly Touch[] {
  return item.name === null ? [] : [touch(constraint(ref, item.name), effect)];
}

function indexed(ref: TableRef, made: Index): readonly Touch[] {
  const columns = [...made.parts.map((part) => part.column), ...made.include];
  return [touch(index(ref, made.name), "makes"), ...uses(ref, columns)];
}

function keyed(ref: TableRef, key: ForeignKey): readonly Touch[] {
  return [
    ...named(ref, key, "makes"),
    ...uses(ref, key.columns),
    touch(table(key.references), "uses"),
    ...uses(key.references, key.references.columns),
  ];
}

/** What a table that is made needs of others; within itself nothing else can be in its way. */
function created(made: Table): readonly Touch[] {
  const others = made.foreignKeys.filter((key) => tableLabel(key.references) !== tableLabel(made));
  return [
    touch(table(made), "makes"),
    ...made.indexes.map((each) => touch(index(made, each.name), "makes")),
    ...enumsOf(made.columns, "uses"),
    ...others.flatMap((key) => [
      touch(table(key.references), "uses"),
      ...uses(key.references, key.references.columns),
    ]),
  ];
}

function enumsOf(columns: readonly Partial<Column>[], effect: Effect): readonly Touch[] {
  return columns.flatMap(({ type }) => {
    const found = type === undefined ? null : namedEnum(type);
    return found === null ? [] : [touch(`enum ${enumKey(found)}`, effect)];
  });
}
