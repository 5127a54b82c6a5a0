import { creationOrder } from "../../schema/creation-order.ts";
import { closure, Dependencies, type Standing, standingsOf } from "../../schema/dependencies.ts";
import {
  findObject,
  findTable,
  type Json,
  type Schema,
  type SchemaObject,
  type Table,
} from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import { readCatalog } from "./catalog.ts";
import { isOfPeriod } from "./ddl-clauses.ts";
import { createStatements, triggerHead } from "./ddl-object.ts";
import { createTable } from "./ddl-table.ts";
import { atMoments, withMoments, withoutRunning } from "./event-head.ts";
import type { Binding } from "./flavor.ts";
import { schemaOf } from "./inspect.ts";
import { mysqlOptions } from "./options.ts";
import { quoteString } from "./quote.ts";
import { inScratchDatabase } from "./scratch-database.ts";
import { writing } from "./writing.ts";

/**
 * How the server writes objects and parts of tables down. What is in the database word for word is in its words already.
 * The rest, and whatever it stands on, is made in a database of its own, read from there, and dropped with it.
 */

/** An object without what this family has not. */
export function plainObject(object: SchemaObject): SchemaObject {
  const comment = commented.has(object.kind) ? object.comment : null;
  const definition = object.definition.trim();
  const said = object.kind === "trigger" ? triggerHead(definition, object) : definition;
  return { ...object, dialect: "mysql", signature: null, definition: said, comment };
}

const commented: ReadonlySet<string> = new Set(["function", "procedure", "event", "sequence"]);

/** How the server was set, and for whom, is compared where it is said; else it is what stands there. */
const settings = ["definer", "sqlMode", "charset", "collation", "timeZone", "precedes"] as const;

/** The schema with its objects, and the parts of its tables, as the server writes them. What it refuses stays as written. */
export async function withServerObjects(
  schema: Schema,
  connection: Connection,
  binding: Binding,
  given?: Schema,
): Promise<Schema> {
  const parted = schema.tables.filter(isParted);
  if (schema.objects.length + parted.length === 0) return schema;
  const known = given ?? schemaOf(await readCatalog(connection, binding), binding);
  const objects = await withWholeModes(schema.objects, known, connection);
  // What is known not to be there comes whatever its words are.
  const open = objects.filter(
    (object) => !stands(object, known) && (given === undefined || findObject(known, object) !== undefined),
  );
  const unknown = parted.filter((table) => {
    const there = findTable(known, table);
    return partsOf(there) !== partsOf(table) && (given === undefined || there !== undefined);
  });
  const made =
    open.length + unknown.length === 0 ? null : await make(schema, open, unknown, connection, binding);
  return {
    ...schema,
    objects: objects.map((object) => {
      const standing = findObject(known, object);
      if (!open.includes(object)) return asStanding(inWords(object, standing, null), standing);
      const read = made === null ? undefined : findObject(made, object);
      return asStanding(inWords(object, read, read?.comment ?? null), standing);
    }),
    tables: schema.tables.map((table) =>
      unknown.includes(table) && made !== null ? partInWords(table, findTable(made, table)) : table,
    ),
  };
}

/** The modes of objects as the server says them: one may stand for several, and they have an order of their own. */
async function withWholeModes(
  objects: readonly SchemaObject[],
  known: Schema,
  connection: Connection,
): Promise<readonly SchemaObject[]> {
  const whole = new Map<Json | undefined, string>();
  for (const modes of new Set(objects.map(({ options }) => options["sqlMode"]))) {
    if (typeof modes !== "string" || known.objects.some(({ options }) => options["sqlMode"] === modes))
      continue;
    const set = `SESSION sql_mode = ${quoteString(modes)}`;
    try {
      await connection.query(`SET @athanor_sql_mode = @@SESSION.sql_mode, ${set}`);
    } catch {
      continue; // making the object says why
    }
    const { rows } = await connection.query("SELECT @@SESSION.sql_mode");
    await connection.query("SET SESSION sql_mode = @athanor_sql_mode");
    whole.set(modes, String(rows[0]?.[0] ?? modes));
  }
  return objects.map((object) => {
    const sqlMode = whole.get(object.options["sqlMode"]);
    return sqlMode === undefined ? object : { ...object, options: { ...object.options, sqlMode } };
  });
}

/** Whether the very definition stands in the database. */
function stands(object: SchemaObject, known: Schema): boolean {
  return findObject(known, object)?.definition === object.definition;
}

function isParted(table: Table): boolean {
  return partsOf(table) !== null;
}

function partsOf(table: Table | undefined): string | null {
  const parts = table?.options["mysql"]?.["partitionBy"];
  return typeof parts === "string" ? parts : null;
}

function partInWords(table: Table, read: Table | undefined): Table {
  const parts = partsOf(read);
  return parts === null
    ? table
    : { ...table, options: mysqlOptions({ ...table.options["mysql"], partitionBy: parts }) };
}

/** An object as the server has it: what else is said of it stays. */
function inWords(object: SchemaObject, read: SchemaObject | undefined, comment: string | null): SchemaObject {
  if (read === undefined) return object;
  return {
    ...object,
    definition: object.kind === "event" ? withMoments(read.definition, object.definition) : read.definition,
    comment: commented.has(object.kind) ? (object.comment ?? comment) : null,
    options: { ...structure(read.options), ...object.options },
    ...(read.dependsOn === undefined ? {} : { dependsOn: read.dependsOn }),
  };
}

function structure(options: SchemaObject["options"]): SchemaObject["options"] {
  const own: readonly string[] = settings;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !own.includes(name)));
}

/** With all that is not said, and what its owner is where that is said, as it stands. */
function asStanding(object: SchemaObject, standing: SchemaObject | undefined): SchemaObject {
  if (standing === undefined) return object;
  const options: { [option: string]: Json } = { ...object.options };
  for (const name of settings) {
    const there = standing.options[name];
    if (options[name] === undefined && there !== undefined) options[name] = there;
  }
  const owner = standing.facts?.owner;
  // Where the catalog does not say it, it is ours.
  const ours = standing.options["definer"] === undefined;
  if (ours && owner !== undefined && options["definer"] === owner) delete options["definer"];
  const definition =
    object.kind === "event" ? atMoments(object.definition, standing.definition) : object.definition;
  return { ...object, definition, options };
}

/** Makes these and all that they stand on; null where there is no place for it. */
async function make(
  schema: Schema,
  objects: readonly SchemaObject[],
  tables: readonly Table[],
  connection: Connection,
  binding: Binding,
): Promise<Schema | null> {
  if (connection.inTransaction) return null;
  const wanted = withBelow(schema, standingsOf(objects, tables));
  const order = creationOrder(
    wanted.flatMap((each) => (each.kind === "table" ? [plain(each.table)] : [])),
    wanted.flatMap((each) => (each.kind === "object" ? [each.object] : [])),
    schema,
  );
  const all: readonly Standing[] = [
    ...order.made,
    ...order.rest.map((object): Standing => ({ kind: "object", object })),
  ];
  return writing(connection, () =>
    inScratchDatabase(connection, async (homes) => {
      for (const each of all) await attempt(connection, statementsOf(each, binding));
      return schemaOf(await readCatalog(connection, binding, homes[0]), binding, {}, homes);
    }),
  );
}

function statementsOf(standing: Standing, binding: Binding): readonly string[] {
  if (standing.kind === "table") return [createTable(plain(standing.table), binding)];
  const { object } = standing;
  if (object.kind !== "event") return createStatements(unowned(object));
  return createStatements({ ...unowned(object), definition: withoutRunning(object.definition) });
}

/** Whom it is for makes no other text of it, and may be somebody that only an administrator can name. */
function unowned(object: SchemaObject): SchemaObject {
  const { definer: _, precedes: __, ...options } = object.options;
  return { ...object, options };
}

/** Runs statements, as far as the server takes them. */
async function attempt(connection: Connection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await connection.query(statement).catch(() => undefined);
}

/** These, and all that they stand on. What runs when it is called or when something happens is taken without that. */
function withBelow(schema: Schema, standings: readonly Standing[]): readonly Standing[] {
  const dependencies = new Dependencies(schema);
  return closure(standings, (each) => {
    if (each.kind === "table") return dependencies.ofTable(plain(each.table));
    const { object } = each;
    const below = dependencies.ofObject(object);
    return bodies.has(object.kind) ? below.filter((one) => isTableOf(one, object)) : below;
  });
}

const bodies: ReadonlySet<string> = new Set(["function", "procedure", "event", "trigger"]);

function isTableOf(standing: Standing, object: SchemaObject): boolean {
  return standing.kind === "table" && standing.table.name === object.table?.name;
}

function isInvisible({ options }: Table["columns"][number]): boolean {
  return options["mysql"]?.["invisible"] === true;
}

/** What others can see of a table: its columns and its key, and how it is parted. */
function plain(table: Table): Table {
  const { partitionBy, systemVersioned, period, collation } = table.options["mysql"] ?? {};
  const family = { partitionBy, systemVersioned, period, collation };
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      default: null,
      generated: isOfPeriod(column) ? column.generated : null,
      autoIncrement: false,
      comment: null,
      // `SELECT *` passes over it; with no value of its own it has to do without one.
      ...(isInvisible(column)
        ? { nullable: true, options: mysqlOptions({ invisible: true }) }
        : { options: {} }),
    })),
    foreignKeys: [],
    uniques: [],
    checks: [],
    indexes: [],
    comment: null,
    options: mysqlOptions(
      Object.fromEntries(
        Object.entries(family).filter((entry): entry is [string, Json] => entry[1] !== undefined),
      ),
    ),
  };
}
