import type { PlanCheck } from "../dialect/index.ts";
import { t } from "../schema/index.ts";
import type { Script } from "../script/index.ts";
import type { Context } from "./context.ts";
import type { HistoryStep } from "./history.ts";
import { LiteralWriter, quoteTable, type ScriptTarget, updateRow } from "./statements.ts";
import type { StoredPlan } from "./stored-plan.ts";
import type { NewLogEntry } from "./version-store.ts";

/** One revision of a script. */
export interface RecordedStep {
  readonly context: Context;
  readonly target: ScriptTarget;
  readonly script: Script;
  readonly step: HistoryStep;
  readonly runId: string;
}

/** Instants are the database's own: the script runs later than it is written. */
export class ClockWriter extends LiteralWriter {
  override write(value: unknown, type: Parameters<LiteralWriter["write"]>[1]): string {
    return value instanceof Date ? "CURRENT_TIMESTAMP" : super.write(value, type);
  }
}

/**
 * That the database is where the step begins, and has not taken it before: a script that is run again does nothing a
 * second time, and a client that goes on after an error does not apply what follows a revision that failed.
 */
export function guardsOf({ context, target, step }: RecordedStep): readonly PlanCheck[] {
  const { dialect } = target;
  const { log } = context.store;
  const text = (value: string): string => new LiteralWriter(target).write(value, t.text());
  const name = (column: string): string => dialect.query.quote(column);
  const { revision, direction, from } = step;
  const guards = from.length === 0 ? [] : [standsAt(context, target, from, `${direction} ${revision}`)];
  if (direction === "downgrade") return guards;
  const mine = (alias: string, ...directions: readonly string[]): string =>
    `${alias}.${name("revision")} = ${text(revision)} AND ${alias}.${name("direction")} IN (${directions.map(text).join(", ")})`;
  const gone = `SELECT 1 FROM ${quoteTable(dialect, log)} AS l2 WHERE l2.${name("id")} > l1.${name("id")} AND ((${mine("l2", "downgrade", "unstamp")}) OR l2.${name("direction")} = ${text("purge")})`;
  guards.push({
    sql: `SELECT COUNT(*), ${text(revision)} FROM ${quoteTable(dialect, log)} AS l1 WHERE ${mine("l1", "upgrade", "stamp")} AND NOT EXISTS (${gone}) HAVING COUNT(*) > 0`,
    violation: `${revision} is applied already, or was begun`,
  });
  return guards;
}

/** That the database is at all of these heads. */
export function standsAt(
  context: Context,
  target: ScriptTarget,
  heads: readonly string[],
  what: string,
): PlanCheck {
  const text = (value: string): string => new LiteralWriter(target).write(value, t.text());
  const table = quoteTable(target.dialect, context.store.version);
  const column = target.dialect.query.quote("version_num");
  return {
    sql: `SELECT COUNT(*), ${text(heads.join(", "))} FROM ${table} WHERE ${column} IN (${heads.map(text).join(", ")}) HAVING COUNT(*) <> ${heads.length}`,
    violation: `the database is not at ${heads.join(", ")}, where ${what} begins`,
  };
}

/** The rows of the version table and the log, written once with all the rest. */
export function recordOnce(recorded: RecordedStep, count: number): readonly string[] {
  const { context, target } = recorded;
  const done = {
    status: "done",
    finishedAt: context.now(),
    statementIndex: count === 0 ? null : count - 1,
    statementCount: count,
  } as const;
  const insert = context.store.logStatement(entryOf(recorded), done, new ClockWriter(target));
  return [...movesOf(recorded), insert.sql];
}

/** The same where the log says after each statement how far the revision has come. */
export interface StepwiseRecord {
  readonly opening: readonly string[];
  readonly advance: (began: number, finished: number) => string;
  readonly reached: (finished: number) => PlanCheck;
  readonly closing: readonly string[];
}

/** The rows of a revision whose statements stand as they are done. */
export function recordSteps(recorded: RecordedStep, stored: StoredPlan): StepwiseRecord {
  const { context, target, step } = recorded;
  const { dialect } = target;
  const { store } = context;
  const count = stored.steps.length;
  const values = new ClockWriter(target);
  const entry = entryOf(recorded);
  const plan = JSON.stringify(stored);
  const running = {
    status: "running",
    finishedAt: null,
    statementIndex: null,
    statementCount: count,
    plan,
  } as const;
  const { id, sql } = store.logStatement(entry, running, values);
  const name = (column: string): string => dialect.query.quote(column);
  const finishedAt = context.now();
  const last = (finished: number): number | null => (finished === 0 ? null : finished - 1);
  const stands = (finished: number): string =>
    `${name("statement_index")} ${finished === 0 ? "IS NULL" : `= ${last(finished)}`}`;
  return {
    opening: [sql],
    advance: (began, finished) =>
      `${updateRow(dialect, store.log, { statement_index: last(finished) }, { id }, values)} AND ${stands(began)}`,
    reached: (finished) => ({
      sql: `SELECT COUNT(*), ${values.write(step.revision, t.text())} FROM ${quoteTable(dialect, store.log)} WHERE ${name("id")} = ${values.write(id, t.text())} AND ${name("status")} = ${values.write("running", t.text())} AND ${stands(finished)} HAVING COUNT(*) <> 1`,
      violation: `what came before in ${step.direction} ${step.revision} was not kept`,
    }),
    closing: [
      ...movesOf(recorded),
      store.logUpdateStatement(
        id,
        entry,
        { status: "done", finishedAt, statementIndex: last(count), statementCount: count, plan: null },
        values,
      ),
    ],
  };
}

function entryOf({ context, script, step, runId }: RecordedStep): NewLogEntry {
  const { revision, direction } = step;
  return { runId, revision, direction, checksum: script.checksum, startedAt: context.now() };
}

function movesOf({ context, target, step }: RecordedStep): readonly string[] {
  return context.store
    .moveStatements(step.from, step.to, () => new LiteralWriter(target))
    .map((move) => move.sql);
}
