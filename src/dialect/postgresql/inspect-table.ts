import type {
  Check,
  Column,
  DialectOptions,
  ForeignKey,
  Json,
  PrimaryKey,
  ReferentialAction,
  Table,
  TableRef,
  Unique,
} from "../../schema/index.ts";
import type { AttributeRow, Catalog, ConstraintRow, RelationRow } from "./catalog.ts";
import { exclusionOf, indexOf } from "./inspect-index.ts";
import { deferrableOf, storageParameters } from "./inspect-parts.ts";
import { identityOf } from "./inspect-sequence.ts";
import { usualSequenceName } from "./sequence-name.ts";
import { parseTypeName } from "./type-name.ts";

/** Everything of a table, by the table's oid. */
interface Parts {
  readonly attributes: ReadonlyMap<number, readonly AttributeRow[]>;
  readonly constraints: ReadonlyMap<number, readonly ConstraintRow[]>;
  readonly indexes: ReadonlyMap<number, readonly Catalog["indexes"][number][]>;
  readonly indexById: ReadonlyMap<number, Catalog["indexes"][number]>;
}

/** What rows are read with. */
export interface Words {
  /** The schema's name; null for the default one. */
  readonly named: (namespace: string) => string | null;
  /** The values of enums, by `typeKey`. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  /** Oids of the sequences that are all there is to `serial` columns. */
  readonly serials: ReadonlySet<number>;
  /** Tables by oid. */
  readonly refs: ReadonlyMap<number, TableRef>;
}

type Named = Words["named"];

/** Tables with all that belongs to them. */
export function tablesOf(rows: readonly RelationRow[], catalog: Catalog, words: Words): readonly Table[] {
  const parts: Parts = {
    attributes: Map.groupBy(catalog.attributes, (row) => row.relation),
    constraints: Map.groupBy(catalog.constraints, (row) => row.relation),
    indexes: Map.groupBy(catalog.indexes, (row) => row.relation),
    indexById: new Map(catalog.indexes.map((row) => [row.oid, row])),
  };
  return rows.map((row) => tableOf(row, parts, words));
}

function tableOf(row: RelationRow, parts: Parts, words: Words): Table {
  const constraints = (parts.constraints.get(row.oid) ?? []).filter((each) => !isInherited(each, row));
  const of = (type: string): ConstraintRow[] => constraints.filter((each) => each.type === type);
  const { named, enums, serials } = words;
  const all = parts.attributes.get(row.oid) ?? [];
  const own = all.filter((each) => !isInheritedColumn(each, row));
  const indexes = parts.indexes.get(row.oid) ?? [];
  return {
    schema: named(row.namespace),
    name: row.name,
    columns: own.map((each) => columnOf(each, row.name, enums, serials)),
    primaryKey: of("p").map((each) => primaryKeyOf(each, parts))[0] ?? null,
    foreignKeys: of("f").map((each) => foreignKeyOf(each, named)),
    uniques: of("u").map((each) => uniqueOf(each, parts)),
    checks: of("c").map(checkOf),
    exclusions: of("x").flatMap((each) => exclusionOf(each, parts.indexById.get(each.index))),
    indexes: indexes.filter((each) => !each.constraint && each.valid && each.parent === null).map(indexOf),
    comment: row.comment,
    options: ownOptions({ ...tableOptions(row), ...familyOptions(row, all, parts, words) }),
  };
}

/** What a partition has of its table, it has of it alone; other tables may say again what they inherit. */
function isInherited(constraint: ConstraintRow, row: RelationRow): boolean {
  return constraint.inherited && (row.partition || !constraint.local);
}

function isInheritedColumn(column: AttributeRow, row: RelationRow): boolean {
  return column.inherited && (row.partition || !column.local);
}

function tableOptions(row: RelationRow): Readonly<Record<string, Json>> {
  const options: Record<string, Json> = {};
  if (row.persistence === "u") options["unlogged"] = true;
  if (row.ofType !== null) options["of"] = row.ofType;
  if (row.options !== null) options["with"] = storageParameters(row.options);
  if (row.rowSecurity) options["rowSecurity"] = true;
  if (row.forceRowSecurity) options["forceRowSecurity"] = true;
  if (row.clusterOn !== null) options["clusterOn"] = row.clusterOn;
  if (row.replicaIdentity === "n") options["replicaIdentity"] = "nothing";
  if (row.replicaIdentity === "f") options["replicaIdentity"] = "full";
  if (row.replicaIdentity === "i" && row.replicaIndex !== null)
    options["replicaIdentity"] = { index: row.replicaIndex };
  return options;
}

/** What a table has to do with others: how it is parted, what it is a part of, from what it takes its columns. */
function familyOptions(
  row: RelationRow,
  all: readonly AttributeRow[],
  parts: Parts,
  words: Words,
): Readonly<Record<string, Json>> {
  const { refs } = words;
  const options: Record<string, Json> = {};
  if (row.partitionBy !== null) options["partitionBy"] = row.partitionBy;
  const parents = (row.parents ?? []).flatMap((oid) => {
    const ref = refs.get(oid);
    return ref === undefined ? [] : [{ oid, ref: { schema: ref.schema, name: ref.name } }];
  });
  if (parents.length === 0) return options;
  if (row.partition) {
    const own = all.map(({ name }) => name);
    const above = (parts.attributes.get(parents[0]!.oid) ?? []).map(({ name }) => name);
    const columns = own.join("\0") === above.join("\0") ? {} : { columns: own };
    options["partitionOf"] = { ...parents[0]!.ref, bound: row.bound ?? "DEFAULT", ...columns };
  }
  if (!row.partition) options["inherits"] = parents.map(({ ref }) => ref);
  const above = parents.flatMap(({ oid }) => parts.attributes.get(oid) ?? []);
  const notes = { ...inheritedNotes(all, row, above), ...saidAgain(all, row, above, words) };
  if (Object.keys(notes).length > 0) options["inherited"] = notes;
  const names = inheritedNames(parts.indexes.get(row.oid) ?? [], row);
  if (Object.keys(names).length > 0) options["indexNames"] = names;
  return options;
}

/** What of inherited columns is not as it is where they come from. */
function inheritedNotes(
  columns: readonly AttributeRow[],
  row: RelationRow,
  above: readonly AttributeRow[],
): Readonly<Record<string, Json>> {
  const notes: Record<string, Json> = {};
  for (const column of columns.filter((each) => isInheritedColumn(each, row))) {
    const from = above.find((each) => each.name === column.name);
    if (from === undefined) continue;
    const note: Record<string, Json> = {};
    if (column.default !== from.default && column.generated === "") note["default"] = column.default;
    if (column.notNull && !from.notNull) note["notNull"] = true;
    if (column.comment !== null) note["comment"] = column.comment;
    // How values are kept comes from above when the table is made; how they are counted does not.
    const kept = column.storage === from.storage && column.compression === from.compression;
    const own = columnOptions(kept ? { ...column, storage: null, compression: null } : column, false);
    if (!kept || own["postgresql"] !== undefined) note["options"] = own["postgresql"] ?? {};
    if (Object.keys(note).length > 0) notes[column.name] = note;
  }
  return notes;
}

/** Columns that a table has of others and says itself too, word for word: nothing else tells them from the rest. */
function saidAgain(
  columns: readonly AttributeRow[],
  row: RelationRow,
  above: readonly AttributeRow[],
  { enums, serials }: Words,
): Readonly<Record<string, Json>> {
  const form = (each: AttributeRow): string =>
    JSON.stringify({ ...columnOf(each, row.name, enums, serials), comment: null });
  const said = columns.filter((column) => {
    const from = above.find((each) => each.name === column.name);
    return (
      column.inherited && !isInheritedColumn(column, row) && from !== undefined && form(from) === form(column)
    );
  });
  return Object.fromEntries(said.map(({ name }) => [name, { own: true }]));
}

/** The indexes that a partition has of its table's, where the server would have called them something else. */
function inheritedNames(
  indexes: readonly Catalog["indexes"][number][],
  row: RelationRow,
): Readonly<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const index of indexes) {
    if (index.parent === null) continue;
    const columns = index.parts.map((part) => part.column ?? "expr").join("_");
    const usual = index.primary ? "_pkey" : index.constraint ? `_${columns}_key` : `_${columns}_idx`;
    if (index.name !== row.name + usual) names[index.parent] = index.name;
  }
  return names;
}

/** A key for maps of types. */
export function typeKey(schema: string | null, name: string): string {
  return JSON.stringify([schema, name]);
}

function columnOf(
  row: AttributeRow,
  table: string,
  enums: ReadonlyMap<string, readonly string[]>,
  serials: ReadonlySet<number>,
): Column {
  const serial = row.ownedSequence !== null && serials.has(row.ownedSequence);
  const identity = row.identity === "" ? null : identityOf(row);
  const generated =
    row.generated === "" || row.default === null
      ? null
      : { expression: row.default, stored: row.generated === "s" };
  const plainDefault = row.default === null || serial || generated !== null ? null : row.default;
  return {
    name: row.name,
    type: resolveEnum(row.type, enums),
    nullable: !row.notNull,
    default: plainDefault === null ? null : { kind: "expression", sql: plainDefault },
    generated,
    autoIncrement: serial || identity === "usual",
    identity: identity === "usual" ? null : identity,
    collation: row.collation,
    comment: row.comment,
    options: columnOptions(row, serial, sequenceOption(row, table)),
  };
}

const storages: Readonly<Record<string, string>> = {
  p: "PLAIN",
  e: "EXTERNAL",
  m: "MAIN",
  x: "EXTENDED",
};

/** What the sequence of an identity is called, where that is not as the server calls it by itself. */
function sequenceOption(row: AttributeRow, table: string): Readonly<Record<string, Json>> {
  const name = row.identityOptions?.name;
  return name === undefined || name === usualSequenceName(table, row.name) ? {} : { sequence: name };
}

function columnOptions(
  row: AttributeRow,
  serial: boolean,
  sequence: Readonly<Record<string, Json>> = {},
): DialectOptions {
  const options: Record<string, Json> = { ...sequence };
  if (row.compression !== null) options["compression"] = row.compression === "l" ? "lz4" : "pglz";
  if (serial) options["serial"] = true;
  if (row.statistics !== null) options["statistics"] = row.statistics;
  if (row.storage !== null) options["storage"] = storages[row.storage] ?? row.storage;
  if (row.options !== null) options["with"] = storageParameters(row.options);
  return ownOptions(options);
}

/** The enum a printed type means, whether printed with its schema or without; else what the name says. */
function resolveEnum(printed: string, enums: ReadonlyMap<string, readonly string[]>): Column["type"] {
  const array = printed.endsWith("[]");
  const parts = splitPrinted(array ? printed.slice(0, -2) : printed);
  const values = enums.get(typeKey(parts.schema, parts.name));
  if (values === undefined) return parseTypeName(printed);
  const type = { kind: "enum", name: parts.name, schema: parts.schema, values } as const;
  return array ? { kind: "array", of: type } : type;
}

function splitPrinted(printed: string): { schema: string | null; name: string } {
  const parts = [...printed.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    (match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "",
  );
  return parts.length === 2
    ? { schema: parts[0] ?? null, name: parts[1] ?? "" }
    : { schema: null, name: parts[0] ?? printed };
}

function primaryKeyOf(row: ConstraintRow, parts: Parts): PrimaryKey {
  const deferrable = deferrableOf(row);
  const options = { ...(deferrable === null ? {} : { deferrable }), ...keyOptions(row, parts) };
  return { name: row.name, columns: row.columns ?? [], options: ownOptions(options) };
}

/** What of a key its index says: columns that are only kept along, how it is stored. */
function keyOptions(row: ConstraintRow, parts: Parts): Readonly<Record<string, Json>> {
  const index = parts.indexById.get(row.index);
  const include = index?.parts.slice(index.keys).map((part) => part.column ?? part.expression) ?? [];
  return {
    ...periodOptions(row),
    ...commentOption(row),
    ...(include.length === 0 ? {} : { include }),
    ...(index?.options == null ? {} : { with: storageParameters(index.options) }),
  };
}

function commentOption({ comment }: ConstraintRow): Readonly<Record<string, Json>> {
  return comment === null ? {} : { comment };
}

function uniqueOf(row: ConstraintRow, parts: Parts): Unique {
  return {
    name: row.name,
    columns: row.columns ?? [],
    nullsNotDistinct: parts.indexById.get(row.index)?.nullsNotDistinct ?? false,
    deferrable: deferrableOf(row),
    options: ownOptions(keyOptions(row, parts)),
  };
}

/** A key over a period forbids overlaps; a foreign key to one looks for rows that cover it. */
function periodOptions(row: ConstraintRow): Readonly<Record<string, Json>> {
  if (!row.period) return {};
  return row.type === "f" ? { period: true } : { withoutOverlaps: true };
}

/** Whether a constraint holds for the rows that are there, or at all. */
function validityOptions(row: ConstraintRow): Readonly<Record<string, Json>> {
  if (!row.enforced) return { notEnforced: true };
  return row.validated ? {} : { notValid: true };
}

function ownOptions(options: Readonly<Record<string, Json>>): DialectOptions {
  return Object.keys(options).length === 0 ? {} : { postgresql: options };
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

function foreignKeyOf(row: ConstraintRow, named: Named): ForeignKey {
  const options: Record<string, Json> = {
    ...validityOptions(row),
    ...periodOptions(row),
    ...commentOption(row),
  };
  if (row.deleteColumns !== null) options["onDeleteColumns"] = row.deleteColumns;
  return {
    name: row.name,
    columns: row.columns ?? [],
    references: {
      schema: named(row.refNamespace ?? ""),
      name: row.refTable ?? "",
      columns: row.refColumns ?? [],
    },
    onDelete: actions[row.onDelete] ?? "no action",
    onUpdate: actions[row.onUpdate] ?? "no action",
    deferrable: deferrableOf(row),
    match: row.match === "f" ? "full" : "simple",
    options: ownOptions(options),
  };
}

function checkOf(row: ConstraintRow): Check {
  const options: Record<string, Json> = { ...validityOptions(row), ...commentOption(row) };
  if (row.noInherit) options["noInherit"] = true;
  return {
    name: row.name,
    expression: row.expression ?? "",
    options: ownOptions(options),
  };
}
