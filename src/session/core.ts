import { DatabaseError } from "../dialect/errors.ts";
import type { Connection, Dialect, DriverValue, Result } from "../dialect/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { type FieldMetadata, hasRoles, ModelInstance, metadataOf } from "../model/index.ts";
import { tableKey } from "../schema/index.ts";
import { Absorber } from "./absorb.ts";
import type { Engine } from "./engine.ts";
import { type Cohort, Entry, type EntryOwner } from "./entry.ts";
import type { Events } from "./events.ts";
import { demandWritable, type FlushHost, flush } from "./flush.ts";
import { Guard } from "./guard.ts";
import { Loader, type LoaderHost } from "./loader.ts";
import { warnOfManyLoads } from "./many-loads.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { relationsOf } from "./mapped-relation.ts";
import type { Key, Mapper } from "./mapper.ts";
import { mapperFor } from "./mapper.ts";
import { OnDemand, type OnDemandHost } from "./on-demand.ts";
import type { SessionOptions } from "./options.ts";
import { followAssignment } from "./owners.ts";
import { hasRelations, relationValue, sameContent } from "./relation-value.ts";
import { abandon, wholeOf } from "./restore.ts";
import { Scope } from "./scope.ts";
import { markDeleted } from "./stamp.ts";
import { Transaction } from "./transaction.ts";
import { Unit } from "./unit.ts";
import { changedColumns } from "./update.ts";
import { explainFlush } from "./violation.ts";

/** Where a Session stands; `Session.state` says what each means. */
export type SessionState = "idle" | "active" | "failed" | "unknown" | "closed";

/** Failures after which the database has given the transaction up. */
const endings = ["DATABASE.CONNECTION", "DATABASE.SERIALIZATION", "DATABASE.DEADLOCK"] as const;

/** How often a commit flushes what listeners of flushes change, before it takes them to be chasing their tails. */
const mostFlushes = 100;

/**
 * What a Session is made of: the objects, the connection, and what goes between them. Everything here assumes that
 * it runs alone; `Session` sees to that.
 */
export class SessionCore implements EntryOwner, LoaderHost, FlushHost, OnDemandHost {
  readonly engine: Engine;
  readonly options: SessionOptions;
  readonly unit: Unit = new Unit();
  readonly guard: Guard = new Guard();
  readonly transaction: Transaction;
  readonly loader: Loader;
  /** What of tables with tenants, or with rows that were deleted softly, is seen. */
  readonly scope: Scope;
  readonly onDemand: OnDemand;
  readonly events: Events;
  /** How many transactions were committed. */
  commits = 0;
  /** Why the transaction has to be rolled back before anything else. */
  failure: unknown = null;
  closed = false;
  #dialect: Dialect | null = null;
  readonly #absorber: Absorber;
  readonly #mappers = new Map<unknown, Mapper>();

  constructor(engine: Engine, options: SessionOptions, events: Events) {
    this.events = events;
    this.engine = engine;
    this.options = options;
    this.transaction = new Transaction(engine, options);
    this.scope = new Scope(options);
    this.#absorber = new Absorber(this.unit, this);
    this.loader = new Loader(this);
    this.onDemand = new OnDemand(this, options.onManyLoads ?? warnOfManyLoads);
  }

  /** The dialect, where the engine has been used before; null where it is still to be loaded. */
  dialectAtHand(): Dialect | null {
    this.#dialect ??= this.engine.opened?.dialect ?? null;
    return this.#dialect;
  }

  /** The dialect; loaded with the engine's first use. */
  async open(): Promise<Dialect> {
    this.demandOpen();
    this.#dialect ??= (await this.engine.open()).dialect;
    return this.#dialect;
  }

  /** Throws where the Session was closed, or waits for a rollback. */
  demandOpen(): void {
    if (this.closed) throw new AthanorError("SESSION.CLOSED", {});
    if (this.failure === null) return;
    const reason = this.failure instanceof Error ? this.failure.message : String(this.failure);
    throw new AthanorError("SESSION.INACTIVE", { reason }, { cause: this.failure });
  }

  get state(): SessionState {
    if (this.closed) return "closed";
    if (isAthanorError(this.failure, "SESSION.COMMIT_UNKNOWN")) return "unknown";
    if (this.failure !== null) return "failed";
    return this.transaction.begun ? "active" : "idle";
  }

  /** Runs `body` while nothing else does, and notices a failure that ended the transaction. */
  async alone<T>(name: string, body: () => Promise<T> | T): Promise<T> {
    this.guard.enter(name);
    try {
      return await body();
    } catch (error) {
      this.notice(error);
      throw error;
    } finally {
      this.guard.leave();
    }
  }

  /** Runs `body`, and notices a failure that ended the transaction. */
  async watched<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      this.notice(error);
      throw error;
    }
  }

  /** Remembers a failure after which the database has given the transaction up. */
  notice(error: unknown): void {
    const aborts = error instanceof DatabaseError && this.#dialect?.capabilities.failureAborts === true;
    const ended = aborts || endings.some((code) => isAthanorError(error, code));
    if (ended && this.transaction.begun) this.failure ??= error;
  }

  /** The mapper of a model class. */
  mapperOf(model: unknown, dialect: Dialect): Mapper {
    let mapper = this.#mappers.get(model);
    if (mapper === undefined) {
      mapper = mapperFor(metadataOf(model), dialect);
      this.#mappers.set(model, mapper);
    }
    return mapper;
  }

  /** The mapper of an object's class. Throws `SESSION.NOT_A_MODEL`. */
  mapperOfObject(instance: object, dialect: Dialect): Mapper {
    if (!ModelInstance.is(instance)) throw notAModel(instance);
    return this.mapperOf(instance.constructor, dialect);
  }

  reading(): Promise<Connection> {
    return this.transaction.reading();
  }

  writing(): Promise<Connection> {
    if (this.transaction.options.readOnly === true) {
      return Promise.reject(new AthanorError("SESSION.READ_ONLY", { model: null }));
    }
    this.unit.markWritten();
    return this.transaction.writing();
  }

  /**
   * The connection for a query, and what is to stand at its end where rows are to be locked: where the database
   * cannot lock rows, its one lock for writers is taken.
   */
  async connectionFor(forUpdate: boolean): Promise<{ connection: Connection; lock: string }> {
    if (!forUpdate) return { connection: await this.reading(), lock: "" };
    const { capabilities } = await this.open();
    return { connection: await this.writing(), lock: capabilities.rowLocks ? " FOR UPDATE" : "" };
  }

  /** The row with a key. */
  async rowByKey(
    mapper: Mapper,
    parts: readonly DriverValue[],
    forUpdate = false,
  ): Promise<readonly DriverValue[] | null> {
    const { connection, lock } = await this.connectionFor(forUpdate);
    const sql = mapper.statements.selectByKey(mapper.eager, lock !== "");
    return this.firstSeen(mapper, await connection.query(sql, parts));
  }

  /** The first row of a result, as one of all columns; null where there is none, or it may not be seen. */
  firstSeen(mapper: Mapper, { rows: [row] }: Result): readonly DriverValue[] | null {
    return row === undefined ? null : this.seenRow(mapper, row);
  }

  /** A row that a query for one brought, as one of all columns; null where it may not be seen. */
  seenRow(mapper: Mapper, row: readonly DriverValue[]): readonly DriverValue[] | null {
    const whole = mapper.spread(row);
    return this.sees(mapper, whole) ? whole : null;
  }

  /** Whether a row may be seen: those that are read without a condition of their own are looked at when they come. */
  sees(mapper: Mapper, row: readonly DriverValue[], evenDeleted = false): boolean {
    if (!hasRoles()) return true;
    const held = ({ property }: FieldMetadata): unknown => {
      const column = mapper.column(property);
      const value = row[column.index];
      return value === null || value === undefined ? value : column.decode(value);
    };
    return this.scope.sees(mapper.meta.table, held, evenDeleted);
  }

  /** Whether an object that is here may be given out. */
  seesEntry({ mapper, values }: Entry, evenDeleted = false): boolean {
    return this.scope.sees(mapper.meta.table, ({ property }) => values[property], evenDeleted);
  }

  /** The entry of an object, where it has one. */
  entryOf(instance: object): Entry | undefined {
    if (!ModelInstance.is(instance)) return undefined;
    const link = ModelInstance.linkOf(instance);
    return link instanceof Entry ? link : undefined;
  }

  /** The entry of an object of this Session. Throws where it is another's, or nobody's. */
  entryHere(instance: unknown, action: string): Entry {
    if (!ModelInstance.is(instance)) throw notAModel(instance);
    const entry = this.entryOf(instance);
    const model = instance.constructor.name;
    if (entry === undefined || entry.owner === null)
      throw new AthanorError("SESSION.NOT_HERE", { model, action });
    if (entry.owner !== this) throw new AthanorError("SESSION.OTHER_SESSION", { model });
    return entry;
  }

  /** Takes a new object in; one that is here already stays. */
  add(instance: unknown, dialect: Dialect): Entry {
    if (!ModelInstance.is(instance)) throw notAModel(instance);
    const entry = this.entryOf(instance);
    if (entry !== undefined && entry.owner !== null) {
      if (entry.owner !== this) {
        throw new AthanorError("SESSION.OTHER_SESSION", { model: entry.mapper.meta.name });
      }
      if (entry.state === "deleted")
        throw new AthanorError("SESSION.DELETED", { model: entry.mapper.meta.name });
      this.unit.doomed.delete(entry);
      entry.doomed = false;
      entry.purged = false;
      return entry;
    }
    if (entry?.state === "deleted")
      throw new AthanorError("SESSION.DELETED", { model: entry.mapper.meta.name });
    return entry?.state === "detached" ? this.#attach(entry) : this.#addNew(instance, dialect);
  }

  #addNew(instance: ModelInstance, dialect: Dialect): Entry {
    const left = this.unit.left.get(instance);
    if (left !== undefined) {
      this.#attach(left);
      this.unit.left.delete(instance);
      ModelInstance.tie(instance, left);
      return left;
    }
    const entry = new Entry(instance, this.mapperOf(instance.constructor, dialect), this, "pending");
    ModelInstance.tie(instance, entry);
    this.unit.pending.add(entry);
    return entry;
  }

  /** Takes an object in again that has a row and had left a Session. */
  #attach(entry: Entry): Entry {
    this.unit.register(entry, entry.key as Key);
    entry.owner = this;
    entry.state = "persistent";
    entry.epoch = 0;
    if (entry.relations !== null || hasRelations(entry.instance)) this.unit.related.add(entry);
    return entry;
  }

  track(instance: object): Entry {
    const entry = this.entryOf(instance);
    if (entry !== undefined && entry.owner === this) return entry;
    return this.add(instance, this.#dialect as Dialect);
  }

  /** `along` is what an entry is deleted with. */
  doom(entry: Entry, along: Entry | null = null): void {
    if (entry.state === "pending") this.release(entry);
    else if (entry.state === "persistent") {
      if (!entry.purged && markDeleted(this.scope, entry, along)) {
        this.unit.marked.add(entry);
        return;
      }
      entry.doomed = true;
      this.unit.doomed.add(entry);
    }
  }

  /** Lets an object go: one without a row becomes transient, one with a row detached. */
  release(entry: Entry): void {
    const { key } = entry;
    this.unit.forget(entry);
    entry.key = key;
    const { inserted } = this.unit.frame;
    this.#letGo(entry, inserted);
    if (inserted.has(entry)) this.unit.left.set(entry.instance, entry);
  }

  /** A transaction is over: rows that it made, and kept, are those of objects that were let go meanwhile. */
  settleLeft(): void {
    for (const [instance, entry] of this.unit.left) {
      if (ModelInstance.linkOf(instance as ModelInstance) !== null) continue;
      entry.state = "detached";
      ModelInstance.tie(instance as ModelInstance, entry);
    }
    this.unit.left.clear();
  }

  /** Lets every object go. */
  releaseAll(): void {
    const whole = wholeOf(this.unit.frames);
    abandon(this.unit, whole, this);
    for (const entries of this.unit.stored()) this.#letGoAll(entries, whole.inserted);
    for (const entry of this.unit.pending) this.#letGo(entry, whole.inserted);
    this.unit.clear();
  }

  #letGoAll(entries: readonly (Entry | undefined)[], inserted: ReadonlyMap<Entry, unknown>): void {
    for (let at = 0; at < entries.length; at += 1) {
      const entry = entries[at];
      if (entry !== undefined) this.#letGo(entry, inserted);
    }
  }

  /** `inserted` are the entries whose rows the open transaction has made. */
  #letGo(entry: Entry, inserted: ReadonlyMap<Entry, unknown>): void {
    const { state } = entry;
    entry.owner = null;
    entry.cohort = null; // or one object that is kept would keep all that came with it
    entry.doomed = false;
    const isStored = inserted.size === 0 || !inserted.has(entry);
    if (state === "persistent" && isStored) entry.state = "detached";
    else if (state !== "deleted") ModelInstance.tie(entry.instance as ModelInstance, null);
  }

  /** The entry of a row that was read; `missing` are columns that were not. */
  absorb(
    mapper: Mapper,
    row: readonly DriverValue[],
    cohort: Cohort | null,
    always = false,
    missing: readonly MappedColumn[] = mapper.deferred,
  ): Entry {
    return this.#absorber.one(mapper, row, cohort, always, missing);
  }

  /** Takes in many rows of one model; `cohort` then has their entries. */
  absorbAll(
    mapper: Mapper,
    rows: readonly (readonly DriverValue[])[],
    cohort: Cohort,
    always = false,
    missing: readonly MappedColumn[] = mapper.deferred,
  ): void {
    this.#absorber.all(mapper, rows, cohort, always, missing);
  }

  /** An object whose row never was: it is as one that was never added. */
  forgetRow(entry: Entry): void {
    this.unit.forget(entry);
    this.unit.left.delete(entry.instance);
    entry.owner = null;
    ModelInstance.tie(entry.instance as ModelInstance, null);
  }

  /** Begins to note the entries that are made; answers what ends it and gives them. */
  noteNew(): () => readonly Entry[] {
    return this.#absorber.noteNew();
  }

  /** Lets entries go that nobody changed, once the program has let go of their objects. */
  letPass(entries: readonly Entry[]): void {
    const { unit } = this;
    unit.letPass(
      entries.filter(
        (entry) =>
          entry.state === "persistent" &&
          entry.owner === this &&
          !entry.doomed &&
          changedColumns(entry) === null &&
          hasKeptRelations(entry) &&
          !unit.frames.some(({ changed, inserted }) => changed.has(entry) || inserted.has(entry)),
      ),
    );
  }

  /** Loads a relation that is awaited. */
  load(entry: Entry, name: string): Promise<object | object[] | null> {
    return this.onDemand.relation(entry, name);
  }

  /** Loads a column that is awaited. */
  loadColumn(entry: Entry, property: string): Promise<unknown> {
    return this.onDemand.column(entry, property);
  }

  relationChanged(entry: Entry, name: string): void {
    this.unit.find(entry.mapper, entry.key as Key); // a stream may have left it behind
    followAssignment(this.unit, entry, name);
    if (entry.state === "persistent") this.unit.related.add(entry);
  }

  /** Takes back what a stream has left behind and the program has changed since. */
  #takeBack(): void {
    this.unit.takeBack((entry) => changedColumns(entry) !== null || !hasKeptRelations(entry));
  }

  /** Writes what changed. A flush that fails leaves a transaction that can only be rolled back. */
  async flush(): Promise<void> {
    await this.open();
    this.#takeBack();
    let began = false;
    try {
      await flush(this, () => {
        demandWritable(this.transaction.options.readOnly === true, this.unit);
        began = true;
      });
    } catch (thrown) {
      if (!began) throw thrown;
      const error = await explainFlush(thrown, this.unit, () => this.transaction.reading());
      this.failure = error;
      if (this.unit.frames.length === 1) await this.transaction.rollback();
      throw error;
    }
  }

  /** Flushes, and again as long as listeners change something while it does. */
  async flushAll(): Promise<void> {
    await this.flush();
    const names = ["afterInsert", "afterUpdate", "afterDelete", "afterFlush"] as const;
    if (!this.events.hears(...names)) return;
    for (let n = 0; this.#isDirty(null); n += 1) {
      if (n === mostFlushes) throw new AthanorError("SESSION.FLUSH_LOOP", { flushes: mostFlushes });
      await this.flush();
    }
  }

  /** Commits the transaction. Where the connection is lost meanwhile, nobody can say whether it happened. */
  async commit(): Promise<void> {
    try {
      await this.transaction.commit();
      this.commits += 1;
    } catch (error) {
      const unknown = isAthanorError(error, "DATABASE.CONNECTION");
      const failure = unknown ? new AthanorError("SESSION.COMMIT_UNKNOWN", {}, { cause: error }) : error;
      if (unknown || !this.transaction.alive) this.failure = failure;
      throw failure;
    }
  }

  /** Whether there is anything that a rollback would take back; `waiting` objects are not known here yet. */
  async hasUncommitted(waiting: number): Promise<boolean> {
    await this.open();
    return waiting > 0 || this.transaction.wrote || this.#isDirty(null);
  }

  /** Flushes where something changed at all, unless the program does so itself. */
  async autoflush(): Promise<void> {
    if (this.options.autoflush !== false) await this.flushIfDirty(null);
  }

  /** Flushes where something changed that a query over `tables` could see; null means any. */
  async flushIfDirty(tables: ReadonlySet<string> | null): Promise<void> {
    if (this.#isDirty(tables)) await this.flush();
  }

  #isDirty(tables: ReadonlySet<string> | null): boolean {
    const { unit } = this;
    if (unit.pending.size + unit.doomed.size > 0) return true;
    this.#takeBack();
    for (const entry of unit.related) {
      for (const name of relationsOf(entry.mapper).keys()) {
        if (!sameContent(relationValue(entry.instance, name), entry.relations?.get(name))) return true;
      }
    }
    for (const mapper of unit.mappers()) {
      if (tables !== null && !tables.has(tableKey(mapper.meta.table))) continue;
      for (const entry of unit.entriesOf(mapper)) if (changedColumns(entry) !== null) return true;
    }
    return false;
  }
}

/** Whether the loaded relations of an entry hold what they held when they were loaded. */
function hasKeptRelations(entry: Entry): boolean {
  if (!hasRelations(entry.instance)) return true;
  return [...relationsOf(entry.mapper).keys()].every((name) =>
    sameContent(relationValue(entry.instance, name), entry.relations?.get(name)),
  );
}

function notAModel(given: unknown): AthanorError<"SESSION.NOT_A_MODEL"> {
  const what =
    typeof given === "object" && given !== null ? `An object of ${given.constructor?.name}` : String(given);
  return new AthanorError("SESSION.NOT_A_MODEL", { given: what });
}
