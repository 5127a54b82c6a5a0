import type { Connection, Dialect, DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { type AnyModel, ModelInstance, metadataOf } from "../model/index.ts";
import { tableKey } from "../schema/index.ts";
import type { Engine } from "./engine.ts";
import { type Cohort, Entry, type EntryOwner } from "./entry.ts";
import { demandWritable, type FlushHost, flush } from "./flush.ts";
import { Guard } from "./guard.ts";
import { Loader, type LoaderHost } from "./loader.ts";
import { type MappedRelation, relationsOf } from "./mapped-relation.ts";
import type { Key, Mapper } from "./mapper.ts";
import { mapperFor } from "./mapper.ts";
import type { SessionOptions } from "./options.ts";
import { hasRelations, relationValue, sameContent, unloadRelation } from "./relation-value.ts";
import { Transaction } from "./transaction.ts";
import { Unit } from "./unit.ts";
import { changedColumns } from "./update.ts";

/**
 * What a Session is made of: the objects, the connection, and what goes between them. Everything here assumes that
 * it runs alone; `Session` sees to that.
 */
export class SessionCore implements EntryOwner, LoaderHost, FlushHost {
  readonly engine: Engine;
  readonly options: SessionOptions;
  readonly unit: Unit = new Unit();
  readonly guard: Guard = new Guard();
  readonly transaction: Transaction;
  readonly loader: Loader;
  /** Why the transaction has to be rolled back before anything else. */
  failure: unknown = null;
  closed = false;
  #dialect: Dialect | null = null;
  readonly #mappers = new Map<unknown, Mapper>();

  constructor(engine: Engine, options: SessionOptions) {
    this.engine = engine;
    this.options = options;
    this.transaction = new Transaction(engine, options);
    this.loader = new Loader(this);
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

  /** The mapper of a model class. */
  mapperOf(model: unknown, dialect: Dialect): Mapper {
    let mapper = this.#mappers.get(model);
    if (mapper === undefined) {
      mapper = mapperFor(metadataOf(model), dialect);
      this.#mappers.set(model, mapper);
    }
    return mapper;
  }

  reading(): Promise<Connection> {
    return this.transaction.reading();
  }

  writing(): Promise<Connection> {
    return this.transaction.writing();
  }

  /** The entry of an object, where it has one. */
  entryOf(instance: object): Entry | undefined {
    const link = ModelInstance.peek(instance as ModelInstance)?.link;
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
      return entry;
    }
    if (entry?.state === "deleted")
      throw new AthanorError("SESSION.DELETED", { model: entry.mapper.meta.name });
    return entry?.state === "detached" ? this.#attach(entry) : this.#addNew(instance, dialect);
  }

  #addNew(instance: ModelInstance, dialect: Dialect): Entry {
    const entry = new Entry(instance, this.mapperOf(instance.constructor, dialect), this, "pending");
    ModelInstance.state(instance).link = entry;
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

  track(instance: object, model: string, relation: string): Entry {
    if (!ModelInstance.is(instance)) {
      throw new AthanorError("SESSION.WRONG_RELATION", { model, relation, expected: "object of a model" });
    }
    const entry = this.entryOf(instance);
    if (entry !== undefined && entry.owner === this) return entry;
    return this.add(instance, this.#dialect as Dialect);
  }

  doom(entry: Entry): void {
    if (entry.state === "pending") this.release(entry);
    else if (entry.state === "persistent") {
      entry.doomed = true;
      this.unit.doomed.add(entry);
    }
  }

  /** Lets an object go: one without a row becomes transient, one with a row detached. */
  release(entry: Entry): void {
    const { state } = entry;
    const { key } = entry;
    this.unit.forget(entry);
    entry.key = key;
    entry.owner = null;
    entry.doomed = false;
    if (state === "persistent" && this.unit.frame.inserted.has(entry) === false) entry.state = "detached";
    else if (state !== "deleted") ModelInstance.state(entry.instance as ModelInstance).link = null;
  }

  /** The entry of a row that was read: the one that is here, brought up to date where it is old, or a new one. */
  absorb(mapper: Mapper, row: readonly DriverValue[], cohort: Cohort): Entry {
    const { unit } = this;
    const key = mapper.keyOf(row) as Key;
    let entry = unit.find(mapper, key);
    if (entry === undefined) {
      const instance = mapper.instantiate(row) as ModelInstance;
      entry = new Entry(instance, mapper, this, "persistent");
      ModelInstance.state(instance).link = entry;
      entry.snapshot = mapper.keep(row);
      entry.epoch = unit.epoch;
      unit.register(entry, key);
    } else if (entry.epoch !== unit.epoch) this.renew(entry, row, false);
    entry.cohort = cohort;
    cohort.entries.push(entry);
    return entry;
  }

  /** Gives an object the values of its row; what the program changed meanwhile stays, unless `all`. */
  renew(entry: Entry, row: readonly DriverValue[], all: boolean): void {
    const { mapper, values, snapshot } = entry;
    for (const column of mapper.columns) {
      const value = row[column.index] as DriverValue;
      const old = snapshot[column.index] as DriverValue;
      if (!all && !column.isSame(values[column.property], old)) continue;
      if (!all && value === old) continue;
      values[column.property] = column.decode(value);
    }
    entry.snapshot = mapper.keep(row);
    entry.epoch = this.unit.epoch;
    if (entry.relations === null) return;
    for (const relation of relationsOf(mapper).values()) {
      if (relation.meta.keyOn !== "local" || !entry.relations.has(relation.property)) continue;
      const moved = relation.local.some(({ index }) => entry.snapshot[index] !== snapshot[index]);
      if (moved) unloadRelation(entry, relation.property);
    }
  }

  relationChanged(entry: Entry): void {
    if (entry.state === "persistent") this.unit.related.add(entry);
  }

  /** Loads a relation on demand, for every object that came together with this one. */
  load(entry: Entry, name: string): Promise<object | object[] | null> {
    return this.guard.inTurn("loading a relation", async () => {
      const dialect = await this.open();
      if (this.options.autoflush !== false) await this.flushIfDirty(null);
      const held = relationValue(entry.instance, name);
      if (held !== undefined) return held;
      const relation = this.relation(this.mapperOf(entry.instance.constructor, dialect), name);
      const together = entry.cohort?.entries ?? [];
      const lacking = together.filter(
        (each) =>
          each.owner === this &&
          each.state === "persistent" &&
          each.mapper === entry.mapper &&
          relationValue(each.instance, name) === undefined,
      );
      await this.loader.load(lacking.includes(entry) ? lacking : [entry], relation);
      return relationValue(entry.instance, name) ?? null;
    });
  }

  /** A relation of a mapper by its name. Throws `SESSION.UNKNOWN_RELATION`. */
  relation(mapper: Mapper, name: string): MappedRelation {
    const relations = relationsOf(mapper);
    const relation = relations.get(name);
    if (relation !== undefined) return relation;
    const known = [...relations.keys()];
    throw new AthanorError("SESSION.UNKNOWN_RELATION", { model: mapper.meta.name, relation: name, known });
  }

  /** Loads relations along paths, level by level: one query for each relation, however many objects have it. */
  async loadPaths(entries: readonly Entry[], mapper: Mapper, paths: readonly string[]): Promise<void> {
    const byHead = Map.groupBy(paths, (path) => path.split(".", 1)[0] as string);
    for (const [head, list] of byHead) {
      const relation = this.relation(mapper, head);
      const deeper = list.flatMap((path) => (path === head ? [] : [path.slice(head.length + 1)]));
      const unchanged = entries.filter((entry) =>
        sameContent(relationValue(entry.instance, head), entry.relations?.get(head)),
      );
      const found = unchanged.length === 0 ? [] : await this.loader.load(unchanged, relation);
      await this.loadPaths(found, relation.target, deeper);
    }
  }

  /** Writes what changed. A flush that fails leaves a transaction that can only be rolled back. */
  async flush(): Promise<void> {
    await this.open();
    let began = false;
    try {
      await flush(this, () => {
        demandWritable(this.options.readOnly === true, this.unit);
        began = true;
      });
    } catch (error) {
      if (began) {
        this.failure = error;
        if (this.unit.frames.length === 1) await this.transaction.rollback();
      }
      throw error;
    }
  }

  /** Flushes where something changed that a query over `tables` could see; null means any. */
  async flushIfDirty(tables: ReadonlySet<string> | null): Promise<void> {
    if (this.#isDirty(tables)) await this.flush();
  }

  #isDirty(tables: ReadonlySet<string> | null): boolean {
    const { unit } = this;
    if (unit.pending.size + unit.doomed.size > 0) return true;
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

function notAModel(given: unknown): AthanorError<"SESSION.NOT_A_MODEL"> {
  const what =
    typeof given === "object" && given !== null ? `An object of ${given.constructor?.name}` : String(given);
  return new AthanorError("SESSION.NOT_A_MODEL", { given: what });
}

/** A model class whose objects a Session can make. */
// biome-ignore lint/suspicious/noExplicitAny: a class with any constructor is taken
export type ModelOf<T> = (abstract new (...args: any[]) => T) & AnyModel;
