import { isDeepStrictEqual } from "node:util";
import { diff } from "../diff/index.ts";
import type { AlterColumn, ColumnChange, Operation } from "../operation/index.ts";
import type { Index, Schema } from "../schema/index.ts";
import { tableLabel } from "../schema/index.ts";
import { inWordsOfHistory, unlike } from "./align.ts";
import { comparable } from "./compare.ts";
import type { DatabaseSide } from "./diff-side.ts";
import type { History } from "./history.ts";
import { withoutGrants } from "./inspect.ts";
import { inLogicalWords } from "./logical.ts";
import { asUnderstood } from "./understood.ts";

/**
 * Two databases of different kinds, compared as far as both know. Each looks at the other's schema as it would have
 * it itself, and what either cannot tell apart is no difference: `uuid` here is the `char(36)` there that stands in
 * for it. What is said in one database's own words alone (its types, its SQL) cannot be compared, and is told.
 */
export async function compareAcross(
  history: History,
  from: DatabaseSide,
  to: DatabaseSide,
): Promise<{ readonly operations: readonly Operation[]; readonly leftOut: readonly string[] }> {
  const [old, now] = [neutral(from.schema), neutral(to.schema)];
  const words = {
    from: await inWordsOfHistory(from, old, history),
    to: await inWordsOfHistory(to, now, history),
  };
  const [rulesOfFrom, rulesOfTo] = [(await from.context.design()).rules, (await to.context.design()).rules];
  const asFromHasIt = comparable(await asOther(from, words.to));
  const asToHasIt = comparable(await asOther(to, words.from));
  const seenByFrom = new Map(diff(old, asFromHasIt, rulesOfFrom).map((each) => [keyOf(each), each]));
  const seenByBoth = diff(asToHasIt, now, rulesOfTo).flatMap((operation) => {
    const other = seenByFrom.get(keyOf(operation));
    return other === undefined ? [] : inBoth(operation, other);
  });
  const told = separate(seenByBoth);
  return {
    operations: inLogicalWords(told.operations, words.from, words.to),
    leftOut: [...told.leftOut, ...ownObjects(from), ...ownObjects(to), ...unlike(from.schema, to.schema)],
  };
}

/** The other's schema as this database would have it. */
function asOther({ context }: DatabaseSide, schema: Schema): Promise<Schema> {
  return context.withConnection("athanor diff", async (connection) =>
    asUnderstood(schema, await context.design(), connection),
  );
}

/** Without what only ever is in one database's words. */
function neutral(schema: Schema): Schema {
  return { ...comparable(schema), objects: [] };
}

function ownObjects(side: DatabaseSide): readonly string[] {
  return withoutGrants(side.schema).objects.map(
    (object) => `${object.kind} ${tableLabel(object)}: ${side.context.dialect.id} alone has it`,
  );
}

/**
 * What an operation is about. Things without a name are known by what they are made of, and a unique index is what
 * some databases call a constraint.
 */
function keyOf(operation: Operation): string {
  const own = (item: { readonly name: string | null } | null, made: unknown): unknown => item?.name ?? made;
  const place = "table" in operation && operation.kind !== "createTable" && operation.kind !== "dropTable";
  const table = place ? tableLabel(operation.table) : null;
  const key = (): unknown => {
    switch (operation.kind) {
      case "createTable":
        return tableLabel(operation.table);
      case "dropTable":
        return tableLabel(operation.name);
      case "addColumn":
        return operation.column.name;
      case "createIndex":
        return operation.index.name;
      case "addForeignKey":
      case "dropForeignKey":
        return own(operation.foreignKey, operation.foreignKey?.columns);
      case "addUnique":
      case "dropUnique":
        return own(operation.unique, operation.unique?.columns);
      case "addCheck":
      case "dropCheck":
        return own(operation.check, operation.check?.expression);
      case "addExclusion":
      case "dropExclusion":
        return own(operation.exclusion, operation.exclusion?.elements);
      case "addPrimaryKey":
      case "dropPrimaryKey":
      case "setTableComment":
        return null;
      case "setTableOptions":
        return operation.dialect;
      default:
        return "name" in operation ? operation.name : null;
    }
  };
  return JSON.stringify([kindOf(operation), table, key()]);
}

function kindOf(operation: Operation): Operation["kind"] {
  if (operation.kind === "createIndex" && operation.index.unique) return "addUnique";
  return operation.kind === "dropIndex" && operation.index?.unique === true ? "dropUnique" : operation.kind;
}

/** An operation, as far as the other database sees it as well. */
function inBoth(operation: Operation, other: Operation): readonly Operation[] {
  if (operation.kind !== "alterColumn" || other.kind !== "alterColumn") return [operation];
  const keys = (Object.keys(operation.to) as (keyof ColumnChange)[]).filter(
    (key) => key in other.to && key !== "options",
  );
  return keys.length === 0 ? [] : [withKeys(operation, keys)];
}

function withKeys(operation: AlterColumn, keys: readonly (keyof ColumnChange)[]): AlterColumn {
  const pick = (change: ColumnChange): ColumnChange =>
    Object.fromEntries(keys.map((key) => [key, change[key]])) as ColumnChange;
  return { ...operation, from: pick(operation.from), to: pick(operation.to) };
}

interface Told {
  readonly operations: readonly Operation[];
  readonly leftOut: readonly string[];
}

/** Differences, and apart from them what is there on both sides and cannot be compared. */
function separate(operations: readonly Operation[]): Told {
  const kept: Operation[] = [];
  const leftOut: string[] = [];
  const pairs = textPairs(operations);
  for (const operation of operations) {
    const pair = pairs.get(operation);
    if (pair !== undefined) {
      if (pair !== "") leftOut.push(pair);
    } else if (operation.kind === "alterColumn") {
      const told = separateColumn(operation);
      if (told.rest !== null) kept.push(told.rest);
      leftOut.push(...told.leftOut);
    } else kept.push(operation);
  }
  return { operations: kept, leftOut };
}

const ownWords = "each says it in its own SQL, which cannot be compared";

/** Checks and indexes that go and come under one name, and differ in SQL alone: told once, at the first of the two. */
function textPairs(operations: readonly Operation[]): ReadonlyMap<Operation, string> {
  const pairs = new Map<Operation, string>();
  for (const gone of operations) {
    if (gone.kind === "dropCheck" && gone.check !== null) {
      const come = operations.find((each) => each.kind === "addCheck" && sameKey(gone, each));
      if (come === undefined) continue;
      pairs.set(gone, `check ${gone.name ?? ""} of ${tableLabel(gone.table)}: ${ownWords}`).set(come, "");
    } else if (gone.kind === "dropIndex" && gone.index !== null) {
      const { index } = gone;
      const come = operations.find(
        (each) => each.kind === "createIndex" && sameKey(gone, each) && differInText(index, each.index),
      );
      if (come === undefined) continue;
      pairs.set(gone, `index ${gone.name} of ${tableLabel(gone.table)}: ${ownWords}`).set(come, "");
    }
  }
  return pairs;
}

/** Whether one operation makes what the other takes away. */
function sameKey(gone: Operation, come: Operation): boolean {
  const [, table, name] = JSON.parse(keyOf(gone)) as unknown[];
  return isDeepStrictEqual([table, name], (JSON.parse(keyOf(come)) as unknown[]).slice(1));
}

/** Whether both have expressions in the same places, and are the same but for them. */
function differInText(a: Index, b: Index): boolean {
  const shape = ({ unique, parts, where }: Index): unknown => [
    unique,
    where === null,
    parts.map((part) => [part.column, part.expression === null, part.order]),
  ];
  const hasText = a.where !== null || a.parts.some((part) => part.expression !== null);
  return hasText && isDeepStrictEqual(shape(a), shape(b));
}

function separateColumn(operation: AlterColumn): {
  readonly rest: AlterColumn | null;
  readonly leftOut: readonly string[];
} {
  const { from, to } = operation;
  const column = `${tableLabel(operation.table)}.${operation.name}`;
  const leftOut: string[] = [];
  const keys = (Object.keys(to) as (keyof ColumnChange)[]).filter((key) => {
    const why = incomparable(key, from, to);
    if (why !== null) leftOut.push(`${key} of ${column}: ${why}`);
    return why === null;
  });
  return { rest: keys.length === 0 ? null : withKeys(operation, keys), leftOut };
}

/** Why what both sides have of a column cannot be compared; null where it can. */
function incomparable(key: keyof ColumnChange, from: ColumnChange, to: ColumnChange): string | null {
  if (key === "type") {
    const native = [from.type, to.type].find((type) => type?.kind === "native");
    return native?.kind === "native" ? `"${native.sql}" is a type that one database alone has` : null;
  }
  if (key === "collation") return "collations have other names in each database";
  if (key === "generated") return from.generated && to.generated ? ownWords : null;
  if (key !== "default") return null;
  const [old, now] = [from.default, to.default];
  if (old?.kind !== "expression" || now?.kind !== "expression") return null;
  return isConstant(old.sql) && isConstant(now.sql) ? null : ownWords;
}

/** Whether SQL is a number or a text, which every database writes alike. */
function isConstant(sql: string): boolean {
  return /^\(*\s*(?:-?[\d.]|'|true\b|false\b|null\b)/i.test(sql);
}
