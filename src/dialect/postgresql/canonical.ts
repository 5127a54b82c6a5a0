import { equal } from "../../schema/equal.ts";
import { allColumns } from "../../schema/family.ts";
import type { Check, Column, Index, IndexPart, Schema, SchemaObject, Table } from "../../schema/index.ts";
import { canonicalOrder } from "../../schema/order.ts";
import type { Connection } from "../connection.ts";
import { shortenedTable } from "../short-name.ts";
import { plainGrant, withServerGrants } from "./canonical-grant.ts";
import { withServerObjects } from "./canonical-object.ts";
import { columnClause, option } from "./ddl-clauses.ts";
import { isOurs } from "./ddl-object.ts";
import { madeNamespaces } from "./inspect.ts";
import { usualIdentity } from "./inspect-sequence.ts";
import { keyword } from "./object-words.ts";
import { defaultSql, enumsOf, physicalType } from "./physical.ts";
import { nameLimit, quoteName, quoteTable } from "./quote.ts";
import { isWorded, Scratch } from "./scratch.ts";
import { wholeSequence } from "./sequence-definition.ts";
import { withStandingText } from "./standing-text.ts";
import { typeName } from "./type-name.ts";

/**
 * A schema as PostgreSQL would give it back. Types, names and numbering follow from rules; how the server writes
 * expressions down it is asked (see `scratch.ts`). Without a connection expressions stay as written.
 */
export async function canonical(
  schema: Schema,
  connection: Connection | null,
  standing?: Schema,
): Promise<Schema> {
  const tables = schema.tables.map(physicalTable);
  const physical: Schema = canonicalOrder({
    namespaces: madeNamespaces(schema.namespaces),
    tables,
    enums: [...enumsOf({ tables, enums: schema.enums }).values()],
    objects: schema.objects.filter(isOurs).flatMap(physicalObject),
    unmanaged: [],
  });
  if (connection === null) return physical;
  const worded = await withServerText(physical, connection, standing);
  return withServerGrants(await withServerObjects(worded, connection, standing), connection);
}

function physicalObject(object: SchemaObject): readonly SchemaObject[] {
  if (object.kind === "grant") return plainGrant(object);
  const { kind } = object;
  const definition = kind === "sequence" ? wholeSequence(object.definition) : object.definition.trim();
  return [{ ...object, dialect: "postgresql", definition }];
}

function physicalTable(written: Table): Table {
  const table = shortenedTable(written, nameLimit);
  const named = <T extends { readonly options: Table["options"] }>(item: T): T => ({
    ...item,
    options: withoutConcurrently(own(item.options)),
  });
  return {
    ...table,
    columns: table.columns.map((column) => physicalColumn(column, table)),
    primaryKey: table.primaryKey && named(table.primaryKey),
    foreignKeys: table.foreignKeys.map((key) => enforcement(named(key))),
    uniques: table.uniques.map(named),
    checks: table.checks.map((check) => enforcement(named(check))),
    exclusions: table.exclusions.map(named),
    indexes: table.indexes.map((index) => physicalIndex(named(index))),
    options: tableOptions(own(table.options)),
  };
}

/** What is not enforced is never valid, and need not say so. */
function enforcement<T extends { readonly options: Table["options"] }>(item: T): T {
  if (option(item.options, "notEnforced") !== true) return item;
  const { notValid: _, ...postgresql } = item.options["postgresql"] ?? {};
  return { ...item, options: { ...item.options, postgresql } };
}

function physicalColumn(column: Column, table: Table): Column {
  const type = physicalType(column.type, table, column.name);
  const identity = column.identity && usualIdentity(column.identity, typeName(type));
  const usual = identity?.generation === "by default" && Object.keys(identity).length === 1;
  return {
    ...column,
    type,
    nullable: column.nullable && !isAlwaysThere(column, table),
    default: column.default === null ? null : { kind: "expression", sql: defaultSql(column.default) },
    autoIncrement: usual || (column.autoIncrement && identity === null),
    identity: usual ? null : identity,
    options: columnOptions(column, identity === null),
  };
}

/** `serial` says something only of a column that numbers itself and has no identity. */
function columnOptions(column: Column, plain: boolean): Column["options"] {
  const options = own(column.options);
  if (options["postgresql"]?.["serial"] === undefined) return options;
  const { serial, ...rest } = options["postgresql"];
  const holds = serial === true && plain && column.autoIncrement;
  const kept = holds ? { ...rest, serial } : rest;
  return Object.keys(kept).length === 0 ? {} : { postgresql: kept };
}

function isAlwaysThere(column: Column, table: Table): boolean {
  const numbered = column.autoIncrement || column.identity !== null;
  return numbered || (table.primaryKey?.columns.includes(column.name) ?? false);
}

function physicalIndex(index: Index): Index {
  const usualNulls = (part: IndexPart): boolean => part.nulls === (part.order === "desc" ? "first" : "last");
  const { concurrently: _, ...options } = index.options["postgresql"] ?? {};
  return {
    ...index,
    method: index.method === "btree" ? null : index.method,
    parts: index.parts.map((part) => (usualNulls(part) ? { ...part, nulls: null } : part)),
    options: tableOptions(Object.keys(options).length === 0 ? {} : { postgresql: options }),
  };
}

/** Storage parameters are texts to the server, in no order. */
function tableOptions(options: Table["options"]): Table["options"] {
  const { postgresql } = options;
  const parameters = postgresql?.["with"];
  if (postgresql === undefined || typeof parameters !== "object" || parameters === null) return options;
  const sorted = Object.entries(parameters)
    .map(([name, value]) => [name, String(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { postgresql: { ...postgresql, with: Object.fromEntries(sorted) } };
}

/** How it is made is not what it is. */
function withoutConcurrently(options: Table["options"]): Table["options"] {
  const { concurrently, ...rest } = options["postgresql"] ?? {};
  if (concurrently === undefined) return options;
  return Object.keys(rest).length === 0 ? {} : { postgresql: rest };
}

function own(options: Table["options"]): Table["options"] {
  const { postgresql } = options;
  return postgresql === undefined ? {} : { postgresql };
}

async function withServerText(schema: Schema, connection: Connection, standing?: Schema): Promise<Schema> {
  const fills = fillsOf(schema);
  const tables = schema.tables.filter(hasExpressions);
  if (fills.length + tables.length === 0) return schema;
  return Scratch.within(connection, async (scratch) => {
    // An enum that stands as it shall be is used as it is: functions, operators and casts of it are known by it alone.
    await scratch.makeEnums(
      schema.enums.filter((each) => !(standing?.enums ?? []).some((one) => equal(one, each))),
    );
    for (const object of schema.objects.filter(isTypeLike)) await scratch.attempt(createTemporary(object));
    const places = await makeFills(fills, scratch);
    const { worded, read } = await wordTables(tables, schema, scratch);
    const made = read ?? (await scratch.read());
    const byName = new Map(made.map((table) => [table.name, table]));
    const filled = new Map<string, Column>();
    for (const [key, { table, column }] of places) {
      const read = byName.get(table)?.columns.find((each) => each.name === column);
      if (read !== undefined) filled.set(key, read);
    }
    const wordedTables = schema.tables.map((table) => {
      const columns = table.columns.map((column) => withFill(column, filled.get(fillKey(column)), scratch));
      return withText({ ...table, columns }, worded.get(table), scratch);
    });
    return {
      ...schema,
      tables: await withStandingText(wordedTables, standing, async (some) => {
        const { worded: again } = await wordTables(some, standing ?? schema, scratch);
        return some.map((table) => withText(table, again.get(table), scratch));
      }),
    };
  });
}

/** How many tables are made at a time. */
const tablesPerPart = 200;

interface Worded {
  readonly worded: ReadonlyMap<Table, Table>;
  /** What stood beside the first of them, and they; null where there are none. */
  readonly read: readonly Table[] | null;
}

/** The tables of a schema as the server writes them, each with the columns that it takes from others. */
async function wordTables(tables: readonly Table[], schema: Schema, scratch: Scratch): Promise<Worded> {
  const worded = new Map<Table, Table>();
  let first: readonly Table[] | null = null;
  for (let at = 0; at < tables.length; at += tablesPerPart) {
    const some = tables.slice(at, at + tablesPerPart);
    const made = await scratch.apart(async () => {
      const whole = some.map((table) => ({ ...table, columns: allColumns(table, schema) }));
      await scratch.makeTables(whole.map(numbered));
      return scratch.read(whole);
    });
    first ??= made;
    const byName = new Map(made.map((table) => [table.name, table]));
    for (const [place, table] of some.entries()) {
      const read = byName.get(`t${place}`);
      if (read !== undefined) worded.set(table, withOwnNames(read, table));
    }
  }
  return { worded, read: first };
}

/** Names that are the table's own business elsewhere are its schema's in PostgreSQL, and here all share one. */
function numbered(table: Table, place: number): Table {
  return {
    ...table,
    name: `t${place}`,
    exclusions: table.exclusions.map((each, at) => ({ ...each, name: `t${place}_x${at}` })),
    indexes: table.indexes.map((each, at) => ({ ...each, name: `t${place}_i${at}` })),
  };
}

/** What was read of a numbered table, under the names of the table itself. */
function withOwnNames(read: Table, own: Table): Table {
  const place = (name: string | null): number => Number(/_[ix](\d+)$/.exec(name ?? "")?.[1] ?? -1);
  return {
    ...read,
    exclusions: read.exclusions.map((each) => ({
      ...each,
      name: own.exclusions[place(each.name)]?.name ?? each.name,
    })),
    indexes: read.indexes.map((each) => ({
      ...each,
      name: own.indexes[place(each.name)]?.name ?? each.name,
    })),
  };
}

/** What columns may be of, or numbered by. */
function isTypeLike({ kind }: SchemaObject): boolean {
  return kind === "sequence" || kind === "domain" || kind === "composite" || kind === "range";
}

function createTemporary(object: SchemaObject): string {
  const name = quoteTable({ schema: "pg_temp", name: object.name });
  return `CREATE ${keyword(object.kind)} ${name} ${object.definition}`;
}

/** A column whose type or default only the server can put into its own words. */
function needsFill(column: Column): boolean {
  return column.default !== null || isForeign(column.type);
}

function isForeign(type: Column["type"]): boolean {
  return type.kind === "array" ? isForeign(type.of) : type.kind === "native";
}

function fillKey(column: Column): string {
  return JSON.stringify([column.type, column.default]);
}

/** One column for each type and default that occur. */
function fillsOf(schema: Schema): readonly Column[] {
  const columns = schema.tables.flatMap((table) => table.columns.filter(needsFill));
  return [...new Map(columns.map((column) => [fillKey(column), column])).values()];
}

interface Place {
  readonly table: string;
  readonly column: string;
}

/** Tables have 1,600 columns at most, and rows of a page. */
const fillsPerTable = 400;

/** Makes the columns in few tables; those of a table that the server refuses, each in one of its own. */
async function makeFills(fills: readonly Column[], scratch: Scratch): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const make = async (table: string, columns: readonly Column[]): Promise<boolean> => {
    const clauses = columns.map((column, at) =>
      columnClause({
        ...column,
        name: `c${at}`,
        type: scratch.type(column.type),
        nullable: true,
        collation: null,
        default: column.default && {
          kind: "expression",
          sql: scratch.expression(defaultSql(column.default)),
        },
        generated: null,
        identity: null,
        autoIncrement: false,
      }),
    );
    const done = await scratch.attempt(`CREATE TEMPORARY TABLE ${quoteName(table)} (${clauses.join(", ")})`);
    if (done)
      for (const [at, column] of columns.entries()) places.set(fillKey(column), { table, column: `c${at}` });
    return done;
  };
  for (let at = 0; at < fills.length; at += fillsPerTable) {
    const some = fills.slice(at, at + fillsPerTable);
    if (await make(`d${at}`, some)) continue;
    for (const [place, column] of some.entries()) await make(`d${at}_${place}`, [column]);
  }
  return places;
}

function withFill(column: Column, read: Column | undefined, scratch: Scratch): Column {
  if (read === undefined || !needsFill(column)) return column;
  const text = read.default?.kind === "expression" ? scratch.printed(read.default.sql) : null;
  return {
    ...column,
    type: isForeign(column.type) ? read.type : column.type,
    default: text === null ? null : { kind: "expression", sql: text },
  };
}

/** Whether a table has anything else that the server writes in its own way. */
function hasExpressions(table: Table): boolean {
  return (
    table.checks.length > 0 ||
    table.exclusions.length > 0 ||
    table.columns.some((column) => column.generated !== null || column.collation !== null) ||
    table.indexes.some(isWorded)
  );
}

/** The table with the texts that the server gave back for its expressions. */
function withText(table: Table, made: Table | undefined, scratch: Scratch): Table {
  if (made === undefined) return table;
  const columns = new Map(made.columns.map((column) => [column.name, column]));
  const text = (sql: string): string => scratch.printed(sql);
  return {
    ...table,
    columns: table.columns.map((column) => {
      const read = columns.get(column.name);
      const generated = read?.generated;
      return {
        ...column,
        generated:
          column.generated && generated
            ? { ...generated, expression: text(generated.expression) }
            : column.generated,
        collation: read === undefined ? column.collation : read.collation,
      };
    }),
    checks: table.checks.map((check): Check => {
      const read = byName(made.checks, check);
      return read === undefined ? check : { ...check, expression: text(read.expression) };
    }),
    indexes: table.indexes.map((index): Index => {
      const read = byName(made.indexes, index);
      if (read === undefined) return index;
      const parts = read.parts.map((part) => ({
        ...part,
        expression: part.expression === null ? null : text(part.expression),
      }));
      return { ...index, parts, where: read.where === null ? null : text(read.where) };
    }),
    exclusions: table.exclusions.map((exclusion) => {
      const read = byName(made.exclusions, exclusion);
      return read === undefined ? exclusion : { ...read, where: read.where && text(read.where) };
    }),
  };
}

function byName<T extends { readonly name: string | null }>(
  list: readonly T[],
  item: { readonly name: string | null },
): T | undefined {
  return item.name === null ? undefined : list.find((each) => each.name === item.name);
}
