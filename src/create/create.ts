import type { Connection, ConnectionSource, DesignDialect, Dialect } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { runPlan } from "../migrate/run-plan.ts";
import { defaultRegistry, knownObjects, toSchema } from "../model/index.ts";
import { moduleBases } from "../module/index.ts";
import { plan } from "../plan/index.ts";
import { enumObject } from "../schema/enum-object.ts";
import { emptySchema, findObject, findTable, type NamingConvention, type Schema } from "../schema/index.ts";
import { defaultNaming } from "../schema/naming.ts";
import { type Place, placeRefs } from "../schema/place.ts";

/** A database that can be connected to; an engine is one. */
export interface Database {
  open(): Promise<{ readonly dialect: Dialect; readonly source: ConnectionSource }>;
  /** How constraints are named that have no name of their own; without it as they always are. */
  readonly namingConvention?: Partial<NamingConvention> | undefined;
}

/** Works with a connection, the design-time half of its dialect, and what the database holds. */
async function withDatabase(
  database: Database,
  work: (connection: Connection, design: DesignDialect, state: Schema, place: Place) => Promise<void>,
): Promise<void> {
  const { dialect, source } = await database.open();
  const design = await dialect.design();
  const connection = await source.acquire();
  try {
    const { place = (ref) => ref } = dialect.query;
    await work(connection, design, await design.inspector.inspect(connection), place);
  } finally {
    await connection.release();
  }
}

/** The schema of models as the database has it; without a list of the host's, and of every module's. */
function schemaOf(models: readonly unknown[] | undefined, place: Place, database: Database): Schema {
  const every = (): readonly unknown[] => [
    ...defaultRegistry.definitions.map((definition) => definition.model),
    ...knownObjects(),
    ...moduleBases().flatMap((base) => base.models),
  ];
  const naming = { ...defaultNaming, ...database.namingConvention };
  const schema = placeRefs(toSchema(models ?? every(), { naming }).schema, place);
  const named = [...schema.tables, ...schema.objects, ...schema.enums];
  const namespaces = new Set(named.flatMap((each) => each.schema ?? []));
  return { ...schema, namespaces: [...namespaces] };
}

/**
 * Creates the tables of `models` (default: every model of the default registry and of modules, and every object beside
 * them) that the database has not, and the views, functions and other objects among them; those it has are left as they
 * are: altering them is what migrations are for.
 */
export function createAll(database: Database, models?: readonly unknown[]): Promise<void> {
  return withDatabase(database, async (connection, design, state, place) => {
    const wanted = schemaOf(models, place, database);
    const missing = wanted.tables.filter((table) => findTable(state, table) === undefined);
    const namespaces = wanted.namespaces.filter((name) => !state.namespaces.includes(name));
    const { objects, enums } = await objectsOf(wanted, connection, design, state);
    const lacking: Schema = {
      ...emptySchema,
      namespaces,
      tables: missing,
      objects: objects.filter((object) => findObject(state, object) === undefined),
      enums: enums.filter((each) => findObject(state, enumObject(each)) === undefined),
    };
    const operations = diff(emptySchema, lacking, design.rules);
    await runPlan(plan(operations, state, design), connection);
  });
}

/** Objects under the names that the database has for them. */
async function objectsOf(
  wanted: Schema,
  connection: Connection,
  design: DesignDialect,
  state: Schema,
): Promise<Pick<Schema, "objects" | "enums">> {
  if (wanted.objects.length === 0) return wanted;
  const { objects } = await design.canonical(wanted, connection, state);
  return { objects, enums: wanted.enums };
}

/** Drops the tables of `models` (default: every model of the default registry and of modules) that the database has. */
export function dropAll(database: Database, models?: readonly unknown[]): Promise<void> {
  return withDatabase(database, async (connection, design, state, place) => {
    const wanted = schemaOf(models, place, database);
    const doomed = state.tables.filter((table) => findTable(wanted, table) !== undefined);
    const { objects, enums } = await objectsOf(wanted, connection, design, state);
    const had: Schema = {
      ...emptySchema,
      tables: doomed,
      objects: objects.flatMap((object) => findObject(state, object) ?? []),
      enums: enums.filter((each) => findObject(state, enumObject(each)) !== undefined),
    };
    const operations = diff(had, emptySchema, design.rules);
    await runPlan(plan(operations, state, design), connection);
  });
}
