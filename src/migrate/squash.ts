import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { dialectFor } from "../dialect/registry.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { fold } from "../fold/index.ts";
import { type Operation, reverse } from "../operation/index.ts";
import type { Schema } from "../schema/index.ts";
import { displayPath, isoTime, type NewScript, readHeader, type Script } from "../script/index.ts";
import type { Context } from "./context.ts";
import type { SquashDocument } from "./documents.ts";
import type { History } from "./history.ts";
import type { SquashOptions } from "./options.ts";
import { joined, type StandIns, simplified } from "./squash-operations.ts";
import { type Outcome, outcomeDifferences, passThrough } from "./squash-proof.ts";
import { type SquashRange, squashRange } from "./squash-range.ts";
import { pathOfScript, renderAt } from "./write-script.ts";

/**
 * `squash`: one file in the place of those of a range, under the id of the last. It is tried on throwaway databases
 * beside what it replaces and has to leave the same catalog and the same rows, up and down. Statements of one's own are
 * kept; steps of code cannot be moved, and are refused by name. Throws `MIGRATE.SQUASH_RANGE`, `SQUASH_STEPS`,
 * `SQUASH_MIDDLE`, `SQUASH_UNPROVEN`, `NO_THROWAWAY`.
 */
export async function squash(
  context: Context,
  range: string,
  options: SquashOptions,
): Promise<SquashDocument> {
  const history = await context.history();
  const selection = squashRange(history, range);
  await refuseMiddle(context, selection);
  const scripts: Script[] = [];
  for (const revision of selection.members) scripts.push(await history.loadWritten(revision));
  const leftOut = refuseSteps(scripts, options.leaveOut ?? []);
  const before = history.graph.ancestors(selection.top).filter((id) => !selection.members.includes(id));
  const wanted = await passThrough(context, options, { files: null, before, members: selection.members });
  const rest = history.files.filter((file) => !selection.members.includes(file.revision));
  const found = await firstProven(context, options, {
    selection,
    scripts,
    history,
    before,
    rest,
    wanted,
    leftOut,
  });
  const file = displayPath(context.options.root, found.path);
  const gone = scripts.map((script) => script.path).filter((path) => path !== found.path);
  if (options.dryRun === true) await rm(found.tried);
  else {
    await rename(found.tried, found.path);
    for (const path of gone) await rm(path);
  }
  return {
    outcome: options.dryRun === true ? "dry run" : "written",
    revision: selection.top,
    message: found.script.message,
    file,
    source: found.source,
    replaces: selection.members,
    removed: gone.map((path) => displayPath(context.options.root, path)),
    simplified: found.simplified,
    leftOut,
    place: wanted.place,
  };
}

/** A database between two of them would find neither the files it has nor those it needs. */
async function refuseMiddle(context: Context, { members, top }: SquashRange): Promise<void> {
  const heads = await context.withDatabaseIfAny("squash", (connection) =>
    connection === null ? Promise.resolve([]) : context.store.heads(connection),
  );
  const inside = heads.filter((head) => head !== top && members.includes(head));
  if (inside.length > 0) throw new AthanorError("MIGRATE.SQUASH_MIDDLE", { heads: inside, top });
}

/** The steps of code, all of which have to be left out by name. */
function refuseSteps(scripts: readonly Script[], leaveOut: readonly string[]): readonly string[] {
  const steps = scripts.flatMap((script) =>
    [...script.upgrade, ...script.downgrade]
      .flatMap((each) => stepsIn(each))
      .map((name) => ({ name, file: script.file })),
  );
  const kept = steps.filter(({ name }) => !leaveOut.includes(name));
  if (kept.length > 0) {
    const names = [...new Set(kept.map(({ name, file }) => `"${name}" (${file})`))];
    throw new AthanorError("MIGRATE.SQUASH_STEPS", { steps: names });
  }
  return [...new Set(steps.map(({ name }) => name))];
}

function stepsIn(operation: Operation): readonly string[] {
  if (operation.kind === "onDialect") return operation.operations.flatMap(stepsIn);
  return operation.kind === "run" ? [operation.name] : [];
}

/** An operation without steps of code: what they say they change stays. */
function withoutSteps(operation: Operation): readonly Operation[] {
  if (operation.kind === "onDialect")
    return [{ ...operation, operations: operation.operations.flatMap(withoutSteps) }];
  return operation.kind === "run" ? (operation.changes ?? []) : [operation];
}

interface Work {
  readonly selection: SquashRange;
  readonly scripts: readonly Script[];
  readonly history: History;
  readonly before: readonly string[];
  /** The files that stay. */
  readonly rest: History["files"];
  /** Steps of code that are not to be in it. */
  readonly leftOut: readonly string[];
  /** What the old files do. */
  readonly wanted: Outcome;
}

interface Proven {
  readonly script: NewScript;
  readonly source: string;
  readonly path: string;
  /** Where it stands for the time being: no migration yet. */
  readonly tried: string;
  readonly simplified: boolean;
}

/** The first way of writing it that is proven. */
async function firstProven(context: Context, options: SquashOptions, work: Work): Promise<Proven> {
  let differences: readonly string[] = [];
  for (const { simplified: isSimple, script } of await candidates(context, options, work)) {
    const path = pathOfScript(context, folderOf(work), script);
    const tried = join(dirname(path), `_squash_${script.revision}.ts`);
    const source = await renderAt(context, path, { ...script, toBeFilled: false });
    try {
      await writeFile(tried, source);
      differences = await differencesOf(context, options, work, { tried, source });
      if (differences.length === 0) return { script, source, path, tried, simplified: isSimple };
    } catch (error) {
      await rm(tried, { force: true });
      if (!isAthanorError(error) || error.code === "DATABASE.CONNECTION") throw error;
      differences = [error.message];
    }
    await rm(tried, { force: true });
  }
  throw new AthanorError("MIGRATE.SQUASH_UNPROVEN", { range: work.selection.members, differences });
}

function folderOf({ history, selection }: Work): string {
  return dirname(history.file(selection.top).path);
}

async function differencesOf(
  context: Context,
  options: SquashOptions,
  { selection, rest, before, wanted, leftOut }: Work,
  { tried, source }: { readonly tried: string; readonly source: string },
): Promise<readonly string[]> {
  const file = displayPath(context.options.root, tried);
  const files = [...rest, { ...readHeader(file, source), path: tried, file }];
  const outcome = await passThrough(context, options, { files, before, members: [selection.top] });
  return outcomeDifferences(context, { from: wanted, to: outcome, withRows: leftOut.length === 0 });
}

/** Tables made as they are in the end, where that can be told; and every operation as it was, one after the other. */
async function candidates(
  context: Context,
  { message = "squashed" }: SquashOptions,
  { selection, scripts, history, before }: Work,
): Promise<readonly { readonly simplified: boolean; readonly script: NewScript }[]> {
  const standIns = await standInsOf(scripts);
  const bodies = (direction: "upgrade" | "downgrade"): (readonly Operation[])[] =>
    scripts.map((script) => script[direction].flatMap(withoutSteps));
  const upgrade = joined(bodies("upgrade"), standIns);
  const downgrade = joined(bodies("downgrade").toReversed(), standIns);
  const { rules } = await context.design();
  const written: Script[] = [];
  for (const revision of before) written.push(await history.loadWritten(revision));
  const { schema } = fold(written, context.dialectIds);
  const shorter = simplified(upgrade, schema, rules);
  const header = {
    revision: selection.top,
    downRevisions: selection.downRevisions,
    branchLabels: selection.branchLabels,
    dependsOn: selection.dependsOn,
    message,
    createdAt: isoTime(context.now(), context.options.timeZone),
    replaces: selection.members.filter((id) => id !== selection.top),
    ...(scripts.some((script) => script.transaction === false) ? { transaction: false as const } : {}),
    ...ignored(scripts),
  };
  const plain = { simplified: false, script: { ...header, upgrade, downgrade } };
  if (shorter === null) return [plain];
  const back = reversed(shorter, [...upgrade, ...downgrade], schema) ?? downgrade;
  return [{ simplified: true, script: { ...header, upgrade: shorter, downgrade: back } }, plain];
}

/** What takes it back, where nothing in it is of somebody's own. */
function reversed(
  operations: readonly Operation[],
  all: readonly Operation[],
  before: Schema,
): readonly Operation[] | null {
  const own = all.some(({ kind }) => kind === "execute" || kind === "onDialect");
  return own ? null : reverse(operations, before);
}

function ignored(scripts: readonly Script[]): Pick<NewScript, "ignore"> {
  const all = Object.assign({}, ...scripts.map((script) => script.ignore ?? {})) as Record<string, string>;
  return Object.keys(all).length === 0 ? {} : { ignore: all };
}

/** Whose blocks each dialect named in the files takes where it has none of its own. */
async function standInsOf(scripts: readonly Script[]): Promise<StandIns> {
  const named = new Set(
    scripts.flatMap(({ upgrade, downgrade }) =>
      [...upgrade, ...downgrade].flatMap((each) => (each.kind === "onDialect" ? [each.dialect] : [])),
    ),
  );
  const found = new Map<string, readonly string[]>();
  for (const id of named) found.set(id, (await dialectFor(id)).standsInFor ?? []);
  return found;
}
