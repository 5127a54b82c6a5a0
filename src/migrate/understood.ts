import type { Connection, DesignDialect } from "../dialect/index.ts";
import { isAthanorError } from "../errors/index.ts";
import { type Column, findTable, type Index, type Schema, type Table } from "../schema/index.ts";

/** Puts a schema in a database's canonical form; fails where the database does not understand its SQL. */
type Put = (schema: Schema) => Promise<Schema>;

/**
 * `schema`, which comes from a database of another kind, as this one would have it. Expressions in SQL that it does
 * not understand stay as they are; they are found by asking for each table that is refused.
 */
export async function asUnderstood(
  schema: Schema,
  design: DesignDialect,
  connection: Connection,
): Promise<Schema> {
  const put: Put = (part) => design.canonical(part, connection);
  const whole = await attempt(put, schema);
  if (whole !== null) return whole;
  const tables: Table[] = [];
  for (const table of schema.tables) tables.push(await understoodPart(table, schema, put));
  const rest = { ...schema, tables };
  const made = (await attempt(put, rest)) ?? (await design.canonical(rest, null));
  return { ...made, tables: made.tables.map((table) => restored(table, schema, rest)) };
}

/** Null where the database refuses. */
async function attempt(put: Put, schema: Schema): Promise<Schema | null> {
  try {
    return await put(schema);
  } catch (error) {
    if (!isAthanorError(error) || error.code === "DATABASE.CONNECTION") throw error;
    return null;
  }
}

/** A table without the expressions that the database does not understand. */
async function understoodPart(table: Table, schema: Schema, put: Put): Promise<Table> {
  const takes = async (probe: Table): Promise<boolean> =>
    (await attempt(put, { ...schema, tables: [probe] })) !== null;
  const alone = { ...table, foreignKeys: [] };
  if (await takes(alone)) return table;
  const bare = {
    ...alone,
    columns: table.columns.map(plainColumn),
    checks: [],
    exclusions: [],
    indexes: [],
  };
  const columns: Column[] = [];
  for (const column of table.columns) {
    const plain = plainColumn(column);
    const probe = bare.columns.map((other) => (other.name === column.name ? column : other));
    const good =
      (column.default === plain.default && column.generated === null) ||
      (await takes({ ...bare, columns: probe }));
    columns.push(good ? column : plain);
  }
  const good = async <T>(items: readonly T[], probe: (item: T) => Table): Promise<readonly T[]> => {
    const kept: T[] = [];
    for (const item of items) if (await takes(probe(item))) kept.push(item);
    return kept;
  };
  return {
    ...table,
    columns,
    checks: await good(table.checks, (check) => ({ ...bare, checks: [check] })),
    exclusions: await good(table.exclusions, (exclusion) => ({ ...bare, exclusions: [exclusion] })),
    indexes: await good(table.indexes, (index) => (hasText(index) ? { ...bare, indexes: [index] } : bare)),
  };
}

function plainColumn(column: Column): Column {
  const expression = column.default?.kind === "expression";
  return { ...column, default: expression ? null : column.default, generated: null };
}

function hasText(index: Index): boolean {
  return index.where !== null || index.parts.some((part) => part.expression !== null);
}

/** A table with what was taken out of it, as it was written. */
function restored(table: Table, original: Schema, rest: Schema): Table {
  const whole = findTable(original, table);
  const part = findTable(rest, table);
  if (whole === undefined || part === undefined || whole === part) return table;
  const lost = <T>(of: (one: Table) => readonly T[]): readonly T[] =>
    of(whole).filter((item) => !of(part).includes(item));
  const columns = new Map(lost((one) => one.columns).map((column) => [column.name, column]));
  return {
    ...table,
    columns: table.columns.map((column) => {
      const said = columns.get(column.name);
      return said === undefined ? column : { ...column, default: said.default, generated: said.generated };
    }),
    checks: [...table.checks, ...lost((one) => one.checks)],
    exclusions: [...table.exclusions, ...lost((one) => one.exclusions)],
    indexes: [...table.indexes, ...lost((one) => one.indexes)],
  };
}
