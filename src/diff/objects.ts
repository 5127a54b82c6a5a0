import type { DropColumn, DropObject, Operation } from "../operation/index.ts";
import { comesBeforeTables, creationOrder } from "../schema/creation-order.ts";
import { equal } from "../schema/equal.ts";
import {
  type ObjectKind,
  type ObjectRef,
  objectKey,
  objectRef,
  type Schema,
  type SchemaObject,
  sameDefinition,
  sameObject,
  sameTable,
  type Table,
  type TableRef,
  tableKey,
} from "../schema/index.ts";
import { Closure } from "./closure.ts";

/** What of views, functions, sequences and their like has to be done, around the tables and among them. */
export interface ObjectOperations {
  /** Before anything of the tables: what stands on them goes. */
  readonly drop: readonly DropObject[];
  /** Before tables go: what they own is set free. */
  readonly free: readonly Operation[];
  /** What tables are made of and what gives up its name, once what goes of them is gone. */
  readonly vacate: readonly Operation[];
  /** Whether a table stands on what is vacated, or changes before it does: what goes of it goes before. */
  readonly leaves: (table: Table) => boolean;
  /** Before tables are changed: what they are made of. */
  readonly before: readonly Operation[];
  /** What comes, or is another, and stands on tables: made among and after them, by `doneTo`. */
  readonly among: readonly SchemaObject[];
  /** How each of these is made. */
  readonly doneTo: (object: SchemaObject) => Operation;
  /** After tables: owners are there, and what is dropped is used no longer. */
  readonly after: readonly Operation[];
}

/** What happens to tables: those that go, those whose columns change under whatever stands on them, those that come. */
export interface TableChanges {
  readonly dropped: readonly TableRef[];
  readonly changed: readonly TableRef[];
  readonly created: readonly TableRef[];
  /** Tables that are there before and after. */
  readonly altered: readonly TableRef[];
  /** Columns that go from tables that stay. */
  readonly lost: readonly DropColumn[];
  /** The keys of objects that stand on tables which have another name, or of which a column has. */
  readonly underRenamed: ReadonlySet<string>;
}

/** The operations that make the objects of `from` those of `to`. */
export function diffObjects(from: Schema, to: Schema, tables: TableChanges): ObjectOperations {
  const [had, has] = [byName(from), byName(to)];
  const gone = from.objects.filter((object) => !has(object));
  const come = to.objects.filter((object) => !had(object));
  const kept = to.objects.flatMap((now) => {
    const old = had(now);
    return old === undefined ? [] : [{ old, now }];
  });
  const changed = kept.filter(({ old, now }) => !sameDefinition(old, now));
  const standing = new Closure(from);
  const unsettled = standing.on([...tables.dropped, ...tables.changed]);
  const names = new Set([...come.map(placeOf), ...tables.created.map(tableKey)]);
  // Their texts say the old names.
  const underRenamed = new Set(
    from.objects.filter(
      (object) =>
        tables.underRenamed.has(objectKey(object)) &&
        !(comesBeforeTables(object) && standing.isNeeded(object)),
    ),
  );
  const first = gone.filter(
    (object) =>
      !comesBeforeTables(object) ||
      unsettled.has(object) ||
      underRenamed.has(object) ||
      names.has(placeOf(object)),
  );
  const onDropped = new Set([
    ...standing.on(tables.dropped, first),
    ...from.objects.filter((object) => tables.lost.some((each) => namesColumn(object, each))),
  ]);
  const shaky = { unsettled, underRenamed, onDropped };
  const split = splitUp(kept, changed, shaky, first, names, standing);
  const above = standing.above([...first, ...split]);
  const dropsFirst = new Set(gone.filter((object) => above.has(object)));
  const vacated = [...dropsFirst].filter(
    (object) => comesBeforeTables(object) && !unsettled.has(object) && standing.isNeeded(object),
  );
  const made = new Closure(to).on([...tables.created, ...tables.altered]);
  const isEarly = (object: SchemaObject): boolean => comesBeforeTables(object) && !made.has(object);
  const replaced = changed.filter(({ old }) => !split.has(old));
  const fresh = [...come, ...kept.flatMap(({ old, now }) => (split.has(old) ? [now] : []))];
  const doneTo = (now: SchemaObject): Operation => {
    const old = replaced.find((each) => each.now === now)?.old;
    return old === undefined
      ? { kind: "createObject", object: { ...unowned(now), ownedBy: null } }
      : { kind: "replaceObject", from: old, to: ownedAsBefore(old, now) };
  };
  const all = [...fresh, ...replaced.filter(({ old, now }) => !isOwnedAnew(old, now)).map(({ now }) => now)];
  const early = creationOrder([], all.filter(isEarly), to).rest;
  const moved = new Set([
    ...vacated,
    ...replaced.filter(({ now }) => early.includes(now)).map(({ old }) => old),
  ]);
  const late = gone.filter((object) => !dropsFirst.has(object));
  return {
    drop: [
      ...reversed(
        from,
        [...dropsFirst, ...split].filter((object) => !vacated.includes(object)),
      ).map((object) => drop(free(object))),
    ],
    free: late.filter((object) => object.ownedBy !== null).map((object) => replace(object, free(object))),
    vacate: reversed(from, vacated).map((object) => drop(free(object))),
    leaves: (table) => standing.isOn(table, moved),
    before: early.map(doneTo),
    among: all.filter((object) => !early.includes(object)),
    doneTo,
    after: [
      ...fresh.filter((object) => object.ownedBy !== null).map((object) => replace(free(object), object)),
      ...replaced
        .filter(({ old, now }) => !equal(old.ownedBy, now.ownedBy) && now.ownedBy !== null)
        .map(({ old, now }) => replace(ownedAsBefore(old, now), now)),
      ...reversed(from, late).map((object) => drop(free(object))),
    ],
  };
}

/** Finds an object among those of a schema. */
function byName(schema: Schema): (ref: ObjectRef) => SchemaObject | undefined {
  const names = Map.groupBy(schema.objects, ({ name }) => name);
  return (ref) => names.get(ref.name)?.find((each) => sameObject(each, ref));
}

/** Only its owner changes, and the new one may not be there yet. */
function isOwnedAnew(old: SchemaObject, now: SchemaObject): boolean {
  return now.ownedBy !== null && sameDefinition(old, ownedAsBefore(old, now));
}

/** An object with its new definition, in the hands of whoever has it until the tables are done. */
function ownedAsBefore(old: SchemaObject, now: SchemaObject): SchemaObject {
  return equal(old.ownedBy, now.ownedBy) || now.ownedBy === null ? now : { ...now, ownedBy: null };
}

/** An object that will be whose migration it is, whoever has it elsewhere. */
function unowned({ facts, ...object }: SchemaObject): SchemaObject {
  const { owner: _, ...rest } = facts ?? {};
  return Object.keys(rest).length === 0 ? object : { ...object, facts: rest };
}

function free(object: SchemaObject): SchemaObject {
  return object.ownedBy === null ? object : { ...object, ownedBy: null };
}

function replace(from: SchemaObject, to: SchemaObject): Operation {
  return { kind: "replaceObject", from, to };
}

function drop(object: SchemaObject): DropObject {
  return { kind: "dropObject", ref: objectRef(object), object };
}

/** Whether the catalog says that an object stands on that very column. */
function namesColumn({ dependsOn = [] }: SchemaObject, { table, name }: DropColumn): boolean {
  return dependsOn.some((each) => sameTable(each, table) && each.columns.includes(name));
}

/** What stands on tables that change or go, on those that get other names, and on tables and columns that go. */
interface Shaky {
  readonly unsettled: ReadonlySet<SchemaObject>;
  readonly underRenamed: ReadonlySet<SchemaObject>;
  readonly onDropped: ReadonlySet<SchemaObject>;
}

/**
 * What cannot stay where it stands: it changes, and a table or object that it stands on goes or changes as well, or
 * something else takes the name of what it stands on. It is dropped, with all that stands on it, and made again.
 * `first` goes before tables do, `names` are those that come.
 */
function splitUp(
  kept: readonly { readonly old: SchemaObject; readonly now: SchemaObject }[],
  changed: readonly { readonly old: SchemaObject }[],
  { unsettled, underRenamed, onDropped }: Shaky,
  first: readonly SchemaObject[],
  names: ReadonlySet<string>,
  standing: Closure,
): ReadonlySet<SchemaObject> {
  const shaken = standing.on([], [...first, ...changed.map(({ old }) => old)]);
  const roots = changed
    .map(({ old }) => old)
    .filter(
      (old) =>
        underRenamed.has(old) ||
        (comesBeforeTables(old)
          ? onDropped.has(old) && !standing.isNeeded(old)
          : unsettled.has(old) || shaken.has(old)),
    );
  const above = standing.above([...roots, ...first.filter((object) => names.has(placeOf(object)))]);
  return new Set(kept.flatMap(({ old }) => (above.has(old) ? [old] : [])));
}

/** What share their names with tables. */
const besideTables: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  "enum",
  "sequence",
  "domain",
  "composite",
  "range",
  "foreignTable",
  "virtualTable",
  "view",
  "materializedView",
  "index",
]);
const routines: ReadonlySet<ObjectKind> = new Set<ObjectKind>(["function", "procedure", "aggregate"]);

/** What no two things can have alike: a name that another thing takes is free only once the one that has it is gone. */
function placeOf(object: SchemaObject): string {
  if (besideTables.has(object.kind)) return tableKey(object);
  return routines.has(object.kind) ? objectKey({ ...object, kind: "function" }) : objectKey(object);
}

/** In the order in which they can be dropped. */
function reversed(schema: Schema, objects: readonly SchemaObject[]): readonly SchemaObject[] {
  return creationOrder([], objects, schema).rest.toReversed();
}
