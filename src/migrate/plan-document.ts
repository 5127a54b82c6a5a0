import type { Connection, DesignDialect, Plan } from "../dialect/index.ts";
import { isAthanorError } from "../errors/index.ts";
import { operationsFor } from "../fold/index.ts";
import type { Operation } from "../operation/index.ts";
import { describe } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import type { Schema } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { Direction, PlanDocument, PlannedStatementDocument, PlannedStepDocument } from "./documents.ts";
import type { History, HistoryStep } from "./history.ts";
import { refuseUnknown, unfinishedEntry, unfinishedError } from "./problems.ts";
import type { LogEntry } from "./version-store.ts";

/** `migrate --plan`, `rollback --plan`: the way from where the database stands, with its statements. */
export function planDocument(context: Context, direction: Direction, target: string): Promise<PlanDocument> {
  const command = direction === "upgrade" ? "migrate --plan" : "rollback --plan";
  return context.withConnection(command, async (connection: Connection) => {
    const history = await context.history();
    const from = await context.store.heads(connection);
    refuseUnknown(history, from, context.store.version);
    const design = await context.design();
    const open = unfinishedEntry(await context.store.entries(connection), direction);
    const way = history.steps(direction, from, target);
    const isOpen = (step: HistoryStep): boolean => step.revision === open?.revision;
    if (open !== null && !way.some(isOpen)) throw unfinishedError(open);
    let state: Schema | null = await design.inspector.inspect(connection);
    const steps: PlannedStepDocument[] = [];
    let to = from;
    for (const step of [...way.filter(isOpen), ...way.filter((each) => !isOpen(each))]) {
      const planned = await planStep(
        { context, history, design, step, open: isOpen(step) ? open : null },
        state,
      );
      steps.push(planned.document);
      state = planned.state;
      to = step.to;
    }
    const dependents = direction === "downgrade" ? history.beyondBranch(target, way) : [];
    return { direction, target, from, to, steps, dependents };
  });
}

interface Planning {
  readonly context: Context;
  readonly history: History;
  readonly design: DesignDialect;
  readonly step: HistoryStep;
  /** The log's row where the revision was broken off. */
  readonly open: LogEntry | null;
}

/** One revision against `state`; null once the schema can no longer be foretold. */
async function planStep(
  { context, history, design, step, open }: Planning,
  state: Schema | null,
): Promise<{ readonly document: PlannedStepDocument; readonly state: Schema | null }> {
  const { revision, direction } = step;
  const script = await history.load(revision);
  const operations = operationsFor(script[direction], context.dialectIds);
  const said = { revision, message: script.message, direction };
  const foretold = (from: number, to: number, at: Schema | null): Plan | null =>
    at === null ? null : foretell(operations.slice(from, to), at, design);
  if (open?.stored == null) {
    const planned = foretold(0, operations.length, state);
    const statements = planned === null ? [] : describeStatements(operations, planned);
    const document = { ...said, operations: operations.map(describe), statements, resumedAfter: null };
    return { document, state: planned?.to ?? null };
  }
  const { stored } = open;
  const finished = (open.statementIndex ?? -1) + 1;
  const rest = stored.steps.slice(finished - stored.offset);
  const next = rest[0]?.operation ?? stored.end;
  const middle = foretold(next, stored.end, state);
  const end = foretold(stored.end, operations.length, middle?.to ?? null);
  const last = operations.slice(stored.end);
  const document = {
    ...said,
    operations: operations.slice(next).map(describe),
    statements: [
      ...rest.map(({ sql, operation }) => ({
        sql,
        run: sql === null ? nameOf(operations[operation]) : null,
      })),
      ...(end === null ? [] : describeStatements(last, end)),
    ],
    resumedAfter: finished,
  };
  return { document, state: end?.to ?? null };
}

function nameOf(operation: Operation | undefined): string {
  return operation?.kind === "run" ? operation.name : "";
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
    return { sql: null, run: nameOf(operations[step.operation]) };
  });
  return [...planned.before.map(outside), ...steps, ...planned.after.map(outside)];
}
