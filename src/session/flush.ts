import type { Connection, DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { ValidationError, type ValidationIssue } from "../model/index.ts";
import { type Clearing, type Consequences, cascade, holders } from "./cascade.ts";
import { clearKeys, deleteLinks, deleteRows } from "./delete.ts";
import type { Entry } from "./entry.ts";
import { insertRows } from "./insert.ts";
import { deleteLinkRows, insertLinkRows } from "./link.ts";
import type { Loader } from "./loader.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { relationsOf } from "./mapped-relation.ts";
import { orderByReference, type Postponed, type RowValues } from "./order.ts";
import { collect, type Reconciled, Reconciler, unknownContents } from "./reconcile.ts";
import {
  keepRelations,
  loadRelation,
  members,
  relationValue,
  sameContent,
  unloadRelation,
} from "./relation-value.ts";
import type { Unit } from "./unit.ts";
import { changedColumns, updateRow } from "./update.ts";

/** What a flush asks of its Session. */
export interface FlushHost {
  readonly unit: Unit;
  readonly loader: Loader;
  /** The entry of an object that a relation holds; a new object is taken in. */
  track(instance: object, model: string, relation: string): Entry;
  entryOf(instance: object): Entry | undefined;
  /** Marks an entry to be deleted; one without a row is let go. */
  doom(entry: Entry): void;
  writing(): Promise<Connection>;
}

/** What is to be written. */
interface Work extends Reconciled, Consequences {
  readonly touched: readonly Entry[];
  readonly updates: ReadonlyMap<Entry, readonly MappedColumn[]>;
}

/** Writes what changed: rows that are referenced first, deletions last. Answers whether there was anything to write. */
export async function flush(host: FlushHost, onWrite: () => void): Promise<boolean> {
  const work = await prepare(host);
  const { unit } = host;
  const isIdle =
    unit.pending.size + unit.doomed.size + work.updates.size === 0 &&
    work.sourced.length + work.linksAdded.length + work.linksRemoved.length === 0;
  if (!isIdle) {
    onWrite();
    await write(host, work);
  }
  for (const entry of work.touched) settleRelations(unit, entry);
  return !isIdle;
}

/** Everything that can be known, and refused, before the first statement that writes. */
async function prepare(host: FlushHost): Promise<Work> {
  const { unit, loader } = host;
  const touched = collect(unit, (member, from, relation) =>
    host.track(member, from.mapper.meta.name, relation.property),
  );
  for (const { entry, relation } of unknownContents(touched)) {
    const before = (await loader.fetch([entry], relation)).get(entry) ?? [];
    entry.relations ??= new Map();
    const instances = before.map(({ instance }) => instance);
    entry.relations.set(
      relation.property,
      relation.meta.kind === "many" ? instances : (instances[0] ?? null),
    );
  }
  const reconciled = new Reconciler(touched, host.entryOf, host.doom).run();
  const consequences = await cascade(unit, loader, host.doom);
  const updates = new Map<Entry, readonly MappedColumn[]>();
  for (const entry of unit.entries()) {
    const changed = entry.doomed ? null : changedColumns(entry);
    if (changed !== null) updates.set(entry, changed);
  }
  validate(unit, updates);
  return { ...reconciled, ...consequences, touched, updates };
}

/** Values that the program assigned are checked like those it gave to a constructor. */
function validate(unit: Unit, updates: ReadonlyMap<Entry, readonly MappedColumn[]>): void {
  for (const [entry, columns] of updates) validateColumns(entry, columns);
  for (const entry of unit.pending) {
    const given = entry.mapper.columns.filter(({ property }) => entry.values[property] !== undefined);
    validateColumns(entry, given);
  }
}

function validateColumns({ mapper, values }: Entry, columns: readonly MappedColumn[]): void {
  const issues: ValidationIssue[] = [];
  for (const { field, property } of columns) {
    const value = values[property];
    if (value === null && field.nullable) continue;
    for (const issue of field.validate(value) ?? []) {
      issues.push({ code: "custom", ...issue, path: [property, ...issue.path] });
    }
  }
  if (issues.length > 0) throw new ValidationError(mapper.meta.name, issues);
}

async function write(host: FlushHost, work: Work): Promise<void> {
  const connection = await host.writing();
  const { unit } = host;
  const moved = work.sourced.some(({ state }) => state === "persistent") || hasMoved(work.updates);
  // Rows go first where that is safe, so that a new row may take the unique values of one that goes.
  if (!moved) await writeDeletes(connection, unit, work);
  const postponed = await writeInserts(connection, unit);
  await writeUpdates(connection, unit, work, postponed);
  await deleteLinkRows(connection, unit, work.linksRemoved);
  await insertLinkRows(connection, work.linksAdded);
  if (moved) await writeDeletes(connection, unit, work);
}

/** Whether a row that stays is given another parent: it must be, before the one it had goes. */
function hasMoved(updates: Work["updates"]): boolean {
  return [...updates].some(([{ mapper }, columns]) =>
    mapper.meta.foreignKeys.some((key) => columns.some(({ property }) => key.properties.includes(property))),
  );
}

async function writeInserts(connection: Connection, unit: Unit): Promise<readonly Postponed[]> {
  const { batches, postponed } = orderByReference([...unit.pending], valuesOf);
  const later = new Map<Entry, Set<string>>();
  for (const { entry, columns } of postponed) {
    const properties = later.get(entry) ?? new Set();
    for (const { property } of columns) properties.add(property);
    later.set(entry, properties);
  }
  const kept = new Map<Entry, Map<string, unknown>>();
  for (const { mapper, entries } of batches) {
    for (const entry of entries) {
      fillKeys(entry, later.get(entry));
      const properties = later.get(entry);
      if (properties !== undefined) kept.set(entry, holdBack(entry, properties));
    }
    await insertRows(connection, unit, mapper, entries);
  }
  for (const [entry, values] of kept) for (const [property, value] of values) entry.values[property] = value;
  return postponed;
}

function valuesOf(entry: Entry): RowValues {
  return {
    value: (column) => column.encode(entry.values[column.property]),
    parents: [...(entry.sources?.values() ?? [])].map(({ pairs, parent }) => ({
      properties: pairs.map(({ local }) => local),
      parent,
    })),
  };
}

/** Foreign keys that have to wait are NULL at first; what the program gave them is put back afterwards. */
function holdBack(entry: Entry, properties: ReadonlySet<string>): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const property of properties) {
    values.set(property, entry.values[property]);
    entry.values[property] = null;
  }
  return values;
}

/** Takes foreign keys over from the objects they come from. */
function fillKeys(entry: Entry, except?: ReadonlySet<string>): void {
  for (const { pairs, parent } of entry.sources?.values() ?? []) {
    for (const { local, remote } of pairs) {
      if (except?.has(local) === true) continue;
      const value = parent === null ? null : parent.values[remote];
      if (entry.values[local] === value) continue;
      if (entry.state === "pending") {
        entry.prior ??= new Map();
        if (!entry.prior.has(local)) entry.prior.set(local, entry.values[local]);
      }
      entry.values[local] = value;
    }
  }
}

async function writeUpdates(
  connection: Connection,
  unit: Unit,
  work: Work,
  postponed: readonly Postponed[],
): Promise<void> {
  const late = new Set([...work.sourced, ...postponed.map(({ entry }) => entry)]);
  const updates = new Map(work.updates);
  for (const entry of late) {
    fillKeys(entry);
    entry.sources = null;
    const changed = entry.doomed ? null : changedColumns(entry);
    if (changed !== null) updates.set(entry, changed);
  }
  for (const [entry, columns] of updates) {
    await updateRow(connection, unit, entry, columns);
    dropStaleRelations(entry, columns);
  }
}

/** A loaded relation whose foreign key says something else now is loaded again when next asked for. */
function dropStaleRelations(entry: Entry, columns: readonly MappedColumn[]): void {
  for (const relation of relationsOf(entry.mapper).values()) {
    if (!relation.local.some((column) => columns.includes(column)) || relation.meta.keyOn !== "local")
      continue;
    const value = relationValue(entry.instance, relation.property);
    if (value === undefined) continue;
    const holder = (value ?? {}) as Readonly<Record<string, unknown>>;
    const fits = relation.local.every((column, i) => {
      const held = value === null ? null : holder[(relation.remote[i] as MappedColumn).property];
      return held === (entry.values[column.property] ?? null);
    });
    if (!fits) unloadRelation(entry, relation.property);
  }
}

async function writeDeletes(connection: Connection, unit: Unit, work: Work): Promise<void> {
  const doomed = [...unit.doomed];
  if (doomed.length === 0) return;
  for (const clearing of work.clearings) {
    await clearKeys(connection, clearing.mapper, clearing.columns, clearing.keys);
    forgetKeys(unit, clearing);
  }
  const { batches, postponed } = orderByReference(doomed, storedValues);
  for (const { entry, columns } of postponed) {
    const key = entry.mapper.keyParts(entry.snapshot);
    await connection.query(entry.mapper.statements.update(columns, false, []), [
      ...columns.map(() => null),
      ...key,
    ]);
  }
  for (const { mapper, entries } of [...batches].reverse()) {
    await deleteLinks(connection, mapper, entries);
    await deleteRows(connection, unit, mapper, entries);
  }
  for (const consequence of work.byDatabase) {
    if (consequence.action === "set null") forgetKeys(unit, consequence);
    else for (const entry of holders(unit, consequence)) unit.frame.deleted.add(entry);
  }
  for (const entry of unit.frame.deleted) markDeleted(unit, entry);
  dropDeleted(unit);
}

function storedValues({ snapshot }: Entry): RowValues {
  return { value: (column) => snapshot[column.index] as DriverValue, parents: [] };
}

/** Rows that stayed have lost a foreign key: so have their objects. */
function forgetKeys(unit: Unit, clearing: Clearing): void {
  for (const entry of holders(unit, clearing)) {
    unit.remember(entry);
    entry.snapshot = [...entry.snapshot];
    for (const { index, property } of clearing.columns) {
      entry.snapshot[index] = null;
      entry.values[property] = null;
    }
    dropStaleRelations(entry, clearing.columns);
  }
}

function markDeleted(unit: Unit, entry: Entry): void {
  if (entry.state === "deleted") return;
  const { key } = entry;
  unit.forget(entry);
  entry.key = key;
  entry.state = "deleted";
  entry.doomed = false;
}

/** Deleted objects leave the collections that hold them. */
function dropDeleted(unit: Unit): void {
  const gone = new Set([...unit.frame.deleted].map(({ instance }) => instance));
  for (const entry of unit.related) {
    for (const { property } of relationsOf(entry.mapper).values()) {
      const value = relationValue(entry.instance, property);
      if (value === undefined || !members(value).some((member) => gone.has(member))) continue;
      unit.remember(entry);
      const left = Array.isArray(value) ? value.filter((member) => !gone.has(member)) : null;
      loadRelation(entry, property, left);
    }
  }
}

/** What relations hold is now what the database has. */
function settleRelations(unit: Unit, entry: Entry): void {
  entry.sources = null;
  if (entry.state !== "persistent") return;
  const changed = [...relationsOf(entry.mapper).keys()].some(
    (name) => !sameContent(relationValue(entry.instance, name), entry.relations?.get(name)),
  );
  if (!changed) return;
  unit.remember(entry);
  keepRelations(entry);
  if (entry.relations !== null) unit.related.add(entry);
}

/** Refuses a Session that only reads. */
export function demandWritable(readOnly: boolean, unit: Unit): void {
  const [entry] = [...unit.pending, ...unit.doomed];
  if (readOnly) throw new AthanorError("SESSION.READ_ONLY", { model: entry?.mapper.meta.name ?? "row" });
}
