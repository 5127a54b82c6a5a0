import type { Connection, DesignDialect } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { isAthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/index.ts";
import { withoutComments } from "../operation/raw-statement.ts";
import { plan } from "../plan/index.ts";
import type { Schema } from "../schema/index.ts";
import { canonicalOrder } from "../schema/order.ts";
import { digestOf, namesIn, partOf, withPart } from "./catalog-part.ts";
import type { Mark, StoredPlan, StoredStep } from "./stored-plan.ts";

/** What became of a statement that nothing takes back, at which a revision was broken off. */
export type Settled =
  /** It did not take effect: it is run again. */
  | "again"
  /** It took effect, and only the log does not know. */
  | "done"
  /** It is half done, and its operation may be run again from the first statement. */
  | "restart"
  /** Nobody can tell. */
  | "unknown";

/** What a decision is made from. */
export interface Question {
  readonly stored: StoredPlan;
  /** The place of the step in the stored plan. */
  readonly at: number;
  readonly mark: Mark;
  /** All operations of the revision as they were; null where the file says others now. */
  readonly operations: readonly Operation[] | null;
  /** The database answered the statement with an error. */
  readonly failed: boolean;
}

/** The steps of one operation: those next to each other. */
export function groupOf(
  steps: readonly StoredStep[],
  at: number,
): { readonly start: number; readonly end: number } {
  const { operation } = steps[at]!;
  let start = at;
  let end = at + 1;
  while (steps[start - 1]?.operation === operation) start -= 1;
  while (steps[end]?.operation === operation) end += 1;
  return { start, end };
}

/** What there is before a statement runs, of all that its operation's statements name. */
export async function markOf(
  design: DesignDialect,
  connection: Connection,
  stored: StoredPlan,
  at: number,
  earlier: Mark | null,
): Promise<Mark> {
  const group = groupOf(stored.steps, at);
  const names = namesIn(stored.steps.slice(group.start, group.end).flatMap((step) => step.sql ?? []));
  const part = await seen(design, connection, names);
  const first = stored.offset + group.start;
  const known = earlier !== null && earlier.step >= first && at > group.start;
  return { step: stored.offset + at, names, before: known ? earlier.before : part, now: digestOf(part) };
}

/** What the database has of what the names mean; as little as that is read where that can be told. */
async function seen(
  { inspector }: DesignDialect,
  connection: Connection,
  names: readonly string[],
): Promise<Schema> {
  if (inspector.inspectNamed === undefined) return partOf(await inspector.inspect(connection), names, true);
  return partOf(await inspector.inspectNamed(connection, names), names, false);
}

/**
 * Compares the catalog with what it was before the statement, and with what the operation makes of it. A statement
 * that changes the schema is done whole or not at all, so that what changed was changed by it; at the end of the
 * operation the catalog has to be as the operation leaves it. One that failed did nothing: where the catalog has
 * changed since, somebody was at work, and has either done what it does or made way for it.
 */
export async function settle(
  design: DesignDialect,
  connection: Connection,
  question: Question,
): Promise<Settled> {
  const { stored, at, mark, failed } = question;
  const step = stored.steps[at]!;
  if (step.sql === null) return "unknown"; // a step of code that ended its own transaction
  const raw = step.raw === true;
  if (raw && design.ddl.repeatable?.(step.sql) === true) return "again";
  if (raw && !isVisible(step.sql)) return failed ? "again" : "unknown";
  const part = await seen(design, connection, mark.names);
  if (digestOf(part) === mark.now) return "again";
  if (question.operations === null) return failed ? "again" : "unknown";
  const amid = at < groupOf(stored.steps, at).end - 1 && step.alone !== true;
  if (amid) return failed ? "again" : "done";
  const current = await design.inspector.inspect(connection);
  if (await isAsLeft(design, connection, current, question)) return "done";
  if (step.alone === true && !raw) return "restart";
  return failed ? "again" : "unknown";
}

/** Whether the catalog is as the operations of the step's group leave it. */
async function isAsLeft(
  design: DesignDialect,
  connection: Connection,
  current: Schema,
  { stored, at, mark, operations }: Question,
): Promise<boolean> {
  const { start, end } = groupOf(stored.steps, at);
  const raw = stored.steps[at]?.raw === true;
  const from = stored.steps[start]!.operation;
  const to = stored.steps[end]?.operation ?? stored.end;
  const own = (operations ?? []).slice(from, to);
  const said = own.every((operation) => operation.kind !== "execute" || operation.changes !== null);
  if (raw && !said) return true; // one statement, of a kind that is done whole
  const byParts = design.inspector.inspectNamed === undefined;
  const before = canonicalOrder(withPart(current, mark.before as Schema, mark.names, byParts));
  try {
    const after = await design.canonical(plan(own, before, design).to, connection);
    const part = (schema: Schema): Schema => partOf(schema, mark.names, byParts);
    return diff(part(current), part(after), design.rules).length === 0;
  } catch (error) {
    if (isAthanorError(error)) return false;
    throw error;
  }
}

const definition = /^(?:create|alter|drop|rename)\b/i;
const things = /^(?:\S+\s+){1,5}?(?:table|index|view|trigger)\b/i;
const routines = /^(?:create|drop)\s+(?:\S+\s+){0,3}?(?:procedure|function|event|sequence)\b/i;

/** Whether a raw statement is one change of what the inspector sees. */
function isVisible(sql: string): boolean {
  const bare = withoutComments(sql);
  if (routines.test(bare)) return true;
  return definition.test(bare) && things.test(bare);
}
