import { isDeepStrictEqual } from "node:util";
import type { AlterColumn, ColumnChange, Operation } from "../operation/operation.ts";
import {
  type Check,
  type Column,
  check,
  column,
  type Exclusion,
  type ForeignKey,
  foreignKey,
  type Index,
  type IndexPart,
  index,
  indexPart,
  type ObjectRef,
  type PrimaryKey,
  primaryKey,
  type SchemaObject,
  type Table,
  type Unique,
  unique,
} from "../schema/index.ts";
import { arrow, block, type Code, call, lines, list, object, text } from "./code.ts";
import {
  columnType,
  defaultValue,
  json,
  type Needs,
  names,
  optionsObject,
  parameter,
  tableName,
  unusual,
} from "./render-values.ts";

type Entries = readonly (readonly [string, Code])[];

/** One operation as the call of `op` that records it. What it takes away is not written: the history knows. */
export function renderOperation(operation: Operation, needs: Needs): Code {
  const own = needs.own({ kind: "operation", value: operation });
  if (own !== null) return own;
  switch (operation.kind) {
    case "createTable":
      return renderCreateTable(operation.table, needs);
    case "dropTable":
      return call("op.dropTable", tableName(operation.name));
    case "renameTable":
      return call("op.renameTable", tableName(operation.from), tableName(operation.to));
    case "setTableComment":
      return call("op.setTableComment", tableName(operation.table), json(operation.to));
    case "setTableOptions": {
      const from: Entries = Object.keys(operation.from).length === 0 ? [] : [["from", json(operation.from)]];
      const options = object([...from, ["to", json(operation.to)]]);
      return call("op.setTableOptions", tableName(operation.table), text(operation.dialect), options);
    }
    case "createNamespace":
    case "dropNamespace":
      return call(`op.${operation.kind}`, text(operation.name));
    case "createObject":
      return call("op.createObject", renderObject(operation.object));
    case "dropObject":
      return call("op.dropObject", object(objectRefEntries(operation.ref)));
    case "replaceObject":
      return call("op.replaceObject", renderObject(operation.to));
    case "execute": {
      const params: Entries =
        operation.params.length === 0 ? [] : [["params", list(operation.params.map(parameter))]];
      const options = optionsObject([...params, ...changesEntry(operation.changes, needs)]);
      return call("op.execute", text(operation.sql), options);
    }
    case "run": {
      const options = optionsObject(changesEntry(operation.changes, needs));
      return call("op.run", text(operation.name), operation.step.toString(), options);
    }
    case "onDialect":
      return call("op.on", text(operation.dialect), arrow("op", renderBlock(operation.operations, needs)));
    default:
      return renderTableChange(operation, needs);
  }
}

function objectRefEntries({ kind, dialect, schema, name, table, signature }: ObjectRef): Entries {
  return [
    ["kind", text(kind)],
    ...said("dialect", dialect),
    ...said("schema", schema),
    ["name", text(name)],
    ...(table === null ? [] : ([["table", tableName(table)]] as const)),
    ...said("signature", signature),
  ];
}

/** An entry where there is something to say. */
function said(key: string, value: string | null): Entries {
  return value === null ? [] : [[key, text(value)]];
}

function renderObject(value: SchemaObject): Code {
  const { ownedBy } = value;
  const owner: Entries =
    ownedBy === null
      ? []
      : [
          [
            "ownedBy",
            object([
              ["table", tableName(ownedBy.table)],
              ["column", text(ownedBy.column)],
            ]),
          ],
        ];
  return object([
    ...objectRefEntries(value),
    ["definition", lines(value.definition)],
    ...owner,
    ...said("comment", value.comment),
    ...(Object.keys(value.options).length === 0 ? [] : ([["options", json(value.options)]] as const)),
  ]);
}

type TableChange = Extract<
  Operation,
  {
    kind:
      | `${"add" | "drop" | "alter" | "rename" | "create"}${"Column" | "Index"}`
      | `${"add" | "drop"}${"PrimaryKey" | "ForeignKey" | "Unique" | "Check" | "Exclusion"}`;
  }
>;

function renderTableChange(operation: TableChange, needs: Needs): Code {
  const ref = tableName(operation.table);
  const name = `op.${operation.kind}`;
  switch (operation.kind) {
    case "addColumn":
      return call(name, ref, ...columnArguments(operation.column, needs));
    case "dropColumn":
      return call(name, ref, text(operation.name));
    case "renameColumn":
      return call(name, ref, text(operation.from), text(operation.to));
    case "alterColumn":
      return call(name, ref, text(operation.name), renderChange(operation, needs));
    case "createIndex": {
      const [indexName, ...rest] = indexArguments(operation.index);
      return call(name, indexName ?? null, ref, ...rest);
    }
    case "dropIndex":
      return call(name, text(operation.name), ref, optionsObject(dropEntries(operation)));
    case "addPrimaryKey":
      return call(name, ref, ...primaryKeyArguments(operation.primaryKey));
    case "dropPrimaryKey":
      return call(name, ref, operation.name === null ? null : text(operation.name));
    case "addForeignKey":
      return call(name, ref, ...foreignKeyArguments(operation.foreignKey));
    case "addUnique":
      return call(name, ref, ...uniqueArguments(operation.unique));
    case "addCheck":
      return call(name, ref, ...checkArguments(operation.check));
    case "addExclusion":
      return call(name, ref, ...exclusionArguments(operation.exclusion));
    default:
      return call(name, ref, operation.name === null ? describeDropped(operation) : text(operation.name));
  }
}

function dropEntries({
  options,
}: Extract<Operation, { kind: "dropIndex" }>): readonly (readonly [string, Code])[] {
  return options === undefined ? [] : [["options", json(options)]];
}

/** A constraint without a name, described so that it can be found. */
function describeDropped(
  operation: Extract<TableChange, { kind: "dropForeignKey" | "dropUnique" | "dropCheck" | "dropExclusion" }>,
): Code {
  switch (operation.kind) {
    case "dropForeignKey": {
      const key = operation.foreignKey;
      if (key === null) return "null";
      return object([
        ["columns", names(key.columns)],
        ["table", tableName(key.references)],
        ["references", names(key.references.columns)],
        ...foreignKeyEntries({ ...key, name: null }),
      ]);
    }
    case "dropUnique": {
      if (operation.unique === null) return "null";
      return object([
        ["columns", names(operation.unique.columns)],
        ...uniqueEntries({ ...operation.unique, name: null }),
      ]);
    }
    case "dropCheck": {
      if (operation.check === null) return "null";
      return object([
        ["expression", text(operation.check.expression)],
        ...checkEntries({ ...operation.check, name: null }),
      ]);
    }
    case "dropExclusion": {
      if (operation.exclusion === null) return "null";
      return object([
        ["elements", exclusionElements(operation.exclusion)],
        ...exclusionEntries({ ...operation.exclusion, name: null }),
      ]);
    }
  }
}

function changesEntry(changes: readonly Operation[] | null, needs: Needs): Entries {
  if (changes === null) return [];
  return [["changes", changes.length === 0 ? list([]) : arrow("op", renderBlock(changes, needs))]];
}

function renderBlock(operations: readonly Operation[], needs: Needs): Code {
  return block(operations.map((operation) => renderOperation(operation, needs)));
}

function renderCreateTable(table: Table, needs: Needs): Code {
  const parts: Code[] = [
    ...table.columns.map((c) => call("table.column", ...columnArguments(c, needs))),
    ...(table.primaryKey === null
      ? []
      : [call("table.primaryKey", ...primaryKeyArguments(table.primaryKey))]),
    ...table.foreignKeys.map((key) => call("table.foreignKey", ...foreignKeyArguments(key))),
    ...table.uniques.map((u) => call("table.unique", ...uniqueArguments(u))),
    ...table.checks.map((c) => call("table.check", ...checkArguments(c))),
    ...table.exclusions.map((e) => call("table.exclusion", ...exclusionArguments(e))),
    ...table.indexes.map((i) => call("table.index", ...indexArguments(i))),
  ];
  const usual = { comment: null as string | null, options: {} };
  const options = unusual({ comment: table.comment, options: table.options }, usual, ["comment", "options"]);
  return call("op.createTable", tableName(table), arrow("table", list(parts)), optionsObject(options));
}

const columnKeys = [
  "nullable",
  "default",
  "generated",
  "autoIncrement",
  "identity",
  "collation",
  "comment",
  "options",
] as const;

/** What of a column (or of its change) `keys` names. */
function columnEntries(value: ColumnChange, keys: readonly (keyof ColumnChange)[], needs: Needs): Entries {
  return keys.map((key): readonly [string, Code] => {
    if (key === "type" && value.type !== undefined) return [key, columnType(value.type, needs)];
    if (key === "default") return [key, defaultValue(value.default ?? null, needs)];
    return [key, json(value[key])];
  });
}

function columnArguments(value: Column, needs: Needs): readonly (Code | null)[] {
  const usual = column(value.name, value.type);
  const keys = columnKeys.filter((key) => !isDeepStrictEqual(value[key], usual[key]));
  const options = optionsObject(columnEntries(value, keys, needs));
  return [text(value.name), columnType(value.type, needs), options];
}

function renderChange(operation: AlterColumn, needs: Needs): Code {
  const keys = (["type", ...columnKeys] as const).filter((key) => operation.to[key] !== undefined);
  const using: Entries = operation.using === null ? [] : [["using", text(operation.using)]];
  const values: Entries = operation.values === undefined ? [] : [["values", json(operation.values)]];
  return object([...columnEntries(operation.to, keys, needs), ...using, ...values]);
}

function primaryKeyArguments(value: PrimaryKey): readonly (Code | null)[] {
  const options = unusual(value, primaryKey(value.columns), ["name", "options"]);
  return [names(value.columns), optionsObject(options)];
}

function foreignKeyEntries(value: ForeignKey): Entries {
  const usual = foreignKey(value.columns, value.references);
  return unusual(value, usual, ["name", "onDelete", "onUpdate", "deferrable", "match", "options"]);
}

function foreignKeyArguments(value: ForeignKey): readonly (Code | null)[] {
  const target = tableName(value.references);
  const options = optionsObject(foreignKeyEntries(value));
  return [names(value.columns), target, names(value.references.columns), options];
}

function uniqueEntries(value: Unique): Entries {
  return unusual(value, unique(value.columns), ["name", "nullsNotDistinct", "deferrable", "options"]);
}

function uniqueArguments(value: Unique): readonly (Code | null)[] {
  return [names(value.columns), optionsObject(uniqueEntries(value))];
}

function checkEntries(value: Check): Entries {
  return unusual(value, check(value.expression), ["name", "options"]);
}

function checkArguments(value: Check): readonly (Code | null)[] {
  return [text(value.expression), optionsObject(checkEntries(value))];
}

function exclusionEntries(value: Exclusion): Entries {
  const usual = { ...value, name: null, method: "gist", where: null, deferrable: null, options: {} };
  return unusual(value, usual, ["name", "method", "where", "deferrable", "options"]);
}

function exclusionElements(value: Exclusion): Code {
  return list(value.elements.map(({ part, operator }) => list([renderPart(part), text(operator)])));
}

function exclusionArguments(value: Exclusion): readonly (Code | null)[] {
  return [exclusionElements(value), optionsObject(exclusionEntries(value))];
}

function renderPart(part: IndexPart): Code {
  const usual = indexPart(part.column, { expression: part.expression });
  const how = unusual(part, usual, ["order", "nulls", "collation", "operatorClass", "length"]);
  if (part.expression !== null) return object([["sql", text(part.expression)], ...how]);
  const name = text(part.column ?? "");
  return how.length === 0 ? name : object([["column", name], ...how]);
}

function indexArguments(value: Index): readonly (Code | null)[] {
  const options = unusual(value, index(value.name, []), [
    "unique",
    "where",
    "include",
    "method",
    "nullsNotDistinct",
    "comment",
    "options",
  ]);
  return [text(value.name), list(value.parts.map(renderPart)), optionsObject(options)];
}
