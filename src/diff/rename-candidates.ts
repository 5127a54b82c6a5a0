import type { DiffRules } from "../dialect/index.ts";
import { findColumn, findTable, type Schema, type Table } from "../schema/index.ts";
import { changedKeys } from "./columns.ts";
import type { Rename } from "./renames.ts";

/** Something that goes and something that comes, which could be the same under a new name. */
export interface RenameCandidate {
  readonly rename: Rename;
  /** How much speaks for it, from 0 to 1. It is only ever shown, or used to sort: never to decide. */
  readonly score: number;
}

/** Tables count as candidates where they share at least this part of their columns. */
const leastShared = 0.5;

/** Every pair that could be a rename, likeliest first; ties in the order of names. */
export function renameCandidates(from: Schema, to: Schema, rules: DiffRules): RenameCandidate[] {
  const columns = to.tables.flatMap((table) => {
    const old = findTable(from, table);
    return old === undefined ? [] : columnCandidates(old, table, rules);
  });
  return [...tableCandidates(from, to, rules), ...columns].sort((a, b) => b.score - a.score);
}

function columnCandidates(from: Table, to: Table, rules: DiffRules): RenameCandidate[] {
  const gone = from.columns.filter((column) => findColumn(to, column.name) === undefined);
  const come = to.columns.filter((column) => findColumn(from, column.name) === undefined);
  const table = { schema: to.schema, name: to.name };
  return gone.flatMap((old) =>
    come
      .filter((column) => rules.sameType(old.type, column.type))
      .map((column) => ({
        rename: { kind: "column", table, from: old.name, to: column.name } as const,
        score: 1 / (1 + changedKeys(old, column, rules).length),
      })),
  );
}

function tableCandidates(from: Schema, to: Schema, rules: DiffRules): RenameCandidate[] {
  const gone = from.tables.filter((table) => findTable(to, table) === undefined);
  const come = to.tables.filter((table) => findTable(from, table) === undefined);
  return gone.flatMap((old) =>
    come
      .map((table) => ({
        rename: {
          kind: "table",
          from: { schema: old.schema, name: old.name },
          to: { schema: table.schema, name: table.name },
        } as const,
        score: sharedColumns(old, table, rules),
      }))
      .filter(({ score }) => score >= leastShared),
  );
}

/** The part of the columns of both tables that have the same name and type. */
function sharedColumns(a: Table, b: Table, rules: DiffRules): number {
  const shared = a.columns.filter((column) => {
    const other = findColumn(b, column.name);
    return other !== undefined && rules.sameType(column.type, other.type);
  });
  return (2 * shared.length) / Math.max(1, a.columns.length + b.columns.length);
}
