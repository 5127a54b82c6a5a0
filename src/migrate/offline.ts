import type { DesignDialect, PlanCheck } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { type Folded, fold, foldOperations, operationsFor } from "../fold/index.ts";
import type { Operation, StatementParameter } from "../operation/index.ts";
import { describe } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import { emptySchema } from "../schema/index.ts";
import type { Script } from "../script/index.ts";
import { uuid7 } from "../util/uuid7.ts";
import type { Context } from "./context.ts";
import type { Direction, SqlDocument } from "./documents.ts";
import type { History, HistoryStep } from "./history.ts";
import { inlineParameters } from "./inline-parameters.ts";
import type { SqlOptions } from "./options.ts";
import { LiteralWriter } from "./statements.ts";

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
  const parts: string[] = [];
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
function readRange(
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
  const from = start === "" || start === undefined ? [] : history.resolveAll(start);
  if (direction === "downgrade" && from.length === 0) return refuse("the upper end is missing");
  return { from, target: end === "" ? (direction === "upgrade" ? "heads" : "base") : end };
}

async function versionTablesSql(context: Context, design: DesignDialect): Promise<string> {
  const operations = [context.store.version, context.store.log].map(
    (table): Operation => ({ kind: "createTable", table }),
  );
  const { steps } = plan(operations, await design.canonical(emptySchema, null), design);
  return steps.map((step) => (step.kind === "statement" ? `${step.sql};\n` : "")).join("");
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
  const { context, design, script, step, state } = offline;
  const operations = operationsFor(script[step.direction], context.dialectIds);
  const planned = planOffline(offline, operations, await design.canonical(state.schema, null));
  const body = planned.steps.map((planStep) => {
    const operation = operations[planStep.operation];
    if (planStep.kind === "run") return gap(offline, operation);
    if (planStep.violation !== undefined)
      return checkSql(design, { sql: planStep.sql, violation: planStep.violation });
    const params = planStep.params as readonly StatementParameter[];
    return `${inlineParameters(context.dialect, planStep.sql, params)};`;
  });
  const transaction = context.dialect.capabilities.transactionalDdl;
  return [
    `-- ${step.direction} ${step.revision}: ${script.message.replaceAll(/\s+/g, " ")}`,
    ...(design.ddl.scriptNote === undefined || planned.before.length === 0
      ? []
      : [`-- ${design.ddl.scriptNote}`]),
    ...planned.before.map((sql) => `${sql};`),
    ...(transaction ? ["BEGIN;"] : []),
    ...body,
    ...planned.checks.map((check) => checkSql(design, check)),
    ...versionSql(offline, body.length),
    ...(transaction ? ["COMMIT;"] : []),
    ...planned.after.map((sql) => `${sql};`),
    "",
  ].join("\n");
}

/** A check that ends the script where the database has a statement for that; otherwise one to look at. */
function checkSql(design: DesignDialect, check: PlanCheck): string {
  const assertion = design.ddl.assertion?.(check) ?? null;
  return assertion === null
    ? `-- ${check.violation}, if this answers a row:\n${check.sql};`
    : `${assertion};`;
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

function gap(offline: OfflineStep, operation: Operation | undefined): string {
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

function versionSql(offline: OfflineStep, statements: number): readonly string[] {
  const { context, script, step, runId } = offline;
  const { store, dialect } = context;
  const literals = (): LiteralWriter => new LiteralWriter(dialect);
  const now = context.now();
  const log = store.logStatement(
    {
      runId,
      revision: step.revision,
      direction: step.direction,
      checksum: script.checksum,
      startedAt: now,
    },
    {
      status: "done",
      finishedAt: now,
      statementIndex: statements === 0 ? null : statements - 1,
      statementCount: statements,
    },
    new ClockWriter(dialect),
  );
  const moves = store.moveStatements(step.from, step.to, literals).map((move) => `${move.sql};`);
  return [...moves, `${log.sql};`];
}

/** Instants are the database's own: the script runs later than it is written. */
class ClockWriter extends LiteralWriter {
  override write(value: unknown, type: Parameters<LiteralWriter["write"]>[1]): string {
    return value instanceof Date ? "CURRENT_TIMESTAMP" : super.write(value, type);
  }
}
