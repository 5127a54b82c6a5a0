import type { Connection, DesignDialect, Plan, PlanCheck } from "../dialect/index.ts";
import { AthanorError, InternalError, isAthanorError } from "../errors/index.ts";
import { operationsFor } from "../operation/for-dialect.ts";
import type { Operation, StatementParameter } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import type { Schema, Table } from "../schema/index.ts";
import type { Script } from "../script/index.ts";
import type { Context } from "./context.ts";
import type { HistoryStep } from "./history.ts";
import { type Journal, journalOnce, journalSteps } from "./journal.ts";
import type { RunOptions, TransactionMode } from "./options.ts";
import { positionAfterBreak } from "./resume.ts";
import { describeFailure } from "./run-failure.ts";
import { runCheck } from "./run-plan.ts";
import { segments } from "./segments.ts";
import { markOf } from "./settle.ts";
import { encodeParameter, stepConnection } from "./step-connection.ts";
import { type Mark, type StoredPlan, storedPlan } from "./stored-plan.ts";
import { unitsOf } from "./units.ts";
import type { LogEntry } from "./version-store.ts";

/** One revision that is being applied or undone. */
export interface RevisionRun {
  readonly script: Script;
  readonly step: HistoryStep;
  readonly runId: string;
  readonly tag: string | null;
  readonly startedAt: Date;
  readonly mode: TransactionMode;
  /** Whether the lock is held across transactions. */
  readonly across: boolean;
  /** Which of the version table and the log are not there. */
  readonly missing: readonly Table[];
  /** The log's row of a run of this revision that was broken off. */
  readonly open: LogEntry | null;
  readonly resume: RunOptions["resume"];
  /** Told once it is noted where the revision is gone on with. */
  readonly onResumed: () => void;
}

/** What has to be run outside the transaction, before it and after. */
export interface Surroundings {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * What became of a revision: how many statements ran, or what has to be had first: statements outside the transaction,
 * or a lock across transactions.
 */
export type RevisionOutcome =
  | { readonly statements: number }
  | { readonly prepare: Surroundings }
  | { readonly across: true };

/** Runs the operations of one revision, and writes the version table and the log. */
export class RevisionRunner {
  readonly #context: Context;
  readonly #connection: Connection;
  readonly #run: RevisionRun;
  readonly #operations: readonly Operation[];
  readonly #prepared: ReadonlySet<string>;
  #journal: Journal;
  readonly #checks: PlanCheck[] = [];
  /** Whether what is finished may stand though the rest fails. */
  #stepwise = false;
  #finished = 0;
  /** How many had finished at the last commit. */
  #committed = 0;
  #mark: Mark | null = null;
  /** A statement runs that nothing takes back. */
  #bare = false;
  #operation: Operation | null = null;
  #statement: string | null = null;

  constructor(context: Context, connection: Connection, run: RevisionRun, prepared: ReadonlySet<string>) {
    this.#context = context;
    this.#connection = connection;
    this.#run = run;
    this.#prepared = prepared;
    this.#operations = operationsFor(run.script[run.step.direction], context.dialectIds);
    this.#journal = journalOnce(context, connection, this.#entry());
  }

  #entry() {
    const { script, step, runId, startedAt } = this.#run;
    const { revision, direction } = step;
    return { runId, revision, direction, checksum: script.checksum, startedAt };
  }

  /**
   * Everything, the commit included unless something has to be had first, or all revisions are one transaction. Throws
   * `MIGRATE.FAILED` and its like.
   */
  async run(): Promise<RevisionOutcome> {
    try {
      return await this.#runAll();
    } catch (error) {
      const { script, step } = this.#run;
      const failure = describeFailure(error, {
        revision: step.revision,
        direction: step.direction,
        file: script.file,
        operation: this.#operation,
        statement: this.#statement,
        undone: !this.#stepwise || (this.#committed === 0 && !this.#bare),
      });
      await this.#giveUp(failure);
      throw failure;
    }
  }

  /** The failure counts, even where the connection is gone and the log cannot be told. */
  async #giveUp(failure: AthanorError): Promise<void> {
    try {
      if (this.#connection.inTransaction) await this.#connection.rollback();
      if (this.#operation !== null) await this.#journal.fail(failure.message);
    } catch (error) {
      if (!isAthanorError(error)) throw error;
    }
  }

  async #runAll(): Promise<RevisionOutcome> {
    const { context, design } = { context: this.#context, design: await this.#context.design() };
    const { open, mode, across, missing } = this.#run;
    this.#stepwise = this.#isStepwise(design);
    if (this.#stepwise) {
      if (!across && design.tryLock === undefined) return { across: true };
      this.#journal = journalSteps(context, this.#connection, this.#entry(), open);
    }
    let next = 0;
    let looked: Schema | null = null;
    let whole: Plan | null = null;
    if (open === null) {
      await context.store.create(this.#connection, missing);
      looked = await design.inspector.inspect(this.#connection);
      whole = this.#lookAhead(design, looked);
      const prepare = whole && this.#unprepared(whole);
      if (prepare !== null) return { prepare };
    } else {
      const resumed = await this.#goOn(design, open);
      if (typeof resumed !== "number") return { prepare: resumed };
      next = resumed;
    }
    for (const segment of segments(this.#operations, next)) {
      const state = looked ?? (await design.inspector.inspect(this.#connection));
      looked = null;
      const all = segment.operations.length === this.#operations.length;
      const planned = all && whole !== null ? whole : this.#plan(segment.operations, state, design);
      const needed = this.#unprepared(planned);
      if (needed !== null) return { prepare: needed };
      const stored = storedPlan(this.#operations, segment, planned, this.#finished);
      await this.#journal.plan(stored);
      await this.#runPlan(stored, 0, design);
    }
    await this.#check(this.#checks);
    await this.#writeVersion();
    if (mode !== "all") await this.#commit();
    return { statements: this.#finished };
  }

  /** Whether something is committed before the end. Throws `MIGRATE.TRANSACTION` where it must not be. */
  #isStepwise(design: DesignDialect): boolean {
    const { mode, step, script, open } = this.#run;
    const { transactionalDdl } = this.#context.dialect.capabilities;
    const alone = this.#operations.find((operation) => design.ddl.alone?.(operation) === true);
    const stepwise =
      !transactionalDdl || mode === "none" || script.transaction === false || alone !== undefined;
    if (mode === "all" && (stepwise || open !== null)) {
      const reason = !transactionalDdl
        ? "changes a database that commits every change of its schema"
        : open !== null
          ? "was broken off, and has statements that stand already"
          : alone === undefined
            ? "says `transaction: false`"
            : "has a statement that no transaction may hold";
      throw new AthanorError("MIGRATE.TRANSACTION", { revision: step.revision, reason });
    }
    return stepwise;
  }

  /** The plan of the whole, as far as there is one before anything ran: it says what has to be prepared. */
  #lookAhead(design: DesignDialect, state: Schema): Plan | null {
    const early = design.ddl.early?.(this.#operations, state).statements ?? [];
    if (this.#run.mode === "all" && early.length > 0) {
      const reason = "gives an enum a value, which has to be committed before it is used";
      throw new AthanorError("MIGRATE.TRANSACTION", { revision: this.#run.step.revision, reason });
    }
    try {
      return plan(this.#operations, state, design);
    } catch (error) {
      // A later operation may need what an opaque step makes: then each segment tells for itself.
      if (isAthanorError(error)) return null;
      throw error;
    }
  }

  #unprepared({ before, after }: Surroundings): Surroundings | null {
    return before.every((sql) => this.#prepared.has(sql)) ? null : { before, after };
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

  /** Goes on where a run was broken off; answers the first operation that has no plan yet, or what has to be prepared. */
  async #goOn(design: DesignDialect, open: LogEntry): Promise<number | Surroundings> {
    const { script, step, resume } = this.#run;
    const position = await positionAfterBreak(
      this.#context,
      this.#connection,
      open,
      { file: script.file, operations: this.#operations },
      resume,
    );
    this.#finished = position.finished;
    const { stored } = position;
    if (stored !== null) {
      const needed = this.#unprepared(stored);
      if (needed !== null) return needed;
    }
    const { revision, direction } = step;
    await this.#context.emit({ kind: "revisionResumed", revision, direction, finished: position.finished });
    await this.#journal.advance(position.finished);
    await this.#commit();
    this.#run.onResumed();
    if (stored !== null) await this.#runPlan(stored, position.finished - stored.offset, design);
    return position.next;
  }

  /** Runs a plan from one of its steps on. */
  async #runPlan(stored: StoredPlan, from: number, design: DesignDialect): Promise<void> {
    const { transactionalDdl } = this.#context.dialect.capabilities;
    const apart = this.#run.mode === "none" || this.#run.script.transaction === false;
    const units = unitsOf(stored.steps, { transactionalDdl, apart });
    const last = units.findLast((unit) => !unit.bare);
    for (const unit of units) {
      if (unit.end <= from) continue;
      if (unit.bare) {
        await this.#runBare(stored, unit.start, design);
        continue;
      }
      if (this.#stepwise && unit.start > 0) await this.#commit();
      await this.#begin();
      for (let at = Math.max(unit.start, from); at < unit.end; at += 1) await this.#perform(stored, at);
      if (this.#stepwise && unit === last) await this.#check(stored.checks);
    }
    if (!this.#stepwise) this.#checks.push(...stored.checks);
    this.#operation = null;
  }

  async #begin(): Promise<void> {
    if (!this.#connection.inTransaction) await this.#connection.begin({ immediate: true });
  }

  async #commit(): Promise<void> {
    if (this.#connection.inTransaction) await this.#connection.commit();
    this.#committed = this.#finished;
  }

  async #check(checks: readonly PlanCheck[]): Promise<void> {
    const distinct = new Map(checks.map((check) => [check.sql, check]));
    for (const check of distinct.values()) await runCheck(check, this.#connection);
  }

  /** A statement that nothing takes back: what came before it is committed, with a note of what there was. */
  async #runBare(stored: StoredPlan, at: number, design: DesignDialect): Promise<void> {
    this.#mark = await markOf(design, this.#connection, stored, at, this.#mark);
    await this.#journal.mark(this.#mark);
    await this.#commit();
    this.#bare = true;
    await this.#perform(stored, at);
    this.#bare = false;
    this.#committed = this.#finished;
  }

  async #perform(stored: StoredPlan, at: number): Promise<void> {
    const step = stored.steps[at]!;
    const operation = this.#operations[step.operation] ?? null;
    this.#operation = operation;
    if (step.sql === null) await this.#runCode(operation);
    else if (step.violation !== undefined) {
      await runCheck({ sql: step.sql, violation: step.violation }, this.#connection);
    } else {
      const params = operation?.kind === "execute" ? operation.params : [];
      if (step.alone === true) await this.#executeAlone(step.sql, params);
      else await this.#execute(step.sql, params);
    }
    this.#finished += 1;
    if (this.#bare && this.#context.dialect.capabilities.transactionalDdl) await this.#begin();
    await this.#journal.advance(this.#finished);
  }

  /**
   * A statement outside any transaction waits for transactions that began before it and holds up nobody meanwhile;
   * begun anew, it would do all its work again: so it waits for locks as long as it takes.
   */
  async #executeAlone(sql: string, params: readonly StatementParameter[]): Promise<void> {
    const { limit } = await this.#context.design();
    const restore = await limit?.(this.#connection, { lock: 0, statement: null });
    try {
      await this.#execute(sql, params);
    } finally {
      await restore?.().catch(() => undefined); // the connection may be gone
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

  /**
   * A data step of code. The mark goes with the step's transaction: should it ever be read, the step has ended that
   * transaction itself.
   */
  async #runCode(operation: Operation | null): Promise<void> {
    if (operation?.kind !== "run") throw new InternalError("a step of code has no operation");
    const { dialect } = this.#context;
    const { revision, direction } = this.#run.step;
    const started = performance.now();
    await this.#journal.mark({ step: this.#finished, names: [], before: null, now: "" });
    await operation.step(stepConnection(dialect, this.#connection));
    if (!this.#connection.inTransaction) {
      const { file } = this.#run.script;
      const fields = { revision, file, direction, step: operation.name };
      throw new AthanorError("MIGRATE.TRANSACTION_ENDED", fields);
    }
    const milliseconds = performance.now() - started;
    await this.#context.emit({ kind: "stepFinished", revision, name: operation.name, milliseconds });
  }

  async #writeVersion(): Promise<void> {
    const { store, options } = this.#context;
    const { step, tag } = this.#run;
    await this.#begin();
    await store.move(this.#connection, step.from, step.to);
    await this.#journal.end(this.#finished);
    await options.hooks?.onVersionApply?.({
      revision: step.revision,
      direction: step.direction,
      heads: step.to,
      tag,
    });
  }
}
