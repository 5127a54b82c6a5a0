import type { Connection } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { uuid7 } from "../util/uuid7.ts";
import type { Context } from "./context.ts";
import type { AppliedDocument, ApplyDocument, Direction } from "./documents.ts";
import type { History, HistoryStep } from "./history.ts";
import { withLock } from "./lock.ts";
import type { RunOptions } from "./options.ts";
import { editedFiles, refuseUnfinished, refuseUnknown } from "./problems.ts";
import { RevisionRunner, type Surroundings } from "./run-revision.ts";

/** One command's way along the history. */
interface Journey {
  readonly context: Context;
  readonly connection: Connection;
  readonly history: History;
  readonly direction: Direction;
  readonly target: string;
  readonly runId: string;
  readonly tag: string | null;
  /** What is to be done, fixed when the lock was first held; null before. */
  planned: readonly HistoryStep[] | null;
  /** The heads that the last step of this journey left behind. */
  expected: readonly string[];
  readonly done: AppliedDocument[];
}

/**
 * Applies or undoes revisions, each in a transaction of its own. The lock is taken for each anew and the heads
 * are read under it, so that processes which run at once apply every revision once.
 */
export function runMigrations(
  context: Context,
  direction: Direction,
  target: string,
  options: RunOptions,
): Promise<ApplyDocument> {
  return context.withConnection(direction === "upgrade" ? "migrate" : "rollback", async (connection) => {
    const history = await context.history();
    const journey: Journey = {
      context,
      connection,
      history,
      direction,
      target,
      runId: uuid7(context.now().getTime()),
      tag: options.tag ?? null,
      planned: null,
      expected: [],
      done: [],
    };
    const from = await context.store.heads(connection);
    const problems = await editedFiles(history, from, await context.store.entries(connection));
    for (const problem of problems) await context.emit({ kind: "warning", problem });
    while (await travel(journey));
    return { direction, target, from, to: journey.expected, steps: journey.done, problems };
  });
}

/** Applies one revision; answers whether there was one. */
async function travel(journey: Journey): Promise<boolean> {
  const prepared = new Set<string>();
  const after = new Set<string>();
  try {
    for (;;) {
      const outcome = await withLock(journey.context, journey.connection, () => attempt(journey, prepared));
      if (!("prepare" in outcome)) return outcome.more;
      for (const sql of outcome.prepare.after) after.add(sql);
      for (const sql of outcome.prepare.before) {
        await journey.connection.query(sql);
        prepared.add(sql);
      }
    }
  } finally {
    for (const sql of after) await journey.connection.query(sql);
  }
}

type Attempt = { readonly more: boolean } | { readonly prepare: Surroundings };

/** Under the lock: reads where the database stands, and takes one step from there. */
async function attempt(journey: Journey, prepared: ReadonlySet<string>): Promise<Attempt> {
  const { context, connection, history } = journey;
  const step = await nextStep(journey);
  if (step === null) return { more: false };
  const script = await history.load(step.revision);
  const { revision, direction } = step;
  const { message } = script;
  const index = journey.done.length;
  const startedAt = context.now();
  const started = performance.now();
  if (prepared.size === 0) {
    const total = journey.planned?.length ?? 1;
    await context.emit({ kind: "revisionStarted", revision, message, direction, index, total });
  }
  const run = { script, step, runId: journey.runId, tag: journey.tag, startedAt };
  const runner = new RevisionRunner(context, connection, run, prepared);
  let statements: number;
  try {
    const outcome = await runner.run();
    if ("prepare" in outcome) {
      await rollback(connection);
      return outcome;
    }
    statements = outcome.statements;
  } catch (error) {
    await rollback(connection);
    await context.emit({ kind: "revisionFailed", revision, direction, error });
    throw error;
  }
  const milliseconds = Math.round(performance.now() - started);
  journey.expected = step.to;
  journey.done.push({ revision, message, direction, statements, milliseconds });
  await context.emit({ kind: "revisionFinished", revision, message, direction, statements, milliseconds });
  return { more: true };
}

async function rollback(connection: Connection): Promise<void> {
  if (connection.inTransaction) await connection.rollback();
}

/** The step to take now, or null at the end. */
async function nextStep(journey: Journey): Promise<HistoryStep | null> {
  const { context, connection, history, direction } = journey;
  const heads = await context.store.heads(connection);
  refuseUnknown(history, heads, context.store.version);
  if (!context.dialect.capabilities.transactionalDdl) {
    refuseUnfinished(await context.store.entries(connection));
  }
  if (journey.planned === null) {
    journey.planned = history.steps(direction, heads, journey.target);
    journey.expected = heads;
    return journey.planned[0] ?? null;
  }
  if (direction === "upgrade") return nextUpgrade(journey, journey.planned, heads);
  if (sameHeads(heads, journey.expected)) return journey.planned[journey.done.length] ?? null;
  throw new AthanorError("MIGRATE.MOVED", { expected: journey.expected, found: heads });
}

/** The first planned revision that is not applied: what somebody else applied meanwhile is done. */
function nextUpgrade(
  journey: Journey,
  planned: readonly HistoryStep[],
  heads: readonly string[],
): HistoryStep | null {
  const { history } = journey;
  const applied = new Set(history.applied(heads));
  const open = planned.find((step) => !applied.has(step.revision));
  journey.expected = heads;
  if (open === undefined || sameHeads(heads, open.from)) return open ?? null;
  return history.steps("upgrade", heads, open.revision)[0] ?? null;
}

function sameHeads(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((head) => b.includes(head));
}
