import { isAthanorError } from "../errors/index.ts";
import { applyAll, type Operation, reverse } from "../operation/index.ts";
import { findTable, type Schema, type TableRef, tableKey } from "../schema/index.ts";
import type { Owners } from "./module-branch.ts";

/** What one owner's new file does. */
export interface Share {
  /** The module; null is the host. */
  readonly owner: string | null;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  /** Shares of the same list that have to be applied before this one. */
  readonly after: readonly number[];
  /** Other owners whose tables its foreign keys lead into. */
  readonly refersTo: ReadonlySet<string | null>;
}

/**
 * The operations of a comparison, each with whoever owns what it changes; in an order in which they can be applied.
 * Where one owner has to let go of another's tables before these can go, and needs new ones of it as well, it gets two
 * shares.
 */
export function split(operations: readonly Operation[], from: Schema, owners: Owners): readonly Share[] {
  const owned = operations.map((operation) => ({ operation, owner: owners.ofOperation(operation) }));
  const present = new Set(owned.map(({ owner }) => owner));
  const names = [...owners.names, null].filter((owner) => present.has(owner));
  const parts = names.flatMap((owner) => {
    const own = owned.filter((each) => each.owner === owner).map(({ operation }) => operation);
    const others = owned.filter((each) => each.owner !== owner).map(({ operation }) => operation);
    const releases = own.filter((operation) => letsGo(operation, others));
    const needs = own.some((operation) => refersTo(operation).some((ref) => isNew(ref, others)));
    if (releases.length === 0 || !needs) return [{ owner, upgrade: own, releases: releases.length > 0 }];
    const rest = own.filter((operation) => !releases.includes(operation));
    return [
      { owner, upgrade: releases, releases: true },
      { owner, upgrade: rest, releases: false },
    ];
  });
  const edges = parts.map((part, at) =>
    parts.flatMap((other, index) => (index !== at && isBefore(other, part, index < at) ? [index] : [])),
  );
  let state = from;
  return inOrder(
    parts.map((_, at) => at),
    edges,
  ).map((at, _, order) => {
    const part = parts[at]!;
    const { upgrade, downgrade, to } = inTurn(part.upgrade, state);
    state = to;
    return {
      owner: part.owner,
      upgrade,
      downgrade,
      after: edges[at]!.map((index) => order.indexOf(index)),
      refersTo: new Set(part.upgrade.flatMap(refersTo).map((ref) => owners.ofTable(ref))),
    };
  });
}

/**
 * A share with what takes it back; nothing where that cannot be. A key that goes after its target was renamed by another
 * share is told as it stands by then.
 */
function inTurn(
  operations: readonly Operation[],
  from: Schema,
): { upgrade: readonly Operation[]; downgrade: readonly Operation[]; to: Schema } {
  let state = from;
  const upgrade = operations.map((operation) => {
    const said = asItStands(operation, state);
    state = applyAll(state, [said]);
    return said;
  });
  try {
    return { upgrade, downgrade: reverse(upgrade, from), to: state };
  } catch (error) {
    if (isAthanorError(error, "OPERATION.IRREVERSIBLE")) return { upgrade, downgrade: [], to: state };
    throw error;
  }
}

function asItStands(operation: Operation, state: Schema): Operation {
  if (operation.kind !== "dropForeignKey" || operation.name === null) return operation;
  const known = findTable(state, operation.table)?.foreignKeys.find(({ name }) => name === operation.name);
  return known === undefined ? operation : { ...operation, foreignKey: known };
}

interface Part {
  readonly owner: string | null;
  readonly upgrade: readonly Operation[];
  readonly releases: boolean;
}

function isBefore(first: Part, second: Part, earlier: boolean): boolean {
  if (first.owner === second.owner) return earlier;
  if (first.releases && first.upgrade.some((operation) => letsGo(operation, second.upgrade))) return true;
  return second.upgrade.some((operation) => refersTo(operation).some((ref) => isNew(ref, first.upgrade)));
}

/** Whether an operation ends a reference to a table, or to what of it is among `others` going. */
function letsGo(operation: Operation, others: readonly Operation[]): boolean {
  const ends =
    operation.kind === "dropForeignKey"
      ? [operation.foreignKey?.references]
      : operation.kind === "dropTable"
        ? (operation.table?.foreignKeys ?? []).map((key) => key.references)
        : [];
  return ends.some((ref) => ref !== undefined && others.some((other) => goes(other, ref)));
}

function goes(operation: Operation, ref: TableRef): boolean {
  if (operation.kind === "dropTable") return tableKey(operation.name) === tableKey(ref);
  const gone: readonly Operation["kind"][] = ["dropColumn", "dropUnique", "dropIndex", "dropPrimaryKey"];
  return (
    gone.includes(operation.kind) &&
    "table" in operation &&
    tableKey(operation.table as TableRef) === tableKey(ref)
  );
}

/** The tables that an operation makes references to. */
function refersTo(operation: Operation): readonly TableRef[] {
  if (operation.kind === "createTable") return operation.table.foreignKeys.map((key) => key.references);
  return operation.kind === "addForeignKey" ? [operation.foreignKey.references] : [];
}

/** Whether operations make a table, or what a reference to it may need. */
function isNew(ref: TableRef, operations: readonly Operation[]): boolean {
  return operations.some((operation) => {
    if (operation.kind === "createTable") return tableKey(operation.table) === tableKey(ref);
    if (operation.kind === "renameTable") return tableKey(operation.to) === tableKey(ref);
    const makes: readonly Operation["kind"][] = [
      "addColumn",
      "addUnique",
      "createIndex",
      "addPrimaryKey",
      "alterColumn",
    ];
    return (
      makes.includes(operation.kind) &&
      "table" in operation &&
      tableKey(operation.table as TableRef) === tableKey(ref)
    );
  });
}

/** Each after those it comes after; else in the order given. */
function inOrder(items: readonly number[], edges: readonly (readonly number[])[]): readonly number[] {
  const done: number[] = [];
  const visit = (item: number, path: readonly number[]): void => {
    if (done.includes(item) || path.includes(item)) return;
    for (const before of edges[item] ?? []) visit(before, [...path, item]);
    done.push(item);
  };
  for (const item of items) visit(item, []);
  return done;
}
