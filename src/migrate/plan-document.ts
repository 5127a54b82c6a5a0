import type { Connection, DesignDialect, Plan } from "../dialect/index.ts";
import { isAthanorError } from "../errors/index.ts";
import { operationsFor } from "../fold/index.ts";
import type { Operation } from "../operation/index.ts";
import { describe } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import type { Schema } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { Direction, PlanDocument, PlannedStatementDocument, PlannedStepDocument } from "./documents.ts";
import type { History } from "./history.ts";
import { refuseUnknown } from "./problems.ts";

/** `migrate --plan`, `rollback --plan`: the way from where the database stands, with its statements. */
export function planDocument(context: Context, direction: Direction, target: string): Promise<PlanDocument> {
  const command = direction === "upgrade" ? "migrate --plan" : "rollback --plan";
  return context.withConnection(command, async (connection: Connection) => {
    const history = await context.history();
    const from = await context.store.heads(connection);
    refuseUnknown(history, from, context.store.version);
    const design = await context.design();
    let state: Schema | null = await design.inspector.inspect(connection);
    const steps: PlannedStepDocument[] = [];
    let to = from;
    for (const step of history.steps(direction, from, target)) {
      const planned = await planStep(context, history, design, step.revision, direction, state);
      steps.push(planned.document);
      state = planned.state;
      to = step.to;
    }
    return { direction, target, from, to, steps };
  });
}

/** One revision against `state`; null once the schema can no longer be foretold. */
async function planStep(
  context: Context,
  history: History,
  design: DesignDialect,
  revision: string,
  direction: Direction,
  state: Schema | null,
): Promise<{ readonly document: PlannedStepDocument; readonly state: Schema | null }> {
  const script = await history.load(revision);
  const operations = operationsFor(script[direction], context.dialectIds);
  const planned = state === null ? null : foretell(operations, state, design);
  const document = {
    revision,
    message: script.message,
    direction,
    operations: operations.map(describe),
    statements: planned === null ? [] : describeStatements(operations, planned),
  };
  return { document, state: planned?.to ?? null };
}

/** The plan, or null where an opaque step decides what comes after it. */
function foretell(operations: readonly Operation[], state: Schema, design: DesignDialect): Plan | null {
  try {
    return plan(operations, state, design);
  } catch (error) {
    if (isAthanorError(error)) return null;
    throw error;
  }
}

function describeStatements(
  operations: readonly Operation[],
  planned: Plan,
): readonly PlannedStatementDocument[] {
  const outside = (sql: string): PlannedStatementDocument => ({ sql, run: null });
  const steps = planned.steps.map((step): PlannedStatementDocument => {
    if (step.kind === "statement") return { sql: step.sql, run: null };
    const operation = operations[step.operation];
    return { sql: null, run: operation?.kind === "run" ? operation.name : "" };
  });
  return [...planned.before.map(outside), ...steps, ...planned.after.map(outside)];
}
