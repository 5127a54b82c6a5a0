import type { DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { tableKey } from "../schema/index.ts";
import { componentsOf } from "../util/components.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Key, Mapper } from "./mapper.ts";

/** Rows of one table that can be written together. */
export interface Batch {
  readonly mapper: Mapper;
  readonly entries: readonly Entry[];
}

/** A foreign key left NULL at first, since its row and the one it references need each other. */
export interface Postponed {
  readonly entry: Entry;
  readonly columns: readonly MappedColumn[];
}

/** The order in which rows are written: referenced ones first. */
export interface Order {
  readonly batches: readonly Batch[];
  readonly postponed: readonly Postponed[];
}

/** A row's reference to another row of the same flush. */
interface Reference {
  readonly parent: Entry;
  readonly columns: readonly MappedColumn[];
}

/** Orders rows so that each comes after those it references. Throws `SESSION.CYCLE`. */
export function orderByReference(entries: readonly Entry[], valuesOf: (entry: Entry) => RowValues): Order {
  const batches: Batch[] = [];
  const postponed: Postponed[] = [];
  for (const group of circlesOf(groupByMapper(entries))) {
    const [only] = group;
    if (only !== undefined && group.length === 1 && !referencesItself(only.mapper)) batches.push(only);
    else orderRows(group, valuesOf, batches, postponed);
  }
  return { batches, postponed };
}

/** What a row's columns hold, and which parents are known by object. */
export interface RowValues {
  readonly value: (column: MappedColumn) => DriverValue;
  readonly parents: readonly { readonly properties: readonly string[]; readonly parent: Entry | null }[];
}

function groupByMapper(entries: readonly Entry[]): Batch[] {
  const groups = new Map<Mapper, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.mapper);
    if (group === undefined) groups.set(entry.mapper, [entry]);
    else group.push(entry);
  }
  return [...groups].map(([mapper, list]) => ({ mapper, entries: list }));
}

function referencesItself(mapper: Mapper): boolean {
  return mapper.meta.foreignKeys.some((key) => tableKey(key.target) === tableKey(mapper.meta.table));
}

/** Tables that reference each other in circles, together, and every table after those it references. */
function circlesOf(groups: readonly Batch[]): Batch[][] {
  const byTable = new Map(groups.map((group) => [tableKey(group.mapper.meta.table), group]));
  return componentsOf(groups, ({ mapper }) =>
    mapper.meta.foreignKeys.flatMap((key) => byTable.get(tableKey(key.target)) ?? []),
  );
}

/** Rows of tables in a circle, one by one: Kahn's algorithm, breaking circles of rows at nullable keys. */
function orderRows(
  group: readonly Batch[],
  valuesOf: (entry: Entry) => RowValues,
  batches: Batch[],
  postponed: Postponed[],
): void {
  const references = referencesOf(group, valuesOf);
  const remaining = new Set(references.keys());
  while (remaining.size > 0) {
    const ready = [...remaining].filter((entry) =>
      (references.get(entry) ?? []).every(({ parent }) => !remaining.has(parent)),
    );
    if (ready.length === 0) {
      postponed.push(breakCircle(references, remaining));
      continue;
    }
    for (const entry of ready) remaining.delete(entry);
    batches.push(...groupByMapper(ready));
  }
}

function referencesOf(
  group: readonly Batch[],
  valuesOf: (entry: Entry) => RowValues,
): Map<Entry, Reference[]> {
  const byKey = new Map<string, Map<Key, Entry>>();
  for (const { mapper, entries } of group) {
    const keys = new Map<Key, Entry>();
    for (const entry of entries) {
      const row = mapper.columns.map((column) => valuesOf(entry).value(column));
      const key = mapper.keyOf(row);
      if (key !== null) keys.set(key, entry);
    }
    byKey.set(tableKey(mapper.meta.table), keys);
  }
  const inGroup = new Set(group.flatMap(({ entries }) => entries));
  return new Map([...inGroup].map((entry) => [entry, rowReferences(entry, valuesOf(entry), byKey, inGroup)]));
}

function rowReferences(
  entry: Entry,
  row: RowValues,
  byKey: ReadonlyMap<string, ReadonlyMap<Key, Entry>>,
  inGroup: ReadonlySet<Entry>,
): Reference[] {
  const { mapper } = entry;
  const said = row.parents.flatMap(({ properties, parent }) => {
    if (parent === null || !inGroup.has(parent)) return [];
    return [{ parent, columns: properties.map((property) => mapper.column(property)) }];
  });
  const filled = new Set(row.parents.flatMap(({ properties }) => properties));
  const found = mapper.meta.foreignKeys.flatMap((key) => {
    if (key.properties.some((property) => filled.has(property))) return [];
    const columns = key.properties.map((property) => mapper.column(property));
    const parent = byKey.get(tableKey(key.target))?.get(mapper.keyOfParts(columns.map(row.value)));
    return parent === undefined ? [] : [{ parent, columns }];
  });
  return [...said, ...found].filter(
    ({ parent }) => parent !== entry || mapper.keyOf(keyRow(entry, row)) === null,
  );
}

function keyRow({ mapper }: Entry, row: RowValues): DriverValue[] {
  return mapper.columns.map((column) => row.value(column));
}

/** Follows references until one row comes again, and gives up a key on the way round that may be NULL. */
function breakCircle(references: Map<Entry, Reference[]>, remaining: ReadonlySet<Entry>): Postponed {
  const path: { readonly entry: Entry; readonly reference: Reference }[] = [];
  let [entry] = remaining;
  while (entry !== undefined && !path.some((step) => step.entry === entry)) {
    const reference = references.get(entry)?.find(({ parent }) => remaining.has(parent));
    if (reference === undefined) break;
    path.push({ entry, reference });
    entry = reference.parent;
  }
  const circle = path.slice(path.findIndex((step) => step.entry === entry));
  const weak = circle.find(({ reference }) => reference.columns.every(({ field }) => field.nullable));
  if (weak === undefined) {
    const models = new Set(circle.map((step) => step.entry.mapper.meta.name));
    throw new AthanorError("SESSION.CYCLE", { models: [...models] });
  }
  const rest = references.get(weak.entry)?.filter((each) => each !== weak.reference) ?? [];
  references.set(weak.entry, rest);
  return { entry: weak.entry, columns: weak.reference.columns };
}
