import type { Connection, DriverValue, Plan, PlanCheck, PlanStep } from "../dialect/index.ts";
import { AthanorError, InternalError } from "../errors/index.ts";

/** What can be told of a plan while it runs. */
export interface RunPlanOptions {
  /** Called before each statement, with its place among the steps. */
  readonly onStatement?: (sql: string, step: number) => void;
  /** Runs a data step of code; a plan without any needs none. */
  readonly onRun?: (operation: number) => Promise<void>;
  /** Done in the transaction of the steps, before it is committed. */
  readonly atEnd?: () => Promise<void>;
}

/**
 * Runs a plan whole: what has to stand before the transaction, then all steps and checks in one transaction that
 * takes the write lock at once, and afterwards, whatever became of it, what has to stand after. A failure takes
 * everything back, but for a statement that has to run alone and what stands before it. Throws `PLAN.VIOLATION` and what the database throws. The connection may have no transaction
 * open.
 */
export async function runPlan(
  plan: Plan,
  connection: Connection,
  options: RunPlanOptions = {},
): Promise<void> {
  try {
    for (const sql of plan.before) await connection.query(sql);
    await connection.begin({ immediate: true });
    for (const [at, step] of plan.steps.entries()) {
      const alone = step.kind === "statement" && step.alone === true;
      if (alone) await connection.commit();
      await runStep(step, at, connection, options);
      if (alone) await connection.begin({ immediate: true });
    }
    for (const check of plan.checks) await runCheck(check, connection);
    await options.atEnd?.();
    await connection.commit();
  } finally {
    if (connection.inTransaction) await connection.rollback();
    for (const sql of plan.after) await connection.query(sql);
  }
}

async function runStep(
  step: PlanStep,
  at: number,
  connection: Connection,
  options: RunPlanOptions,
): Promise<void> {
  if (step.kind === "run") {
    if (options.onRun === undefined) throw new InternalError("nobody runs the plan's data steps");
    return options.onRun(step.operation);
  }
  if (step.violation !== undefined) return runCheck({ sql: step.sql, violation: step.violation }, connection);
  options.onStatement?.(step.sql, at);
  await connection.query(step.sql, step.params as readonly DriverValue[]);
}

/** Runs a check of a plan. Throws `PLAN.VIOLATION` where it answers a row. */
export async function runCheck(check: PlanCheck, connection: Connection): Promise<void> {
  const { rows } = await connection.query(check.sql);
  const [first] = rows;
  if (first === undefined) return;
  const [count, example] = first;
  throw new AthanorError("PLAN.VIOLATION", {
    violation: check.violation,
    rows: Number(count),
    example: String(example ?? "?"),
  });
}
