import type { Connection, Dialect } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { ModelInstance } from "../model/index.ts";
import { type Delete, type Insert, Select, type Update } from "../query/index.ts";
import { compileFragment, SqlFragment } from "../sql/index.ts";
import { type ModelOf, SessionCore } from "./core.ts";
import type { Engine } from "./engine.ts";
import type { Cohort, Entry } from "./entry.ts";
import { SelectSource, write } from "./execute.ts";
import type { Key, Mapper } from "./mapper.ts";
import type { SessionOptions } from "./options.ts";
import { mergeFrames, restore, restoreEntry } from "./restore.ts";
import { Rows, type Written } from "./rows.ts";
import { encodeParameters } from "./select.ts";
import { SessionTransaction } from "./session-transaction.ts";
import { newFrame } from "./unit.ts";

/**
 * A unit of work: the objects that were added or loaded, one for each row, and the transaction they are written
 * in. Nothing connects before the first statement; `commit` writes what changed and ends the transaction, and the
 * objects stay readable. A Session is for one task at a time; a second one is refused.
 */
export class Session {
  readonly #core: SessionCore;
  /** Added before the dialect was loaded. */
  readonly #waiting = new Set<ModelInstance>();
  #dialect: Dialect | null = null;
  #outer: SessionTransaction | null = null;
  #savepoints = 0;

  constructor(engine: Engine, options: SessionOptions = {}) {
    this.#core = new SessionCore(engine, options);
  }

  /** Runs `work` with a Session and closes it afterwards. What was not committed is rolled back. */
  static async run<T>(
    engine: Engine,
    work: (session: Session) => Promise<T>,
    options: SessionOptions = {},
  ): Promise<T> {
    const session = new Session(engine, options);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  async #ready(): Promise<void> {
    this.#dialect = await this.#core.open();
    for (const instance of this.#waiting) {
      this.#waiting.delete(instance);
      this.#core.add(instance, this.#dialect);
    }
  }

  #alone<T>(name: string, body: (dialect: Dialect) => Promise<T>): Promise<T> {
    return this.#core.guard.alone(name, async () => {
      await this.#ready();
      return body(this.#dialect as Dialect);
    });
  }

  /** Takes an object in: it is written by the next flush. One that is here already stays. */
  add(instance: object): void {
    if (this.#core.closed) throw new AthanorError("SESSION.CLOSED", {});
    if (this.#dialect !== null || !ModelInstance.is(instance) || this.#core.entryOf(instance) !== undefined) {
      this.#core.add(instance, this.#dialect as Dialect);
    } else this.#waiting.add(instance);
  }

  /** Takes several objects in. */
  addAll(instances: Iterable<object>): void {
    for (const instance of instances) this.add(instance);
  }

  /** Marks an object to be deleted by the next flush. One that was only added is let go. */
  delete(instance: object): void {
    if (this.#waiting.delete(instance as ModelInstance)) return;
    this.#core.doom(this.#core.entryHere(instance, "delete"));
  }

  /** Whether the object belongs to this Session. */
  has(instance: object): boolean {
    return this.#waiting.has(instance as ModelInstance) || this.#core.entryOf(instance)?.owner === this.#core;
  }

  /** Writes what changed, within the transaction. Rejects with `ValidationError`, `DATABASE.…` and `SESSION.…`. */
  flush(): Promise<void> {
    return this.#alone("a flush", () => this.#core.flush());
  }

  /** Writes what changed and ends the transaction. The objects stay readable. */
  commit(): Promise<void> {
    return this.#alone("a commit", async () => {
      await this.#core.flush();
      await this.#core.transaction.commit();
      this.#ended();
    });
  }

  /** Takes back what was done since the last commit; the objects hold what they held then. */
  rollback(): Promise<void> {
    return this.#core.guard.alone("a rollback", async () => {
      this.#waiting.clear();
      await this.#core.transaction.rollback();
      const { unit } = this.#core;
      const frames = unit.frames.splice(0);
      const whole = frames.reduceRight((inner, outer) => {
        mergeFrames(outer, inner);
        return outer;
      });
      unit.frames.push(newFrame(null));
      restore(unit, whole, (entry) => this.#core.release(entry));
      this.#core.failure = null;
      this.#ended();
    });
  }

  /** A transaction is over: what comes next is a new one. */
  #ended(): void {
    const { unit } = this.#core;
    for (const entry of unit.frames.flatMap((frame) => [...frame.deleted])) {
      if (entry.state === "deleted") entry.owner = null;
    }
    unit.frames.splice(0, unit.frames.length, newFrame(null));
    unit.epoch += 1;
    this.#outer?.end();
    this.#outer = null;
  }

  /**
   * Begins a transaction that ends with its own `commit` or `rollback`, or, left by `await using` without either, is
   * rolled back. Inside another one it is a savepoint.
   */
  async begin(): Promise<SessionTransaction> {
    if (this.#outer === null) {
      const outer = new SessionTransaction({
        commit: () => this.commit(),
        rollback: () => this.rollback(),
      });
      this.#outer = outer;
      return outer;
    }
    this.#savepoints += 1;
    const name = `athanor_${this.#savepoints}`;
    await this.#alone("a savepoint", async () => {
      await this.#core.flush();
      await this.#core.transaction.savepoint(name);
      this.#core.unit.frames.push(newFrame(name));
    });
    return new SessionTransaction({
      commit: () => this.#releaseSavepoint(name),
      rollback: () => this.#rollbackToSavepoint(name),
    });
  }

  #releaseSavepoint(name: string): Promise<void> {
    return this.#alone("a commit", async () => {
      this.#demandInnermost(name, "commit");
      await this.#core.flush();
      await this.#core.transaction.releaseSavepoint(name);
      const { frames } = this.#core.unit;
      const inner = frames.pop();
      const outer = frames.at(-1);
      if (inner !== undefined && outer !== undefined) mergeFrames(outer, inner);
    });
  }

  #rollbackToSavepoint(name: string): Promise<void> {
    return this.#core.guard.alone("a rollback", async () => {
      this.#demandInnermost(name, "roll back");
      await this.#core.transaction.rollbackToSavepoint(name);
      const { unit } = this.#core;
      const inner = unit.frames.pop();
      if (inner !== undefined) restore(unit, inner, (entry) => this.#core.release(entry));
      this.#core.failure = null;
    });
  }

  #demandInnermost(name: string, action: string): void {
    if (this.#core.unit.frame.name !== name) throw new AthanorError("SESSION.NO_TRANSACTION", { action });
  }

  /** Runs a query when its rows are asked for, or a statement that writes at once. */
  exec<T>(statement: Select<T>): Rows<T>;
  exec<T>(statement: Insert<T> | Update<T> | Delete<T>): Promise<Written<T>>;
  exec<T>(statement: SqlFragment<T>): Promise<readonly Record<string, unknown>[]>;
  exec(
    statement: Select<unknown> | Insert<unknown> | Update<unknown> | Delete<unknown> | SqlFragment,
  ): unknown {
    if (statement instanceof Select) {
      return new Rows(new SelectSource(this.#core, () => this.#ready(), statement));
    }
    if (statement instanceof SqlFragment) return this.#execSql(statement);
    return this.#alone("a statement", () => write(this.#core, statement));
  }

  #execSql(fragment: SqlFragment): Promise<readonly Record<string, unknown>[]> {
    return this.#alone("a statement", async (dialect) => {
      if (this.#core.options.autoflush !== false) await this.#core.flushIfDirty(null);
      const { sql, parameters } = compileFragment(fragment.expression, dialect.query);
      const reads = /^\s*(?:select|with|values|explain)\b/i.test(sql);
      const connection = await (reads ? this.#core.reading() : this.#core.writing());
      const { columns, rows } = await connection.query(sql, encodeParameters(parameters, dialect));
      return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
    });
  }

  /** The object with a primary key, from the Session where it is there; several parts of a key as an array. */
  get<T extends object>(model: ModelOf<T>, key: unknown): Promise<T | null> {
    return this.#alone("a query", async (dialect) => {
      const mapper = this.#core.mapperOf(model, dialect);
      const parts = encodeKey(mapper, key);
      const known = this.#core.unit.find(mapper, mapper.keyOfParts(parts));
      if (known !== undefined && known.epoch === this.#core.unit.epoch) return known.instance as T;
      // Only rows that come or go can matter: an object with this key that was changed would be known here.
      const { pending, doomed } = this.#core.unit;
      if (this.#core.options.autoflush !== false && pending.size + doomed.size > 0) await this.#core.flush();
      const entry = await this.#readByKey(mapper, parts);
      return entry === null ? null : (entry.instance as T);
    });
  }

  async #readByKey(mapper: Mapper, parts: readonly Key[]): Promise<Entry | null> {
    const connection = await this.#core.reading();
    const { rows } = await connection.query(mapper.statements.selectByKey(mapper.columns, false), [...parts]);
    const [row] = rows;
    const cohort: Cohort = { entries: [] };
    return row === undefined ? null : this.#core.absorb(mapper, row, cohort);
  }

  /** Gives an object the values its row has now; what the program changed and did not flush is lost. */
  refresh(instance: object): Promise<void> {
    return this.#alone("a refresh", async () => {
      const entry = this.#stored(instance, "refresh");
      const { mapper } = entry;
      const connection: Connection = await this.#core.reading();
      const sql = mapper.statements.selectByKey(mapper.columns, false);
      const { rows } = await connection.query(sql, mapper.keyParts(entry.snapshot));
      const [row] = rows;
      if (row === undefined) throw new AthanorError("SESSION.NO_ROW", { model: mapper.meta.name });
      restoreEntry(entry);
      this.#core.renew(entry, row, true);
    });
  }

  #stored(instance: object, action: string): Entry {
    const entry = this.#core.entryHere(instance, action);
    if (entry.state === "persistent") return entry;
    throw new AthanorError("SESSION.NOT_STORED", { model: entry.mapper.meta.name, action });
  }

  /** Lets an object go: its changes are no longer written. */
  expunge(instance: object): void {
    if (this.#waiting.delete(instance as ModelInstance)) return;
    this.#core.release(this.#core.entryHere(instance, "expunge"));
  }

  /** Writes a property with the next flush whatever it holds. */
  flagModified(instance: object, property: string): void {
    const entry = this.#core.entryOf(instance);
    if (entry === undefined) return; // a new object is written whole
    if (!entry.mapper.byProperty.has(property)) {
      throw new AthanorError("SESSION.UNKNOWN_PROPERTY", { model: entry.mapper.meta.name, property });
    }
    entry.flagged ??= new Set();
    entry.flagged.add(property);
  }

  /** Rolls back what was not committed and lets every object go. */
  async close(): Promise<void> {
    if (this.#core.closed) return;
    await this.#core.transaction.rollback();
    const { unit } = this.#core;
    for (const entry of [...unit.entries(), ...unit.pending]) this.#core.release(entry);
    unit.clear();
    this.#waiting.clear();
    this.#core.closed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function encodeKey(mapper: Mapper, key: unknown): Key[] {
  const parts = mapper.key.length === 1 && !Array.isArray(key) ? [key] : (key as unknown[]);
  if (!Array.isArray(parts) || parts.length !== mapper.key.length) {
    const given = Array.isArray(parts) ? parts.length : 1;
    throw new AthanorError("SESSION.KEY_PARTS", {
      model: mapper.meta.name,
      expected: mapper.key.length,
      given,
    });
  }
  return mapper.key.map((column, at) => column.encode(parts[at]));
}

/** Makes Sessions that share their options: `const makeSession = sessionMaker(engine, { autoflush: false })`. */
export function sessionMaker(engine: Engine, options: SessionOptions = {}): () => Session {
  return () => new Session(engine, options);
}
