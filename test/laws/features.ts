/** What of a schema the laws generate, by database. */
import type fc from "fast-check";
import type { Connection } from "../../src/dialect/index.ts";
import type { ColumnTypeKind, ObjectKind, Schema } from "../../src/schema/index.ts";
import { onServer, type TestDialect } from "../dialects.ts";
import { fitMysql } from "./fit-mysql.ts";
import { enrichMysql, mutateMysql } from "./generate-mysql.ts";
import type { ObjectShare, Recipe } from "./generate-objects.ts";
import { mariadbRecipes, mysqlRecipes } from "./generate-objects-mysql.ts";
import { postgresqlRecipes, type ServerFacts } from "./generate-objects-postgresql.ts";
import { sqliteRecipes } from "./generate-objects-sqlite.ts";
import { enrichPostgresql, mutatePostgresql } from "./generate-postgresql.ts";
import { extensionNames } from "./generate-server-postgresql.ts";

/** What of a schema is generated; what a database lacks is switched off. */
export interface Features {
  /** A collation that the database has besides its usual one; null for none. */
  readonly collation: string | null;
  readonly partialIndexes: boolean;
  readonly expressionIndexes: boolean;
  readonly generatedColumns: boolean;
  /** Generated columns that are computed when read. */
  readonly virtualColumns: boolean;
  readonly deferrableForeignKeys: boolean;
  readonly enums: boolean;
  /** Kinds of types that no plain index can be over. */
  readonly unindexable: readonly ColumnTypeKind[];
  /** STRICT, WITHOUT ROWID, AUTOINCREMENT, conflict clauses. */
  readonly sqliteOptions: boolean;
  readonly maxTables: number;
  /** How what stands beside tables is made. */
  readonly recipes: readonly Recipe[];
  /** How often it is; absent is as usual. */
  readonly share?: ObjectShare;
  /** Kinds of objects that the dialect knows, and this very server cannot have. */
  readonly lacks?: readonly ObjectKind[];
  /** Puts on a schema what this database alone has. */
  readonly enrich?: (schema: Schema) => fc.Arbitrary<Schema>;
  /** Changes that of a schema. */
  readonly mutate?: (schema: Schema) => fc.Arbitrary<Schema>;
}

/** Everything SQLite has. */
export const sqliteFeatures: Features = {
  collation: "NOCASE",
  partialIndexes: true,
  expressionIndexes: true,
  generatedColumns: true,
  virtualColumns: true,
  deferrableForeignKeys: true,
  enums: true,
  unindexable: [],
  sqliteOptions: true,
  maxTables: 4,
  recipes: sqliteRecipes,
};

/**
 * Three recipes at most in a quarter of the cases: a case with objects costs four times as much as one without, and there
 * are 35 recipes. One that stands once among them is drawn for each schema in one case of 70, thirty times in two
 * thousand cases; that it never is has a chance of less than one in a million million.
 */
const postgresqlShare: ObjectShare = { oneIn: 4, most: 3 };

/** What a PostgreSQL has. */
export function postgresqlFeatures(facts: ServerFacts): Features {
  const { version } = facts;
  return {
    ...sqliteFeatures,
    collation: "C",
    unindexable: ["json", "native"],
    virtualColumns: version >= 180_000,
    sqliteOptions: false,
    recipes: postgresqlRecipes(facts),
    share: postgresqlShare,
    lacks: facts.extensions.length === 0 ? ["extension"] : [],
    enrich: (schema) => enrichPostgresql(schema, version),
    mutate: (schema) => mutatePostgresql(schema, version),
  };
}

/** What MySQL and MariaDB have; `implies` says that the server gives timestamps that must not be null a default, `fit` takes out what it lacks. */
export function mysqlFeatures(
  implies: boolean,
  fit: (schema: Schema) => Schema,
  recipes: readonly Recipe[],
): Features {
  return {
    ...sqliteFeatures,
    collation: "utf8mb4_bin",
    partialIndexes: false,
    expressionIndexes: false,
    deferrableForeignKeys: false,
    sqliteOptions: false,
    recipes,
    enrich: (schema) => enrichMysql(schema).map(fit),
    mutate: (schema) => mutateMysql(schema, implies).map(fit),
  };
}

/** The features of a row of the matrix of databases: what its very server has. */
export async function featuresOf(row: TestDialect): Promise<Features> {
  switch (row.name) {
    case "sqlite":
      return sqliteFeatures;
    case "postgresql":
    case "pglite":
      return postgresqlFeatures(await onServer(row, factsOf));
    case "mariadb":
      return mysqlFeatures(await onServer(row, impliesTimestamps), (schema) => schema, mariadbRecipes);
    case "mysql":
      return mysqlFeatures(await onServer(row, impliesTimestamps), fitMysql, mysqlRecipes);
    default:
      throw new Error(`no features are said for ${row.name}`);
  }
}

async function factsOf(connection: Connection): Promise<ServerFacts> {
  const { rows } = await connection.query(
    `SELECT current_setting('server_version_num'), EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i'),
       (SELECT json_agg(name ORDER BY name)::text FROM pg_available_extensions WHERE name = ANY ($1::text[]))`,
    [`{${extensionNames.join(",")}}`],
  );
  const [version, icu, extensions] = rows[0] ?? [];
  const found = extensions === null ? [] : (JSON.parse(String(extensions)) as readonly string[]);
  return { version: Number(version), icu: icu === true || icu === "t", extensions: found };
}

async function impliesTimestamps(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query("SELECT @@explicit_defaults_for_timestamp");
  return Number(rows[0]?.[0]) === 0;
}
