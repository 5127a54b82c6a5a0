import type { Dialect, DriverValue, Result } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { actAs, ModelInstance } from "../model/index.ts";
import type { Delete, Insert, Loaded, RelationPath, Update } from "../query/index.ts";
import { Select } from "../query/index.ts";
import { SqlFragment } from "../sql/index.ts";
import { keepShape } from "../util/keep-shape.ts";
import { SessionCore, type SessionState } from "./core.ts";
import type { Engine } from "./engine.ts";
import type { Entry } from "./entry.ts";
import {
  Events,
  type Listener,
  type ObjectEvent,
  type ObjectEventName,
  type PropertyChange,
  type SessionEventName,
  type SessionEvents,
} from "./events.ts";
import { execSql, execText, SelectSource, streamText, write } from "./execute.ts";
import { expire } from "./expire.ts";
import { encodeKey } from "./key.ts";
import { byKey, entriesByKey, type GetOptions } from "./load-by-key.ts";
import { merge } from "./merge.ts";
import type { ModelOf } from "./model-of.ts";
import { actorOf, type SessionOptions } from "./options.ts";
import { renew } from "./renew.ts";
import { reread } from "./reread.ts";
import { mergeFrames, restore, restoreEntry, wholeOf } from "./restore.ts";
import { type RetryOptions, withRetries } from "./retry.ts";
import { Rows, type Written } from "./rows.ts";
import { SessionTransaction } from "./session-transaction.ts";
import type { SessionTransactionOptions } from "./transaction.ts";
import { newFrame } from "./unit.ts";
import { changedColumns } from "./update.ts";

/** How `Session.run` makes its Session, and how often it tries. */
export interface RunOptions extends SessionOptions, RetryOptions {}

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
  /** Those inside of it that have not ended, by their savepoints. */
  readonly #inner = new Map<string, SessionTransaction>();
  #savepoints = 0;

  constructor(engine: Engine, options: SessionOptions = {}) {
    this.#core = new SessionCore(engine, options, new Events(this, options.events));
  }

  /**
   * Runs `work` with a Session and closes it afterwards; what was not committed is rolled back. With `attempts`,
   * work that failed only because another transaction was in its way is done again, with a new Session, as long as
   * it has not committed anything. Default 1.
   */
  static run<T>(
    engine: Engine,
    work: (session: Session) => Promise<T>,
    { attempts = 1, pause, longestPause, ...options }: RunOptions = {},
  ): Promise<T> {
    let session = new Session(engine, options);
    const attempt = async (): Promise<T> => {
      if (session.#core.closed) session = new Session(engine, options);
      try {
        return await actAs(actorOf(options), () => work(session));
      } finally {
        await session.close();
      }
    };
    const retry: RetryOptions = {
      attempts,
      ...(pause === undefined ? {} : { pause }),
      ...(longestPause === undefined ? {} : { longestPause }),
    };
    return withRetries(attempt, () => session.#core.commits === 0, retry);
  }

  /**
   * Runs `work` in a transaction and commits it. What fails is rolled back, and done again where another
   * transaction was in its way: a serialization failure, a deadlock, a lock not got in time, a stale version.
   * Rejects with `SESSION.UNCOMMITTED` where the Session has changes from before.
   */
  async run<T>(
    work: (session: this) => Promise<T>,
    options: RetryOptions & SessionTransactionOptions = {},
  ): Promise<T> {
    if (await this.#core.hasUncommitted(this.#waiting.size))
      throw new AthanorError("SESSION.UNCOMMITTED", {});
    let commits = 0;
    const attempt = async (): Promise<T> => {
      await this.#core.transaction.rollback(); // reads from before, if any
      commits = this.#core.commits;
      try {
        this.#core.transaction.use(options);
        const result = await work(this);
        await this.commit();
        return result;
      } catch (error) {
        if (!this.#core.closed) await this.rollback();
        throw error;
      }
    };
    return withRetries(attempt, () => this.#core.commits === commits, options);
  }

  async #ready(): Promise<void> {
    this.#dialect = await this.#core.open();
    for (const instance of this.#waiting) {
      this.#waiting.delete(instance);
      this.#core.add(instance, this.#dialect);
    }
  }

  #alone<T>(name: string, body: (dialect: Dialect) => Promise<T> | T): Promise<T> {
    return this.#core.alone(name, () => {
      const dialect = this.#dialect;
      if (dialect === null || this.#waiting.size > 0) return this.#whenReady(body);
      this.#core.demandOpen();
      return body(dialect);
    });
  }

  async #whenReady<T>(body: (dialect: Dialect) => Promise<T> | T): Promise<T> {
    await this.#ready();
    return body(this.#dialect as Dialect);
  }

  /**
   * Where the Session stands: `idle` between transactions, `active` in one; `failed` after a failure that only a
   * rollback ends, `unknown` where the connection was lost during a commit, so that nobody can say whether it
   * happened; `closed`.
   */
  get state(): SessionState {
    return this.#core.state;
  }

  /** Takes an object in: it is written by the next flush. One that is here already stays. */
  add(instance: object): void {
    if (this.#core.closed) throw new AthanorError("SESSION.CLOSED", {});
    this.#dialect ??= this.#core.dialectAtHand();
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
    const entry = this.#core.entryHere(instance, "delete");
    if (entry.state === "deleted")
      throw new AthanorError("SESSION.DELETED", { model: entry.mapper.meta.name });
    this.#core.doom(entry);
  }

  /** Marks an object to be deleted for good, also where its model keeps what was deleted. */
  purge(instance: object): void {
    const entry = this.#core.entryOf(instance);
    if (entry !== undefined) entry.purged = true;
    this.delete(instance);
  }

  /** Whether the object belongs to this Session. */
  has(instance: object): boolean {
    return this.#waiting.has(instance as ModelInstance) || this.#core.entryOf(instance)?.owner === this.#core;
  }

  /** Writes what changed, within the transaction. Rejects with `ValidationError`, `DATABASE.…` and `SESSION.…`. */
  flush(): Promise<void> {
    return this.#alone("a flush", () => this.#core.flush());
  }

  /**
   * Writes what changed and ends the transaction. The objects stay readable. Rejects with `SESSION.COMMIT_UNKNOWN`
   * where the connection was lost meanwhile.
   */
  async commit(): Promise<void> {
    const { events } = this.#core;
    if (events.hears("beforeCommit")) await events.emit("beforeCommit", {});
    await this.#alone("a commit", async () => {
      await this.#core.flushAll();
      await this.#core.commit();
      this.#ended();
    });
    await events.emitDone("afterCommit");
  }

  /** Takes back what was done since the last commit; the objects hold what they held then. */
  async rollback(): Promise<void> {
    const { events } = this.#core;
    if (events.hears("beforeRollback")) await events.emit("beforeRollback", {});
    await this.#core.guard.alone("a rollback", async () => {
      this.#waiting.clear();
      await this.#core.transaction.rollback();
      const { unit } = this.#core;
      const whole = wholeOf(unit.frames.splice(0));
      unit.frames.push(newFrame(null));
      restore(unit, whole, this.#core);
      this.#core.failure = null;
      this.#ended();
      if (whole.read.size === 0) return;
      await reread(this.#core, [...whole.read]);
      await this.#core.transaction.rollback(); // nothing but reads
    });
    await events.emitDone("afterRollback");
  }

  /** A transaction is over: what comes next is a new one. */
  #ended(): void {
    const { unit } = this.#core;
    for (const entry of unit.frames.flatMap((frame) => [...frame.deleted])) {
      if (entry.state === "deleted") entry.owner = null;
    }
    unit.frames.splice(0, unit.frames.length, newFrame(null));
    this.#core.settleLeft();
    unit.epoch += 1;
    for (const transaction of this.#inner.values()) transaction.end();
    this.#inner.clear();
    this.#outer?.end();
    this.#outer = null;
  }

  /**
   * Begins a transaction that ends with its own `commit` or `rollback`, or, left by `await using` without either, is
   * rolled back. Inside another one it is a savepoint. Options are those of the outermost, and have to come before
   * its first statement: `SESSION.BEGUN` otherwise.
   */
  async begin(options: SessionTransactionOptions = {}): Promise<SessionTransaction> {
    this.#core.demandOpen();
    if (Object.keys(options).length > 0) this.#core.transaction.use(options);
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
    const inner = new SessionTransaction({
      commit: () => this.#releaseSavepoint(name),
      rollback: () => this.#rollbackToSavepoint(name),
    });
    this.#inner.set(name, inner);
    return inner;
  }

  #releaseSavepoint(name: string): Promise<void> {
    return this.#alone("a commit", async () => {
      this.#demandInnermost(name, "commit");
      await this.#core.flushAll();
      await this.#core.transaction.releaseSavepoint(name);
      this.#inner.delete(name);
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
      this.#inner.delete(name);
      const { unit } = this.#core;
      const inner = unit.frames.pop();
      if (inner !== undefined) restore(unit, inner, this.#core);
      this.#core.failure = null;
      await reread(this.#core, [...(inner?.read ?? [])]);
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
    if (statement instanceof SqlFragment) {
      return this.#alone("a statement", (dialect) => execSql(this.#core, dialect, statement));
    }
    return this.#alone("a statement", () => write(this.#core, statement));
  }

  /**
   * Runs SQL that another tool made, on the Session's connection and in its transaction: parameters and rows are as
   * the driver has them. Pending changes of objects are written before it. Say where it does not write, so that it
   * begins no transaction that would lock others out. Default: it writes.
   */
  execText(
    text: string,
    params: readonly DriverValue[] = [],
    { writes = true }: { readonly writes?: boolean } = {},
  ): Promise<Result> {
    return this.#alone("a statement", () => execText(this.#core, text, params, writes));
  }

  /**
   * The rows of such a query, as they come; nothing else runs in the Session meanwhile. `onColumns` is told the columns
   * before the first row.
   */
  async *streamText(
    text: string,
    params: readonly DriverValue[] = [],
    onColumns?: (columns: readonly string[]) => void,
  ): AsyncGenerator<readonly DriverValue[], void, undefined> {
    yield* streamText(this.#core, () => this.#ready(), text, params, onColumns);
  }

  /** The engine whose database this Session is of. */
  get engine(): Engine {
    return this.#core.engine;
  }

  /**
   * The object with a primary key, from the Session where it is there; several parts of a key as an array. Null
   * where there is no such row.
   */
  get<T extends object, P extends RelationPath<T> = never>(
    model: ModelOf<T>,
    key: unknown,
    options: GetOptions<P> = {},
  ): Promise<Loaded<T, P> | null> {
    return this.#alone("a query", (dialect) => {
      const mapper = this.#core.mapperOf(model, dialect);
      return byKey(this.#core, mapper, encodeKey(mapper, key), options, (entry) =>
        instanceOf<T, P>(entry, model),
      );
    });
  }

  /** The objects with several primary keys, in the order of the keys; null where there is no such row. */
  getMany<T extends object, P extends RelationPath<T> = never>(
    model: ModelOf<T>,
    keys: readonly unknown[],
    options: GetOptions<P> = {},
  ): Promise<(Loaded<T, P> | null)[]> {
    return this.#alone("a query", async (dialect) => {
      const mapper = this.#core.mapperOf(model, dialect);
      const parts = keys.map((key) => encodeKey(mapper, key));
      const entries = await entriesByKey(this.#core, mapper, parts, options);
      return entries.map((entry) => instanceOf<T, P>(entry, model));
    });
  }

  /**
   * Gives an object the values its row has now; what the program changed and did not flush is lost. Relations that
   * were loaded stay, unless their foreign key changed.
   */
  refresh(instance: object, options: Pick<GetOptions<never>, "withForUpdate"> = {}): Promise<void> {
    return this.#alone("a refresh", async () => {
      const entry = this.#stored(instance, "refresh");
      const { mapper } = entry;
      const row = await this.#core.rowByKey(mapper, mapper.keyParts(entry.snapshot), options.withForUpdate);
      if (row === null) throw new AthanorError("SESSION.NO_ROW", { model: mapper.meta.name });
      restoreEntry(entry);
      renew(this.#core.unit, entry, row, true);
    });
  }

  #stored(instance: object, action: string): Entry {
    const entry = this.#core.entryHere(instance, action);
    if (entry.state === "persistent") return entry;
    throw new AthanorError("SESSION.NOT_STORED", { model: entry.mapper.meta.name, action });
  }

  /**
   * Forgets what the program changed in a stored object and what relations it loaded: values are read anew when the
   * row next comes by (`get`, a query, `refresh`), relations when they are awaited. With names, only those relations.
   */
  expire(instance: object, ...relations: readonly string[]): void {
    expire(this.#stored(instance, "expire"), relations);
  }

  /** Expires every stored object. */
  expireAll(): void {
    for (const entry of [...this.#core.unit.entries()]) expire(entry, []);
  }

  /**
   * The Session's own object for what `instance` stands for: the one with its key, from here or the database, with
   * the values of `instance` copied onto it; a new one where there is no such row. Loaded relations go with it.
   * `instance` itself is left alone, and may belong to another Session.
   */
  merge<T extends object>(instance: T): Promise<T> {
    return this.#alone("a merge", async (dialect) => {
      await this.#core.autoflush();
      return merge(this.#core, dialect, instance);
    });
  }

  /** Lets an object go: its changes are no longer written. */
  expunge(instance: object): void {
    if (this.#waiting.delete(instance as ModelInstance)) return;
    this.#core.release(this.#core.entryHere(instance, "expunge"));
  }

  /** What the program changed in a stored object and did not flush, by property; empty for any other. */
  changes(instance: object): Readonly<Record<string, PropertyChange>> {
    const entry = this.#core.entryOf(instance);
    if (entry === undefined || entry.owner !== this.#core || entry.state !== "persistent") return {};
    const changed = changedColumns(entry) ?? [];
    return Object.fromEntries(
      changed.map((column) => {
        const from = column.decode(entry.snapshot[column.index] ?? null);
        return [column.property, { from, to: entry.values[column.property] }];
      }),
    );
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

  /** Calls `listener` whenever an event happens; answers what takes it away. With a model, for its objects alone. */
  on<N extends SessionEventName>(name: N, listener: Listener<SessionEvents[N]>): () => void;
  on<T extends object>(
    name: ObjectEventName,
    model: ModelOf<T>,
    listener: Listener<ObjectEvent<T>>,
  ): () => void;
  on(name: SessionEventName, first: unknown, second?: Listener<never>): () => void {
    const { events } = this.#core;
    if (second === undefined) return events.on(name, first as Listener<SessionEvents[SessionEventName]>);
    return events.onObject(
      name as ObjectEventName,
      first as ModelOf<object>,
      second as Listener<ObjectEvent>,
    );
  }

  /** Rolls back what was not committed and lets every object go. Something that still runs is waited for. */
  async close(): Promise<void> {
    if (this.#core.closed) return;
    await this.#core.guard.settled();
    if (this.#core.closed) return;
    await this.#core.transaction.rollback();
    this.#core.releaseAll();
    this.#waiting.clear();
    this.#core.closed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

keepShape(new Session(null as never));

/** The object, where it is one of the model: a row of the same table may be another's. */
function instanceOf<T extends object, P extends string>(
  entry: Entry | null,
  model: ModelOf<T>,
): Loaded<T, P> | null {
  return entry?.instance instanceof model ? (entry.instance as Loaded<T, P>) : null;
}
