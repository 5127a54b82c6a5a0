import type { Dialect, DriverValue } from "../dialect/index.ts";
import { fromRow, isLazyColumn, type ModelInstance, type RowFiller } from "../model/index.ts";
import type { SessionCore } from "./core.ts";
import type { Entry } from "./entry.ts";
import { byKey } from "./load-by-key.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { relationsOf } from "./mapped-relation.ts";
import type { Mapper } from "./mapper.ts";
import { relationValue } from "./relation-value.ts";
import { stale } from "./update.ts";

/** What is merged into, and what was merged already. */
interface Merge {
  readonly core: SessionCore;
  readonly dialect: Dialect;
  readonly done: Map<object, object>;
}

/**
 * Copies what an object holds onto the Session's object of the same row, or onto a new one, and does the same
 * along its loaded relations. Rejects with `SESSION.STALE` where the row has another version.
 */
export function merge<T extends object>(core: SessionCore, dialect: Dialect, given: T): Promise<T> {
  return mergeOne({ core, dialect, done: new Map() }, given) as Promise<T>;
}

async function mergeOne(merging: Merge, given: object): Promise<object> {
  const { core, dialect, done } = merging;
  const known = done.get(given);
  if (known !== undefined) return known;
  if (core.entryOf(given)?.owner === core) return given;
  const mapper = core.mapperOfObject(given, dialect);
  const values = given as Readonly<Record<string, unknown>>;
  const parts = mapper.key.map((column) => column.encode(values[column.property]));
  const entry = parts.includes(null) ? null : await byKey(core, mapper, parts, {}, (found) => found);
  const target = entry?.instance ?? makeNew(mapper, values);
  done.set(given, target);
  if (entry !== null) copyValues(entry, values);
  else core.add(target, dialect);
  for (const { property } of relationsOf(mapper).values()) {
    const held = relationValue(given, property);
    if (held === undefined) continue;
    const merged = await mergeContent(merging, held);
    (target as Record<string, unknown>)[property] = merged;
  }
  return target;
}

async function mergeContent(
  merging: Merge,
  held: object | object[] | null,
): Promise<object | object[] | null> {
  if (held === null) return null;
  if (!Array.isArray(held)) return mergeOne(merging, held);
  const list: object[] = [];
  for (const member of held as object[]) list.push(await mergeOne(merging, member));
  return list;
}

function makeNew(mapper: Mapper, values: Readonly<Record<string, unknown>>): ModelInstance {
  const copies: RowFiller = {
    fill(target) {
      for (const column of mapper.columns) {
        const { property } = column;
        (target as Record<string, unknown>)[property] = copyOf(column, values[property]);
      }
    },
  };
  return Reflect.construct(mapper.meta.model as never, [copies, fromRow]) as ModelInstance;
}

function copyValues(entry: Entry, values: Readonly<Record<string, unknown>>): void {
  const { mapper, snapshot } = entry;
  const { version } = mapper;
  const given = version === null ? undefined : values[version.property];
  if (version !== null && given !== undefined) {
    if (!version.isSame(given, snapshot[version.index] as DriverValue)) throw stale(entry, "merged");
  }
  for (const column of mapper.columns) {
    const value = values[column.property];
    if (value === undefined || isLazyColumn(value) || column.field.computed || column === version) continue;
    entry.values[column.property] = copyOf(column, value);
  }
}

/** Two objects must not hold one array, or an edit of one in place would change both. */
function copyOf(column: MappedColumn, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isLazyColumn(value)) return undefined;
  try {
    return column.decode(column.encode(value));
  } catch {
    return value; // a value that does not fit is refused by the flush, as anywhere else
  }
}
