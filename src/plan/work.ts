import type { DdlWriter, PlanCheck } from "../dialect/index.ts";
import type { AlterColumn, Operation } from "../operation/operation.ts";
import { findTable, type Schema, type Table, type TableRef, tableKey } from "../schema/index.ts";
import type { Visit } from "./regions.ts";

/** What is done for one operation, or for all those of one table at once. */
export type Work =
  | { readonly kind: "plain"; readonly operation: Operation; readonly at: number; readonly before: Schema }
  | { readonly kind: "statements"; readonly statements: readonly (string | PlanCheck)[]; readonly at: number }
  | {
      readonly kind: "rebuild";
      readonly from: Table;
      readonly to: Table;
      /** Where each column of `to` comes from; null is its default. */
      readonly columns: ReadonlyMap<string, string | null>;
      /** SQL over the old row, for columns that are converted in a way of their own. */
      readonly using: ReadonlyMap<string, string>;
      readonly at: number;
    };

/** The work of a region, in order: where one operation needs the table made anew, all of that table join in. */
export function workOf(visits: readonly Visit[], end: Schema, ddl: DdlWriter): readonly Work[] {
  return combine(separateWork(visits, end, ddl), ddl);
}

/** Runs of operations that one table is next to each other: done together where the dialect can. */
function combine(works: readonly Work[], ddl: DdlWriter): readonly Work[] {
  if (ddl.combined === undefined) return works;
  const combined: Work[] = [];
  let at = 0;
  while (at < works.length) {
    const run = runFrom(works, at, ddl);
    const first = run[0];
    const operations = run.map((work) => work.operation);
    const statements = first === undefined || run.length < 2 ? null : ddl.combined(operations, first.before);
    if (statements === null) combined.push(...works.slice(at, at + Math.max(run.length, 1)));
    else {
      const preconditions = ddl.preconditions?.(operations, first!.before) ?? [];
      combined.push({ kind: "statements", statements: [...preconditions, ...statements], at: first!.at });
    }
    at += Math.max(run.length, 1);
  }
  return combined;
}

type PlainWork = Extract<Work, { kind: "plain" }>;

/** The plain work on one table that begins at a place; none where something else stands there. */
function runFrom(works: readonly Work[], start: number, ddl: DdlWriter): readonly PlainWork[] {
  const run: PlainWork[] = [];
  let table: string | null = null;
  for (const work of works.slice(start)) {
    const joins =
      work.kind === "plain" && work.operation.kind !== "createTable" && ddl.alone?.(work.operation) !== true;
    const key = joins ? groupKey(work.operation) : null;
    if (work.kind !== "plain" || key === null || (table !== null && key !== table)) break;
    table = key;
    run.push(work);
  }
  return run;
}

function separateWork(visits: readonly Visit[], end: Schema, ddl: DdlWriter): readonly Work[] {
  const groups = Map.groupBy(visits, (visit) => groupKey(visit.operation));
  return visits.flatMap((visit): readonly Work[] => {
    const key = groupKey(visit.operation);
    const group = key === null ? [visit] : groups.get(key)!;
    if (key === null || !group.some((each) => needsRebuild(each, ddl))) return [plain(visit)];
    return visit === group[0] ? groupWork(group, end, ddl) : [];
  });
}

function plain({ operation, at, before }: Visit): Work {
  return { kind: "plain", operation, at, before };
}

/** The table whose operations belong together; null for those that stand alone. */
function groupKey(operation: Operation): string | null {
  const ref = changedTable(operation);
  return ref === null ? null : tableKey(ref);
}

function changedTable(operation: Operation): TableRef | null {
  switch (operation.kind) {
    case "createTable":
      return operation.table;
    case "renameTable":
    case "renameColumn":
    case "dropTable":
    case "createNamespace":
    case "dropNamespace":
    case "createObject":
    case "dropObject":
    case "replaceObject":
    case "execute":
    case "run":
    case "onDialect":
      return null;
    default:
      return operation.table;
  }
}

function needsRebuild({ operation, before }: Visit, ddl: DdlWriter): boolean {
  const ref = changedTable(operation);
  const table = ref === null ? undefined : findTable(before, ref);
  return table !== undefined && ddl.needsRebuild(operation, table);
}

/** A table that is created here is created whole; otherwise it is changed where it stands, or made anew. */
function groupWork(group: readonly Visit[], end: Schema, ddl: DdlWriter): readonly Work[] {
  const first = group[0]!;
  const ref = changedTable(first.operation)!;
  const to = findTable(end, ref)!;
  if (first.operation.kind === "createTable")
    return [plain({ ...first, operation: { kind: "createTable", table: to } })];
  const from = findTable(first.before, ref)!;
  const operations = group.map((visit) => visit.operation);
  const statements = ddl.inPlace?.(operations, from, to) ?? null;
  if (statements !== null) return [{ kind: "statements", statements, at: first.at }];
  const { columns, using } = sourcesOf(operations, from, ddl);
  return [{ kind: "rebuild", from, to, columns, using, at: first.at }];
}

function sourcesOf(
  operations: readonly Operation[],
  from: Table,
  ddl: DdlWriter,
): { columns: ReadonlyMap<string, string | null>; using: ReadonlyMap<string, string> } {
  const columns = new Map<string, string | null>(from.columns.map(({ name }) => [name, name]));
  const using = new Map<string, string>();
  for (const operation of operations) {
    if (operation.kind === "addColumn") columns.set(operation.column.name, null);
    if (operation.kind === "alterColumn") {
      const conversion = operation.using ?? conversionOf(operation.values, ddl.quote(operation.name));
      if (conversion !== null) using.set(operation.name, conversion);
    }
    if (operation.kind !== "dropColumn") continue;
    columns.delete(operation.name);
    using.delete(operation.name);
  }
  return { columns, using };
}

/** What becomes of an enum's values, as SQL over the old one; null where nothing is said. */
function conversionOf(values: AlterColumn["values"], column: string): string | null {
  const pairs = Object.entries(values ?? {});
  if (pairs.length === 0) return null;
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const whens = pairs.map(([old, now]) => `WHEN ${text(old)} THEN ${text(now)}`).join(" ");
  return `CASE ${column} ${whens} ELSE ${column} END`;
}
