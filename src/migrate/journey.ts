import type { Connection } from "../dialect/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { Context } from "./context.ts";
import type { AppliedDocument, Direction } from "./documents.ts";
import type { MigrationEvent } from "./events.ts";
import type { History, HistoryStep } from "./history.ts";
import type { RunOptions } from "./options.ts";
import { refuseUnknown, unfinishedEntry, unfinishedError } from "./problems.ts";
import type { ResolvedSettings } from "./run-settings.ts";
import type { LogEntry, Standing } from "./version-store.ts";

/** One command's way along the history. */
export interface Journey {
  readonly context: Context;
  readonly connection: Connection;
  readonly history: History;
  readonly direction: Direction;
  readonly target: string;
  readonly runId: string;
  readonly tag: string | null;
  /** A branch is undone with what depends on it. */
  readonly dependents: boolean;
  readonly settings: ResolvedSettings;
  /** How to go on at the statement at which a revision was broken off; taken once. */
  resume: RunOptions["resume"];
  /** What is to be done, fixed when the lock was first held; null before. */
  planned: readonly HistoryStep[] | null;
  /** The heads that the last step of this journey left behind. */
  expected: readonly string[];
  done: AppliedDocument[];
  /** The revision whose beginning was told last. */
  told: string | null;
  /** What is told once it is committed and the lock is free, so that whoever hears of it may migrate as well. */
  untold: MigrationEvent[];
}

/** The step to take now. */
export interface NextStep {
  /** Null at the end. */
  readonly step: HistoryStep | null;
  /** The log's row of it where it was broken off. */
  readonly open: LogEntry | null;
  readonly standing: Standing;
}

/** Under the lock: where the database stands, and the step to take from there. */
export async function nextStep(journey: Journey): Promise<NextStep> {
  const { context, connection, history, direction } = journey;
  const standing = await context.store.read(connection);
  const { heads } = standing;
  refuseUnknown(history, heads, context.store.version);
  const open = unfinishedEntry(standing.entries, direction);
  if (open === null && journey.resume !== undefined) {
    throw new AthanorError("MIGRATE.NOTHING_TO_RESUME", { resume: journey.resume });
  }
  if (journey.planned === null) {
    journey.planned = history.steps(direction, heads, journey.target);
    if (direction === "downgrade" && !journey.dependents) refuseDependents(journey, journey.planned);
    journey.expected = heads;
  }
  return { step: stepFrom(journey, journey.planned, heads, open), open, standing };
}

function stepFrom(
  journey: Journey,
  planned: readonly HistoryStep[],
  heads: readonly string[],
  open: LogEntry | null,
): HistoryStep | null {
  if (open !== null) return stepOf(journey, open, heads);
  if (journey.direction === "upgrade") return nextUpgrade(journey, planned, heads);
  return nextDowngrade(journey, planned[journey.done.length] ?? null, heads);
}

/** Throws `MIGRATE.DEPENDENTS` where undoing a branch would undo what is not of it. */
function refuseDependents({ history, target }: Journey, planned: readonly HistoryStep[]): void {
  const revisions = history.beyondBranch(target, planned);
  if (revisions.length > 0) throw new AthanorError("MIGRATE.DEPENDENTS", { target, revisions });
}

/**
 * The next planned revision, which has to be there to be undone: what somebody else did on other branches meanwhile is
 * of no concern. Throws `MIGRATE.MOVED`.
 */
function nextDowngrade(
  { history, target, expected }: Journey,
  planned: HistoryStep | null,
  heads: readonly string[],
): HistoryStep | null {
  if (planned === null || sameHeads(heads, expected)) return planned;
  const moved = new AthanorError("MIGRATE.MOVED", { expected, found: heads });
  try {
    const [step] = history.steps("downgrade", heads, target);
    if (step?.revision === planned.revision) return step;
  } catch (error) {
    if (!isAthanorError(error)) throw error;
  }
  throw moved;
}

/** The step that was broken off, which has to be one of the journey's. */
function stepOf(journey: Journey, open: LogEntry, heads: readonly string[]): HistoryStep {
  const { history, direction, planned } = journey;
  const mine = planned?.some((step) => step.revision === open.revision) === true;
  if (!mine) throw unfinishedError(open);
  if (direction === "upgrade") {
    const [step] = history.steps("upgrade", heads, open.revision);
    if (step?.revision === open.revision) return step;
  }
  const step = planned?.find((each) => each.revision === open.revision);
  if (step === undefined || !sameHeads(step.from, heads)) throw unfinishedError(open);
  return step;
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
