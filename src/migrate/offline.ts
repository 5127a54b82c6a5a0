import type { DesignDialect } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { type Folded, fold, foldOperations, operationsFor } from "../fold/index.ts";
import type { Operation } from "../operation/index.ts";
import { describe } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import { emptySchema } from "../schema/index.ts";
import type { Script } from "../script/index.ts";
import { uuid7 } from "../util/uuid7.ts";
import type { Context } from "./context.ts";
import type { Direction, SqlDocument } from "./documents.ts";
import type { History, HistoryStep } from "./history.ts";
import { guardsOf, recordOnce, recordSteps } from "./offline-record.ts";
import type { SqlOptions } from "./options.ts";
import { runSettings } from "./run-settings.ts";
import { isAlone, scriptBlock, scriptOpening } from "./script-sql.ts";
import { stepwiseBlock } from "./script-steps.ts";
import { storedPlan } from "./stored-plan.ts";

/**
 * A script of SQL for a range of the history, from the files alone: each revision in a transaction where the
 * database has those for DDL, with its rows in the version table and the log.
 */
export async function offlineSql(
  context: Context,
  direction: Direction,
  options: SqlOptions,
): Promise<SqlDocument> {
  const history = await context.history();
  const { from, target } = readRange(history, direction, options.range);
  const design = await context.design();
  const runId = uuid7(context.now().getTime());
  const ids = context.dialectIds;
  let state = fold(await history.loadAll(history.applied(from)), ids);
  const steps = history.steps(direction, from, target);
  const dependents = direction === "downgrade" ? history.beyondBranch(target, steps) : [];
  if (dependents.length > 0 && options.dependents !== true)
    throw new AthanorError("MIGRATE.DEPENDENTS", { target, revisions: dependents });
  const opening = scriptOpening({ dialect: context.dialect, design });
  const parts: string[] = opening.length === 0 ? [] : [`${opening.join("\n")}\n`];
  if (from.length === 0) parts.push(await versionTablesSql(context, design));
  for (const step of steps) {
    const script = await history.load(step.revision);
    parts.push(await stepSql({ context, design, script, step, state, runId, options }));
    state = foldOperations(script, script[direction], ids, state);
  }
  return {
    direction,
    from,
    to: steps.at(-1)?.to ?? from,
    revisions: steps.map((step) => step.revision),
    sql: parts.join("\n"),
  };
}

/** The ends of `a:b`. A target alone starts at base, which only an upgrade can. */
export function readRange(
  history: History,
  direction: Direction,
  range: string,
): { readonly from: readonly string[]; readonly target: string } {
  const refuse = (problem: string): never => {
    throw new AthanorError("MIGRATE.OFFLINE_RANGE", { range, problem });
  };
  const [start, end, ...more] = range.split(":");
  if (more.length > 0) return refuse("it has more than two ends");
  if (end === undefined) {
    if (direction === "downgrade") return refuse("without a database both ends must be given");
    return { from: [], target: range };
  }
  const from = (start ?? "")
    .split(",")
    .flatMap((each) => (each.trim() === "" ? [] : history.resolveAll(each)));
  if (direction === "downgrade" && from.length === 0) return refuse("the upper end is missing");
  return { from, target: end === "" ? (direction === "upgrade" ? "heads" : "base") : end };
}

/** Makes the two tables where they are not there yet. */
export async function versionTablesSql(context: Context, design: DesignDialect): Promise<string> {
  const operations = [context.store.version, context.store.log].map(
    (table): Operation => ({ kind: "createTable", table }),
  );
  const { steps } = plan(operations, await design.canonical(emptySchema, null), design);
  const made = steps.flatMap((step) => (step.kind === "statement" ? [step.sql] : []));
  // A script that is run again finds them there.
  return made.map((sql) => `${sql.replace(/^CREATE TABLE /, "CREATE TABLE IF NOT EXISTS ")};\n`).join("");
}

interface OfflineStep {
  readonly context: Context;
  readonly design: DesignDialect;
  readonly script: Script;
  readonly step: HistoryStep;
  readonly state: Folded;
  readonly runId: string;
  readonly options: SqlOptions;
}

async function stepSql(offline: OfflineStep): Promise<string> {
  const { context, design, script, step, state, runId } = offline;
  const { dialect } = context;
  const operations = operationsFor(script[step.direction], context.dialectIds);
  const planned = planOffline(offline, operations, await design.canonical(state.schema, null));
  const target = { dialect, design };
  const recorded = { context, target, script, step, runId };
  const title = `${step.direction} ${step.revision}: ${script.message}`;
  const guards = guardsOf(recorded);
  const { transactionalDdl } = dialect.capabilities;
  const apart = script.transaction === false || runSettings(context).transaction === "none";
  if (planned.steps.length === 0 || (transactionalDdl && !apart && !planned.steps.some(isAlone))) {
    const closing = recordOnce(recorded, planned.steps.length);
    const gap = (run: { readonly operation: number }): string => gapOf(offline, operations[run.operation]);
    const block = { title, guards, opening: [], resumed: [], closing, gap };
    return scriptBlock(target, planned, block).join("\n");
  }
  const segment = { operations, start: 0 };
  const stored = storedPlan(operations, segment, planned, 0);
  return stepwiseBlock(target, planned, stored, {
    title,
    division: { transactionalDdl, apart },
    guards,
    ...recordSteps(recorded, stored),
    gap: (operation) => gapOf(offline, operations[operation]),
  }).join("\n");
}

/** What the history does not say shows when a later operation needs it. */
function planOffline(
  offline: OfflineStep,
  operations: readonly Operation[],
  schema: Folded["schema"],
): ReturnType<typeof plan> {
  try {
    return plan(operations, schema, offline.design);
  } catch (error) {
    const { unknown } = offline.state;
    if (unknown.length === 0) throw error;
    const steps = unknown.map((step) => `${step.step} (${step.file})`);
    throw new AthanorError("MIGRATE.HISTORY_UNKNOWN", { steps }, { cause: error });
  }
}

function gapOf(offline: OfflineStep, operation: Operation | undefined): string {
  const { script, step, options } = offline;
  const name = operation?.kind === "run" ? operation.name : "";
  if (options.allowRun !== true) {
    throw new AthanorError("MIGRATE.OFFLINE_STEP", {
      revision: step.revision,
      file: script.file,
      step: name,
    });
  }
  return `-- GAP: ${operation === undefined ? name : describe(operation)} runs code of ${script.file} and is not part of this script.`;
}
