import type { Connection } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { type FieldMetadata, hasRoles, ValidationError, type ValidationIssue } from "../model/index.ts";
import { type Consequences, cascade } from "./cascade.ts";
import { dropStaleRelations } from "./drop-stale.ts";
import type { Entry } from "./entry.ts";
import type { Events, FlushEvent } from "./events.ts";
import { insertRows } from "./insert.ts";
import { leftRows } from "./left-rows.ts";
import { deleteLinkRows, insertLinkRows } from "./link.ts";
import type { Loader } from "./loader.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { relationsOf } from "./mapped-relation.ts";
import type { EncodedRow, Mapper } from "./mapper.ts";
import { orderByReference, type Postponed, type RowValues } from "./order.ts";
import { collect, type Reconciled, reconcile, unknownContents } from "./reconcile.ts";
import { keepRelations, relationValue, sameContent } from "./relation-value.ts";
import type { Scope } from "./scope.ts";
import { stampEntries } from "./stamp.ts";
import { syncLinks, syncOwners } from "./sync.ts";
import { writesUnique } from "./unique-columns.ts";
import type { Unit } from "./unit.ts";
import { changedColumns } from "./update.ts";
import { updateRows } from "./update-rows.ts";
import { Updates } from "./updates.ts";
import { writeDeletes } from "./write-deletes.ts";

/** What a flush asks of its Session. */
export interface FlushHost {
  /** Whose database it is. */
  readonly engine: object;
  readonly unit: Unit;
  readonly loader: Loader;
  /** The entry of an object that a relation holds; a new object is taken in. */
  track(instance: object): Entry;
  entryOf(instance: object): Entry | undefined;
  /** Marks an entry to be deleted; one without a row is let go. */
  doom(entry: Entry, along?: Entry): void;
  writing(): Promise<Connection>;
  readonly events: Events;
  readonly scope: Scope;
}

/** What is to be written. */
interface Work extends Reconciled, Consequences {
  readonly touched: readonly Entry[];
  readonly updates: Updates;
}

/** Writes what changed: rows that are referenced first, deletions last. Answers whether there was anything to write. */
export async function flush(host: FlushHost, onWrite: () => void): Promise<boolean> {
  const { unit, events } = host;
  if (events.hears("beforeFlush"))
    await events.emit("beforeFlush", objectsOf(unit, knownUpdates(unit).entries));
  if (hasRoles()) stampEntries(host.scope, unit.pending, knownUpdates(unit));
  const work = await prepare(host);
  const isIdle =
    unit.pending.size + unit.doomed.size + work.updates.size === 0 &&
    work.sourced.length + work.linksAdded.length + work.linksRemoved.length === 0;
  if (!isIdle) {
    onWrite();
    const told = events.hears(...afterEvents) ? objectsOf(unit, updatedEntries(work)) : null;
    await write(host, work);
    if (told !== null) await tellAfter(events, told);
  }
  for (const entry of work.touched) settleRelations(unit, entry);
  syncLinks(unit, work.linksAdded, work.linksRemoved);
  return !isIdle;
}

const beforeEvents = ["beforeInsert", "beforeUpdate", "beforeDelete"] as const;
const afterEvents = ["afterInsert", "afterUpdate", "afterDelete", "afterFlush"] as const;

type FlushedObjects = Omit<FlushEvent, "session">;

function objectsOf({ pending, doomed }: Unit, changed: Iterable<Entry>): FlushedObjects {
  const instances = (entries: Iterable<Entry>): object[] => Array.from(entries, ({ instance }) => instance);
  return { added: instances(pending), changed: instances(changed), deleted: instances(doomed) };
}

/** Entries whose rows are to be updated: their values changed, or a foreign key is to be filled in. */
function updatedEntries({ updates, sourced }: Pick<Work, "updates" | "sourced">): ReadonlySet<Entry> {
  const moved = sourced.filter(({ stays }) => stays);
  return new Set([...updates.entries, ...moved]);
}

async function tellBefore(events: Events, { added, changed, deleted }: FlushedObjects): Promise<void> {
  await events.emitEach("beforeInsert", added);
  await events.emitEach("beforeUpdate", changed);
  await events.emitEach("beforeDelete", deleted);
}

async function tellAfter(events: Events, objects: FlushedObjects): Promise<void> {
  await events.emitEach("afterInsert", objects.added);
  await events.emitEach("afterUpdate", objects.changed);
  await events.emitEach("afterDelete", objects.deleted);
  await events.emit("afterFlush", objects);
}

/** Stored objects whose values changed, with the columns that did. */
function knownUpdates(unit: Unit): Updates {
  const updates = new Updates();
  for (const entries of unit.stored()) addUpdates(entries, updates);
  return updates;
}

function addUpdates(entries: readonly (Entry | undefined)[], updates: Updates): void {
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at];
    if (entry === undefined || entry.doomed) continue;
    const changed = changedColumns(entry);
    if (changed !== null) updates.add(entry, changed);
  }
}

/** Everything that can be known, and refused, before the first statement that writes. */
async function prepare(host: FlushHost): Promise<Work> {
  const { unit, loader } = host;
  const touched = collect(unit, (member) => host.track(member));
  for (const { entry, relation } of unknownContents(touched)) {
    const { members } = await loader.fetch([entry], relation);
    const before = members[0] ?? [];
    unit.rememberRead(entry);
    entry.knowRelation(relation.property, relation.meta.kind === "many" ? before : (before[0] ?? null));
  }
  const doom = (entry: Entry, along?: Entry): void => host.doom(entry, along);
  const { sourced, linksAdded, linksRemoved } = reconcile(
    touched,
    (instance) => host.entryOf(instance),
    doom,
  );
  const { clearings, byDatabase } = await cascade(unit, loader, doom, sourced);
  let updates = knownUpdates(unit);
  if (host.events.hears(...beforeEvents)) {
    await tellBefore(host.events, objectsOf(unit, updatedEntries({ updates, sourced })));
    updates = knownUpdates(unit);
  }
  validate(unit, updates, sourced);
  return { sourced, linksAdded, linksRemoved, clearings, byDatabase, touched, updates };
}

/** Values that the program assigned are checked like those it gave to a constructor. */
function validate(unit: Unit, updates: Updates, sourced: readonly Entry[]): void {
  for (const { mapper, entries, changed } of updates.alike) {
    const isSure = !mapper.isShared && changed.every(({ field }) => areValid(entries, field));
    if (!isSure) for (const entry of entries) validateColumns(entry, changed);
  }
  unit.pending.forEach((entry) => {
    const { mapper, values, instance } = entry;
    if (!mapper.modelOf(instance).isValid(instance)) {
      validateColumns(
        entry,
        mapper.columns.filter(({ property }) => values[property] !== undefined),
      );
    }
    demandKeys(entry);
  });
  for (const entry of sourced) if (entry.stays) demandKeys(entry);
}

/** A foreign key that takes no null has to have come from somewhere by now. */
function demandKeys({ mapper, values, sources }: Entry): void {
  const required = requiredKeys(mapper);
  if (required.length === 0) return;
  const filled = new Map<string, Entry | null>();
  for (const { pairs, parent } of sources?.values() ?? []) {
    for (const { local } of pairs) filled.set(local, parent);
  }
  const issues: ValidationIssue[] = [];
  for (const property of required) {
    const parent = filled.get(property);
    if (parent === undefined ? (values[property] ?? null) !== null : parent !== null) continue;
    const message = "Invalid input: expected a value, or an object in the relation that has this key";
    issues.push({ code: "invalid_type", path: [property], message });
  }
  if (issues.length > 0) throw new ValidationError(mapper.meta.name, issues);
}

const requiredKeysOf = new WeakMap<Mapper, readonly string[]>();

/** Properties of foreign keys that take no null and are filled by nobody else. */
function requiredKeys(mapper: Mapper): readonly string[] {
  let required = requiredKeysOf.get(mapper);
  if (required === undefined) {
    const properties = new Set(mapper.meta.foreignKeys.flatMap((key) => key.properties));
    required = [...properties].filter((property) => {
      const { field } = mapper.column(property);
      return !field.nullable && !field.serverGenerated;
    });
    requiredKeysOf.set(mapper, required);
  }
  return required;
}

/** Whether all objects hold what a field of theirs takes. */
function areValid(entries: readonly Entry[], field: FieldMetadata): boolean {
  for (let at = 0; at < entries.length; at += 1) {
    if (issuesOf(field, (entries[at] as Entry).values[field.property]) !== null) return false;
  }
  return true;
}

function issuesOf(field: FieldMetadata, value: unknown): ReturnType<FieldMetadata["validate"]> {
  return value === null && field.nullable ? null : field.validate(value);
}

function validateColumns({ mapper, values, instance }: Entry, columns: readonly MappedColumn[]): void {
  let issues: ValidationIssue[] | null = null;
  const own = mapper.modelOf(instance).fieldsByProperty;
  for (const { property } of columns) {
    const field = own.get(property);
    const found = field === undefined ? null : issuesOf(field, values[property]);
    if (found === null) continue;
    issues ??= [];
    for (const issue of found) issues.push({ code: "custom", ...issue, path: [property, ...issue.path] });
  }
  if (issues !== null) throw new ValidationError(mapper.meta.name, issues);
}

async function write(host: FlushHost, work: Work): Promise<void> {
  const connection = await host.writing();
  const { unit } = host;
  const left = leftRows(unit, work);
  // Rows go first where that is safe, so that a new row may take the unique values of one that goes.
  await writeDeletes(connection, unit, work, (entry) => !left.has(entry));
  const freeing = unit.pending.size === 0 ? none : freeingUpdates(work);
  await writeChanges(connection, host, Updates.of(freeing));
  const postponed = await writeInserts(connection, host);
  const late = new Set([...work.sourced, ...postponed.map(({ entry }) => entry)]);
  await writeChanges(
    connection,
    host,
    freeing.size + late.size === 0 ? work.updates : restOf(work.updates, freeing, late),
  );
  await deleteLinkRows(connection, unit, host.scope, work.linksRemoved);
  await insertLinkRows(connection, unit, host.scope, work.linksAdded);
  if (left.size > 0) await writeDeletes(connection, unit, work, (entry) => left.has(entry));
}

async function writeInserts(connection: Connection, host: FlushHost): Promise<readonly Postponed[]> {
  const { unit } = host;
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
    await insertRows(connection, host, mapper, entries);
    for (const entry of entries) syncOwners(unit, entry, null);
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

type Changed = ReadonlyMap<Entry, readonly MappedColumn[]>;

const none: Changed = new Map();

/**
 * Changes that may free a unique value for a new row, and need the key of none: they are written before the new rows.
 * Foreign keys that come from rows that are there, and stay as they are, are filled in first.
 */
function freeingUpdates({ updates, sourced }: Work): Changed {
  const known = updates.byEntry();
  const waiting = new Set(sourced);
  const isThere = (parent: Entry | null): boolean =>
    parent === null ||
    (parent.stays &&
      !waiting.has(parent) &&
      known.get(parent)?.some((column) => parent.mapper.key.includes(column)) !== true);
  const freeing = new Map(known);
  for (const entry of waiting) {
    freeing.delete(entry);
    const sources = [...(entry.sources?.values() ?? [])];
    if (!entry.stays || !sources.every(({ parent }) => isThere(parent))) continue;
    fillKeys(entry);
    const changed = changedColumns(entry);
    if (changed !== null) freeing.set(entry, changed);
  }
  for (const [entry, columns] of freeing) {
    const filled = new Set(
      [...(entry.sources?.values() ?? [])].flatMap(({ pairs }) => pairs.map(({ local }) => local)),
    );
    const mayWait = columns.some(({ field }) => entry.mapper.isForeign(field) && !filled.has(field.property));
    if (mayWait || !writesUnique(entry.mapper, columns)) freeing.delete(entry);
  }
  return freeing;
}

function writeChanges(connection: Connection, host: FlushHost, updates: Updates): Promise<void> {
  return updateRows(connection, host, updates, followRow);
}

/** Relations follow a row whose foreign keys may have changed. */
function followRow(unit: Unit, entry: Entry, columns: readonly MappedColumn[], before: EncodedRow): void {
  dropStaleRelations(entry, columns);
  syncOwners(unit, entry, before);
}

/** What is left to be written after `freeing`, with rows whose foreign keys could not be filled in before. */
function restOf(known: Updates, freeing: Changed, late: Iterable<Entry>): Updates {
  const updates = known.byEntry();
  for (const entry of freeing.keys()) updates.delete(entry);
  for (const entry of late) {
    if (!entry.stays) continue; // it went, or was never written
    fillKeys(entry);
    entry.sources = null;
    const changed = changedColumns(entry);
    if (changed !== null) updates.set(entry, changed);
  }
  return Updates.of(updates);
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
