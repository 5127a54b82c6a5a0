import type { Connection, DesignDialect, Plan, PlanCheck } from "../dialect/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { operationsFor } from "../fold/index.ts";
import type { Operation, StatementParameter } from "../operation/index.ts";
import { describe } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import type { Schema } from "../schema/index.ts";
import type { Script } from "../script/index.ts";
import type { Context } from "./context.ts";
import type { HistoryStep } from "./history.ts";
import { type Journal, journalOnce, journalSteps } from "./journal.ts";
import { runCheck } from "./run-plan.ts";
import { type Segment, segments } from "./segments.ts";
import { encodeParameter, stepConnection } from "./step-connection.ts";

/** One revision that is being applied or undone. */
export interface RevisionRun {
  readonly script: Script;
  readonly step: HistoryStep;
  readonly runId: string;
  readonly tag: string | null;
  readonly startedAt: Date;
}

/** What has to be run outside the transaction, before it and after. */
export interface Surroundings {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What became of a revision: how many statements ran, or what has to be prepared outside the transaction first. */
export type RevisionOutcome = { readonly statements: number } | { readonly prepare: Surroundings };

/** Runs the operations of one revision, and writes the version table and the log. */
export class RevisionRunner {
  readonly #context: Context;
  readonly #connection: Connection;
  readonly #run: RevisionRun;
  readonly #operations: readonly Operation[];
  readonly #prepared: ReadonlySet<string>;
  readonly #journal: Journal;
  readonly #checks: PlanCheck[] = [];
  #finished = 0;
  #operation: Operation | null = null;
  #statement: string | null = null;

  constructor(context: Context, connection: Connection, run: RevisionRun, prepared: ReadonlySet<string>) {
    const { script, step } = run;
    this.#context = context;
    this.#connection = connection;
    this.#run = run;
    this.#prepared = prepared;
    this.#operations = operationsFor(script[step.direction], context.dialectIds);
    const journal = context.dialect.capabilities.transactionalDdl ? journalOnce : journalSteps;
    this.#journal = journal(context, connection, {
      runId: run.runId,
      revision: step.revision,
      direction: step.direction,
      checksum: script.checksum,
      startedAt: run.startedAt,
    });
  }

  /** Everything, the commit included unless something has to be prepared first. Throws `MIGRATE.FAILED` and its like. */
  async run(): Promise<RevisionOutcome> {
    try {
      return await this.#runAll();
    } catch (error) {
      const failure = this.#describeFailure(error);
      await this.#journal.fail(this.#finished, failure.message);
      throw failure;
    }
  }

  async #runAll(): Promise<RevisionOutcome> {
    const { dialect, store } = this.#context;
    const design = await this.#context.design();
    const missing = await store.missing(this.#connection);
    const prepare = await this.#lookAhead(design);
    if (prepare !== null) return { prepare };
    await store.create(this.#connection, missing);
    const cut = dialect.capabilities.transactionalDdl
      ? segments(this.#operations)
      : [{ operations: this.#operations, start: 0 }];
    for (const segment of cut) {
      const needed = await this.#runSegment(segment, design);
      if (needed !== null) return { prepare: needed };
    }
    const checks = new Map(this.#checks.map((check) => [check.sql, check]));
    for (const check of checks.values()) await runCheck(check, this.#connection);
    await this.#writeVersion();
    if (this.#connection.inTransaction) await this.#connection.commit();
    return { statements: this.#finished };
  }

  /** What has to be prepared, as far as the whole can be planned before anything ran. */
  async #lookAhead(design: DesignDialect): Promise<Surroundings | null> {
    const state = await design.inspector.inspect(this.#connection);
    try {
      const planned = plan(this.#operations, state, design);
      this.#checks.push(...planned.checks);
      return this.#unprepared(planned);
    } catch (error) {
      // A later operation may need what an opaque step makes: then each segment tells for itself.
      if (isAthanorError(error)) return null;
      throw error;
    }
  }

  #unprepared(planned: Plan): Surroundings | null {
    const ready = planned.before.every((sql) => this.#prepared.has(sql));
    return ready ? null : { before: planned.before, after: planned.after };
  }

  async #runSegment(segment: Segment, design: DesignDialect): Promise<Surroundings | null> {
    const connection = this.#connection;
    const state = await design.inspector.inspect(connection);
    const planned = this.#plan(segment.operations, state, design);
    const needed = this.#unprepared(planned);
    if (needed !== null) return needed;
    this.#checks.push(...planned.checks);
    await this.#journal.begin(planned.steps.map((step) => (step.kind === "statement" ? step.sql : null)));
    for (const step of planned.steps) {
      this.#operation = segment.operations[step.operation] ?? null;
      if (step.kind === "run") await this.#runStep(this.#operation);
      else if (step.violation !== undefined)
        await runCheck({ sql: step.sql, violation: step.violation }, connection);
      else await this.#execute(step.sql, step.params as readonly StatementParameter[]);
      this.#finished += 1;
      await this.#journal.advance(this.#finished);
    }
    this.#operation = null;
    return null;
  }

  /** The plan; where there is none, the operation at fault is found by planning fewer of them. */
  #plan(operations: readonly Operation[], state: Schema, design: DesignDialect): Plan {
    try {
      return plan(operations, state, design);
    } catch (error) {
      const fits = (count: number): boolean => {
        try {
          plan(operations.slice(0, count), state, design);
          return true;
        } catch {
          return false;
        }
      };
      const fault = operations.findIndex((_, i) => !fits(i + 1));
      this.#operation = operations[fault] ?? null;
      throw error;
    }
  }

  async #execute(sql: string, params: readonly StatementParameter[]): Promise<void> {
    const { dialect } = this.#context;
    const started = performance.now();
    this.#statement = sql;
    await this.#connection.query(
      sql,
      params.map((value) => encodeParameter(dialect, value)),
    );
    this.#statement = null;
    const milliseconds = performance.now() - started;
    const { revision } = this.#run.step;
    await this.#context.emit({ kind: "statementFinished", revision, sql, milliseconds });
  }

  /** A data step of code, in the migration's transaction, or in one of its own where there is none. */
  async #runStep(operation: Operation | null): Promise<void> {
    if (operation?.kind !== "run") return;
    const { dialect } = this.#context;
    const { revision, direction } = this.#run.step;
    const started = performance.now();
    const own = !this.#connection.inTransaction;
    if (own) await this.#connection.begin();
    try {
      await operation.step(stepConnection(dialect, this.#connection));
    } catch (error) {
      if (own) await this.#connection.rollback();
      throw error;
    }
    if (!this.#connection.inTransaction) {
      const { file } = this.#run.script;
      throw new AthanorError("MIGRATE.TRANSACTION_ENDED", {
        revision,
        file,
        direction,
        step: operation.name,
      });
    }
    if (own) await this.#connection.commit();
    const milliseconds = performance.now() - started;
    await this.#context.emit({ kind: "stepFinished", revision, name: operation.name, milliseconds });
  }

  async #writeVersion(): Promise<void> {
    const { store, options } = this.#context;
    const { step, tag } = this.#run;
    await store.move(this.#connection, step.from, step.to);
    await this.#journal.end(this.#finished);
    await options.hooks?.onVersionApply?.({
      revision: step.revision,
      direction: step.direction,
      heads: step.to,
      tag,
    });
  }

  #describeFailure(error: unknown): AthanorError {
    if (isAthanorError(error, "MIGRATE.TRANSACTION_ENDED")) return error;
    const { revision, direction } = this.#run.step;
    const { file } = this.#run.script;
    if (isAthanorError(error, "PLAN.VIOLATION")) {
      const fields = { ...error.fields, revision, direction, file };
      return new AthanorError("MIGRATE.VIOLATION", fields, { cause: error });
    }
    // What fails before any operation is the database's own trouble, and says so itself.
    if (isAthanorError(error) && this.#operation === null && this.#statement === null) return error;
    const fields = {
      revision,
      direction,
      file,
      operation: this.#operation === null ? null : describe(this.#operation),
      statement: this.#statement,
      reason: error instanceof Error ? error.message : String(error),
      undone: this.#context.dialect.capabilities.transactionalDdl,
    };
    return new AthanorError("MIGRATE.FAILED", fields, { cause: error });
  }
}
