import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../dialect/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { uuid7 } from "../util/uuid7.ts";
import { namesIn } from "./catalog-part.ts";
import type { Context } from "./context.ts";
import type { ApplyDocument, Direction } from "./documents.ts";
import type { HistoryStep } from "./history.ts";
import { type Journey, nextStep } from "./journey.ts";
import { withLock } from "./lock.ts";
import type { RunOptions } from "./options.ts";
import { editedFiles } from "./problems.ts";
import { afterTries, mayGoWellLater } from "./run-failure.ts";
import { type RevisionOutcome, RevisionRunner, type Surroundings } from "./run-revision.ts";
import { pauseBefore, runSettings, withLimits } from "./run-settings.ts";

/**
 * Applies or undoes revisions, each in a transaction of its own unless told otherwise. The lock is taken for each anew
 * and the heads are read under it, so that processes which run at once apply every revision once. A revision that was
 * broken off is finished first.
 */
export function runMigrations(
  context: Context,
  direction: Direction,
  target: string,
  options: RunOptions,
): Promise<ApplyDocument> {
  return context.withConnection(direction === "upgrade" ? "migrate" : "rollback", async (connection) => {
    const settings = runSettings(context, options);
    const history = await context.history();
    const journey: Journey = {
      context,
      connection,
      history,
      direction,
      target,
      runId: uuid7(context.now().getTime()),
      tag: options.tag ?? null,
      dependents: options.dependents ?? false,
      settings,
      resume: options.resume,
      planned: null,
      expected: [],
      done: [],
      told: null,
      untold: [],
    };
    const { heads: from, entries } = await context.store.read(connection);
    const problems = await editedFiles(history, from, entries);
    for (const problem of problems) await context.emit({ kind: "warning", problem });
    await withLimits(context, connection, settings, async () => {
      while (await travel(journey));
    });
    return { direction, target, from, to: journey.expected, steps: journey.done, problems };
  });
}

/** What had to be had before a revision could begin. */
interface Provisions {
  readonly prepared: Set<string>;
  readonly after: Set<string>;
  /** The lock is held across transactions. */
  across: boolean;
}

/** One revision, or all where they are one transaction; answers whether there was one. Tried again where locks were in the way. */
async function travel(journey: Journey): Promise<boolean> {
  const { settings, connection } = journey;
  const provisions: Provisions = { prepared: new Set(), after: new Set(), across: false };
  const attempts = settings.lockRetries + 1;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await journeyOn(journey, provisions);
      } catch (error) {
        if (!mayGoWellLater(error)) throw await told(journey, error);
        const blockers = await whoIsInTheWay(journey, error);
        if (attempt >= attempts) throw await told(journey, afterTries(error, attempt, blockers));
        const pause = pauseBefore(attempt);
        const { direction, told: revision } = journey;
        const event = { direction, attempt, attempts, pause, error, blockers, revision: revision ?? "" };
        await journey.context.emit({ kind: "retry", ...event });
        await sleep(pause);
      }
    }
  } finally {
    for (const sql of provisions.after) await connection.query(sql);
  }
}

/** Tells listeners of a failure; answers the error. */
async function told({ context, told: revision, direction }: Journey, error: unknown): Promise<unknown> {
  if (revision !== null) await context.emit({ kind: "revisionFailed", revision, direction, error });
  return error;
}

/** Sessions that may hold the lock that a statement waited for; none where the database cannot be asked. */
async function whoIsInTheWay({ context, connection }: Journey, error: unknown): Promise<readonly string[]> {
  const statement = isAthanorError(error, "MIGRATE.FAILED") ? error.fields.statement : null;
  const { blockers } = await context.design();
  if (statement === null || blockers === undefined) return [];
  try {
    return await blockers(connection, namesIn([statement]));
  } catch (refused) {
    if (isAthanorError(refused)) return [];
    throw refused;
  }
}

/** Takes the lock and goes on, as often as something has to be had first. */
async function journeyOn(journey: Journey, provisions: Provisions): Promise<boolean> {
  const { context, connection, settings } = journey;
  for (;;) {
    const lock = { limit: settings.waitTimeout, across: provisions.across };
    const outcome = await withLock(context, connection, lock, () =>
      settings.transaction === "all" ? attemptAll(journey, provisions) : attempt(journey, provisions),
    );
    if ("more" in outcome) {
      for (const event of journey.untold.splice(0)) await context.emit(event);
      return outcome.more;
    }
    if ("across" in outcome) {
      provisions.across = true;
      continue;
    }
    for (const sql of outcome.prepare.after) provisions.after.add(sql);
    for (const sql of outcome.prepare.before) {
      await connection.query(sql);
      provisions.prepared.add(sql);
    }
  }
}

type Attempt = { readonly more: boolean } | { readonly prepare: Surroundings } | { readonly across: true };

/** Under the lock: reads where the database stands, and takes one step from there. */
async function attempt(journey: Journey, provisions: Provisions): Promise<Attempt> {
  const { context, connection, history, direction } = journey;
  const { step, open, standing } = await nextStep(journey);
  if (step === null) return { more: false };
  if (open !== null && !provisions.across && (await context.design()).tryLock === undefined) {
    await rollback(connection);
    return { across: true }; // whoever runs it may be between two transactions
  }
  const { revision } = step;
  const script = await history.load(revision);
  const { message } = script;
  const startedAt = context.now();
  const started = performance.now();
  await tellBeginning(journey, step, message);
  const { runId, tag, resume, settings } = journey;
  const mode = settings.transaction;
  const onResumed = (): void => {
    journey.resume = undefined;
  };
  const { across } = provisions;
  const run = {
    script,
    step,
    runId,
    tag,
    startedAt,
    mode,
    across,
    open,
    missing: standing.missing,
    resume,
    onResumed,
  };
  let outcome: RevisionOutcome;
  try {
    outcome = await new RevisionRunner(context, connection, run, provisions.prepared).run();
  } catch (error) {
    await rollback(connection);
    throw error;
  }
  if (!("statements" in outcome)) {
    await rollback(connection);
    return outcome;
  }
  const { statements } = outcome;
  const milliseconds = Math.round(performance.now() - started);
  const resumedAfter = open === null ? null : (open.statementIndex ?? -1) + 1;
  journey.expected = step.to;
  journey.done.push({ revision, message, direction, statements, milliseconds, resumedAfter });
  journey.told = null;
  journey.untold.push({
    kind: "revisionFinished",
    revision,
    message,
    direction,
    statements,
    milliseconds,
  });
  return { more: true };
}

async function tellBeginning(journey: Journey, step: HistoryStep, message: string): Promise<void> {
  const { revision, direction } = step;
  if (journey.told === revision) return;
  journey.told = revision;
  const index = journey.done.length;
  const total = journey.planned?.length ?? 1;
  await journey.context.emit({ kind: "revisionStarted", revision, message, direction, index, total });
}

/** Under the lock: every step in the one transaction, which is committed at the end or not at all. */
async function attemptAll(journey: Journey, provisions: Provisions): Promise<Attempt> {
  const { context, connection } = journey;
  if (!context.dialect.capabilities.transactionalDdl) {
    const reason = "this database commits every change of its schema by itself";
    throw new AthanorError("MIGRATE.TRANSACTION", { revision: null, reason });
  }
  journey.planned = null;
  journey.done = [];
  journey.untold = [];
  for (;;) {
    const outcome = await attempt(journey, provisions);
    if (!("more" in outcome)) return outcome;
    if (outcome.more) continue;
    if (connection.inTransaction) await connection.commit();
    return { more: false };
  }
}

async function rollback(connection: Connection): Promise<void> {
  if (connection.inTransaction) await connection.rollback();
}
