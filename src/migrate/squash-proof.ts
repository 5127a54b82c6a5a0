import { isAthanorError } from "../errors/index.ts";
import { inspectDatabase } from "../inspect/index.ts";
import { type Schema, sameTable, type Table, tableLabel } from "../schema/index.ts";
import type { ScriptFile } from "../script/index.ts";
import { differencesBetween } from "./catalog-differences.ts";
import type { Context } from "./context.ts";
import { keptTables, lostRows, readTableRows, type TableRows } from "./kept-rows.ts";
import type { ThrowawayOptions } from "./options.ts";
import { runMigrations } from "./run.ts";
import { fillWithSamples } from "./sample-rows.ts";
import { withThrowaway } from "./throwaway.ts";

/** A way through a part of the history on an empty database. */
export interface Passage {
  /** The files, where they are not those of the project. */
  readonly files: readonly ScriptFile[] | null;
  /** What comes before, in order. */
  readonly before: readonly string[];
  /** What is looked at, in order. */
  readonly members: readonly string[];
}

/** What a passage leaves behind. */
export interface Outcome {
  readonly place: string;
  readonly up: Schema;
  /** The rows there were before it, and what became of them. */
  readonly rows: TableRows;
  /** After everything was undone again; null where it cannot be. */
  readonly down: Schema | null;
}

/** Goes through it, with generated rows in what was there before where it runs on them. */
export async function passThrough(
  home: Context,
  options: ThrowawayOptions,
  passage: Passage,
): Promise<Outcome> {
  try {
    return await pass(home, options, passage, 3);
  } catch (error) {
    if (!isAthanorError(error) || passage.before.length === 0) throw error;
    return pass(home, options, passage, 0);
  }
}

function pass(
  home: Context,
  options: ThrowawayOptions,
  { files, before, members }: Passage,
  count: number,
): Promise<Outcome> {
  return withThrowaway(home, options, async ({ context, place }) => {
    context.files = files;
    for (const revision of before) await runMigrations(context, "upgrade", revision, {});
    if (count > 0) await fill(context, count);
    for (const revision of members) await runMigrations(context, "upgrade", revision, {});
    const up = await catalog(context);
    const rows = await context.withConnection("squash", (connection) =>
      readTableRows(connection, context.dialect, up),
    );
    return { place, up, rows, down: await undo(context, members) };
  });
}

async function fill(context: Context, count: number): Promise<void> {
  const schema = await catalog(context);
  await context.withConnection("squash", (connection) =>
    fillWithSamples(connection, { dialect: context.dialect, schema, count }),
  );
}

async function undo(context: Context, members: readonly string[]): Promise<Schema | null> {
  const history = await context.history();
  try {
    for (const revision of members.toReversed()) {
      const [parent = "base"] = history.file(revision).downRevisions;
      await runMigrations(context, "downgrade", `${revision}@${parent}`, {});
    }
    return await catalog(context);
  } catch (error) {
    if (isAthanorError(error)) return null;
    throw error;
  }
}

async function catalog(context: Context): Promise<Schema> {
  const { version, log } = context.store;
  const found = await context.withConnection("squash", (connection) =>
    inspectDatabase(context.dialect, connection),
  );
  const tables = found.tables.filter((table) => !sameTable(table, version) && !sameTable(table, log));
  return { ...found, tables };
}

/**
 * What the outcome `to` has otherwise than `from`, for people; empty where they are equal. Rows count where nothing was
 * left out on purpose.
 */
export async function outcomeDifferences(
  home: Context,
  { from, to, withRows }: { readonly from: Outcome; readonly to: Outcome; readonly withRows: boolean },
): Promise<readonly string[]> {
  const { rules } = await home.design();
  const kept = keptTables([], [], { before: from.up, after: to.up, rules });
  const down = (differences: readonly string[]): readonly string[] =>
    differences.map((line) => `${line}, after the downgrade`);
  return [
    ...differencesBetween(to.up, from.up, rules),
    ...otherOrder(from.up, to.up),
    ...(withRows ? lostRows(kept, from.rows, to.rows, "after") : []),
    ...(from.down === null
      ? []
      : to.down === null
        ? ["it cannot be undone"]
        : down(differencesBetween(to.down, from.down, rules))),
  ];
}

/** Tables whose columns stand in another order. */
function otherOrder(from: Schema, to: Schema): readonly string[] {
  const names = (table: Table): string => table.columns.map((column) => column.name).join(", ");
  return from.tables.flatMap((table) => {
    const other = to.tables.find((each) => sameTable(each, table));
    return other === undefined || names(other) === names(table)
      ? []
      : [`${tableLabel(table)}: columns in the order ${names(other)}, not ${names(table)}`];
  });
}
