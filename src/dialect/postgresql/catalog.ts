import type { Dependency, Json, ObjectKind } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import {
  anyEnums,
  anyOthers,
  anySequences,
  attributes,
  constraints,
  enums,
  indexes,
  namespaces,
  others,
  relations,
  type Scope,
  sequences,
} from "./catalog-queries.ts";
import { dependencies, objects, presence, type Sections, sectionsIn, sectionsOf } from "./object-queries.ts";
import { catalogMark } from "./statement-names.ts";

/**
 * The rows of PostgreSQL's catalog that a schema is read from: one query for each kind of object, whatever the
 * number of tables. Names are as the server prints them with `search_path` at its default, where the default
 * schema needs no qualification.
 */

export interface RelationRow {
  readonly oid: number;
  readonly namespace: string;
  readonly name: string;
  /** `r` table, `p` partitioned table, `f` foreign table. */
  readonly kind: string;
  readonly comment: string | null;
  readonly options: readonly string[] | null;
  readonly persistence: string;
  readonly partition: boolean;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  /** `d` by the primary key, `n` nothing, `f` the whole row, `i` an index. */
  readonly replicaIdentity: string;
  readonly replicaIndex: string | null;
  readonly clusterOn: string | null;
  /** The composite type that its columns are those of. */
  readonly ofType: string | null;
  /** How a partitioned table is: `RANGE (made)`. */
  readonly partitionBy: string | null;
  /** Which part a partition is: `FOR VALUES FROM … TO …`, or `DEFAULT`. */
  readonly bound: string | null;
  /** The tables that it inherits from, or is a partition of, by oid. */
  readonly parents: readonly number[] | null;
}

/** A column of a relation. */
export interface AttributeRow {
  readonly relation: number;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly typeOid: number;
  readonly notNull: boolean;
  readonly options: readonly string[] | null;
  /** Whether the table itself says it. */
  readonly local: boolean;
  /** Whether a table that this one is a part of, or inherits from, has it. */
  readonly inherited: boolean;
  readonly default: string | null;
  /** `s` stored, `v` virtual, or empty. */
  readonly generated: string;
  /** `a` always, `d` by default, or empty. */
  readonly identity: string;
  readonly identityOptions: (IdentityRow & { readonly name: string }) | null;
  readonly collation: string | null;
  readonly comment: string | null;
  /** How values are kept, where not as usual for the type: `p`, `e`, `m`, `x`. */
  readonly storage: string | null;
  readonly statistics: number | null;
  /** `p` or `l`. */
  readonly compression: string | null;
  /** The oid of the sequence that belongs to the column, where there is one. */
  readonly ownedSequence: number | null;
}

/** A sequence, its numbers as text. */
export interface SequenceRow extends IdentityRow {
  readonly oid: number;
  readonly namespace: string;
  readonly name: string;
  /** As `regclass` prints it. */
  readonly printed: string;
  readonly type: string;
  readonly comment: string | null;
  /** Whether a crash may set it back. */
  readonly unlogged: boolean;
  readonly ownerNamespace: string | null;
  readonly ownerTable: string | null;
  readonly ownerColumn: string | null;
}

/** What stands beside tables (see `object-queries.ts`). */
export interface ObjectRow {
  /** The catalog that it is a row of, and which. */
  readonly class: string;
  readonly oid: number;
  readonly kind: ObjectKind;
  readonly namespace: string | null;
  readonly name: string;
  readonly tableNamespace: string | null;
  readonly table: string | null;
  readonly signature: string | null;
  readonly definition: string;
  readonly comment: string | null;
  readonly owner: string | null;
  readonly options: { readonly [option: string]: Json } | null;
  readonly columns: readonly { readonly name: string; readonly type: string }[] | null;
}

/** One thing that an object stands on; a column where it is that alone. */
export interface DependencyRow {
  readonly class: string;
  readonly oid: number;
  readonly kind: Dependency["kind"];
  readonly namespace: string | null;
  readonly name: string;
  readonly signature: string | null;
  readonly column: string | null;
}

/** The sequence behind an identity column; numbers as text, since they have 64 bits. */
export interface IdentityRow {
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
}

/** A constraint of a table. */
export interface ConstraintRow {
  readonly relation: number;
  readonly name: string;
  /** `p` primary key, `u` unique, `f` foreign key, `c` check, `x` exclusion. */
  readonly type: string;
  readonly columns: readonly string[] | null;
  readonly refNamespace: string | null;
  readonly refTable: string | null;
  readonly refColumns: readonly string[] | null;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly match: string;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly validated: boolean;
  readonly noInherit: boolean;
  readonly deleteColumns: readonly string[] | null;
  readonly enforced: boolean;
  /** Whether the last column is a period: `WITHOUT OVERLAPS`, or `PERIOD` in a foreign key. */
  readonly period: boolean;
  readonly expression: string | null;
  readonly local: boolean;
  readonly inherited: boolean;
  readonly comment: string | null;
  readonly index: number;
}

/** An index, those behind constraints included. */
export interface IndexRow {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  readonly predicate: string | null;
  readonly options: readonly string[] | null;
  readonly comment: string | null;
  readonly valid: boolean;
  readonly nullsNotDistinct: boolean;
  /** Whether a constraint owns it. */
  readonly constraint: boolean;
  readonly keys: number;
  /** Whether it is that of a primary key. */
  readonly primary: boolean;
  /** The index of a partitioned table that it is a part of. */
  readonly parent: string | null;
  /** How much is sampled of its keys, by number, where that is said. */
  readonly statistics: Readonly<Record<string, number>> | null;
  readonly parts: readonly IndexPartRow[];
}

/** One key, or included column, of an index. */
export interface IndexPartRow {
  readonly column: string | null;
  readonly expression: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  /** Null where it is the column's own. */
  readonly collation: string | null;
  /** Null where it is the default of the type and method. */
  readonly operatorClass: string | null;
  readonly operator: string | null;
}

/** Everything a schema is read from. */
export interface Catalog {
  readonly namespaces: readonly string[];
  readonly relations: readonly RelationRow[];
  readonly attributes: readonly AttributeRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly enums: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly values: readonly string[];
  }[];
  readonly sequences: readonly SequenceRow[];
  readonly objects: readonly ObjectRow[];
  readonly dependencies: readonly DependencyRow[];
  readonly others: readonly { readonly kind: string; readonly namespace: string; readonly name: string }[];
  /** The schema that an unqualified name is looked up in first. */
  readonly defaultNamespace: string;
}

/** Columns that the catalog's queries give as JSON, and with them their lists. */
const jsonColumns: ReadonlySet<string> = new Set([
  "options",
  "identityOptions",
  "columns",
  "refColumns",
  "deleteColumns",
  "parts",
  "parents",
  "statistics",
  "values",
]);

/** Rows as objects, by the names of their columns. A query that is not always the same is not kept prepared. */
async function rows<R>(connection: Connection, sql: string, mark = catalogMark): Promise<R[]> {
  const result = await connection.query(`${mark}${sql}`);
  const read = (name: string, value: unknown): unknown =>
    jsonColumns.has(name) && typeof value === "string" ? JSON.parse(value) : value;
  return result.rows.map(
    (row) => Object.fromEntries(result.columns.map((name, at) => [name, read(name, row[at])])) as R,
  );
}

/** What decides how the rest is asked. */
interface Server {
  readonly version: number;
  readonly namespace: string;
  /** What there is beside tables. */
  readonly sections: Sections;
  readonly there: Pick<ServerRow, "enums" | "sequences" | "others">;
}

interface ServerRow {
  readonly version: number;
  readonly jit: string;
  readonly namespace: string | null;
  readonly sections: string;
  readonly enums: boolean;
  readonly sequences: boolean;
  readonly others: boolean;
}

const nothing = { enums: false, sequences: false, others: false };

/**
 * Reads with the just-in-time compiler off: where a catalog has grown, the server takes its queries for costly and
 * compiles them, which takes a hundred times as long as running them.
 */
async function reading<T>(connection: Connection, read: (server: Server) => Promise<T>): Promise<T> {
  const [server] = await rows<ServerRow>(
    connection,
    `SELECT current_setting('server_version_num')::int AS version, current_setting('jit') AS jit,
      set_config('jit', 'off', false), current_schema() AS namespace, ${presence} AS sections, ${anyEnums} AS enums, ${anySequences} AS sequences, ${anyOthers} AS others`,
  );
  const restore = async (): Promise<void> => {
    if (server?.jit === "on") await rows(connection, "SELECT set_config('jit', 'on', false)");
  };
  let result: T;
  try {
    result = await read({
      version: server?.version ?? 0,
      namespace: server?.namespace ?? "public",
      sections: sectionsIn(server?.sections ?? ""),
      there: server ?? nothing,
    });
  } catch (error) {
    await restore().catch(() => undefined); // a transaction that has failed takes it back itself
    throw error;
  }
  await restore();
  return result;
}

/** The rows of these sections, and of what their things stand on. */
async function readSections(
  connection: Connection,
  sections: Sections,
  scope: Scope,
  version: number,
): Promise<Pick<Catalog, "objects" | "dependencies">> {
  const sql = objects(sections, scope, version);
  const found = sql === null ? [] : await rows<ObjectRow>(connection, sql, "");
  const stands = found.some(({ kind }) => kind !== "grant" && kind !== "comment" && kind !== "extension");
  return { objects: found, dependencies: stands ? await rows(connection, dependencies(scope, version)) : [] };
}

/** Reads the whole catalog, in a dozen queries. */
export async function readCatalog(
  connection: Connection,
  scope: "user" | "current" = "user",
): Promise<Catalog> {
  return reading(connection, async ({ version, namespace, sections, there }) => {
    const whole = scope === "user";
    const names = whole ? await rows<{ nspname: string }>(connection, `${namespaces(scope)} ORDER BY 2`) : [];
    return {
      defaultNamespace: namespace,
      namespaces: names.map((row) => row.nspname),
      relations: await rows(connection, relations(scope)),
      attributes: await rows(connection, attributes(scope, version)),
      constraints: await rows(connection, constraints(scope, version)),
      indexes: await rows(connection, indexes(scope, version)),
      enums: there.enums ? await rows(connection, enums(scope)) : [],
      sequences: there.sequences ? await rows(connection, sequences(scope)) : [],
      ...(await readSections(connection, sections, scope, version)),
      others: whole && there.others ? await rows(connection, others(scope)) : [],
    };
  });
}

/** What of a catalog says how objects and parts of tables are written. */
export type ObjectCatalog = Pick<
  Catalog,
  "relations" | "sequences" | "objects" | "dependencies" | "defaultNamespace"
>;

/** Reads what is written in the server's own words, and no more of tables than how they are parted. */
export async function readObjects(connection: Connection): Promise<ObjectCatalog> {
  return reading(connection, async ({ version, namespace, sections, there }) => ({
    defaultNamespace: namespace,
    relations: await rows(connection, relations("user")),
    sequences: there.sequences ? await rows(connection, sequences("user")) : [],
    ...(await readSections(connection, sections, "user", version)),
  }));
}

/** What was made in a transaction that is taken back, and with it the setting that reading wants. */
const forAWhile =
  "SELECT current_setting('server_version_num')::int AS version, set_config('jit', 'off', true)";

/** What of the temporary tables of a session is read. */
export interface TemporaryParts {
  readonly constraints: boolean;
  readonly indexes: boolean;
}

/** Reads the temporary tables of the session, inside a transaction that is taken back. */
export async function readTemporary(connection: Connection, parts: TemporaryParts): Promise<Catalog> {
  const scope = "temporary";
  const [server] = await rows<{ version: number; namespace: string | null }>(
    connection,
    `${forAWhile}, (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()) AS namespace`,
  );
  const version = server?.version ?? 0;
  return {
    defaultNamespace: server?.namespace ?? "public",
    namespaces: [],
    relations: await rows(connection, relations(scope)),
    attributes: await rows(connection, attributes(scope, version)),
    constraints: parts.constraints ? await rows(connection, constraints(scope, version)) : [],
    indexes: parts.indexes ? await rows(connection, indexes(scope, version)) : [],
    enums: [],
    sequences: [],
    objects: [],
    dependencies: [],
    others: [],
  };
}

/** Reads the objects of these kinds, and how tables are parted, of some schemas, inside a transaction that is taken back. */
export async function readNamespaces(
  connection: Connection,
  names: readonly string[],
  kinds: ReadonlySet<ObjectKind>,
  parted: boolean,
): Promise<ObjectCatalog> {
  const [server] = await rows<{ version: number; namespace: string | null }>(
    connection,
    `${forAWhile}, current_schema() AS namespace`,
  );
  return {
    defaultNamespace: server?.namespace ?? "public",
    relations: parted ? await rows(connection, relations(names)) : [],
    sequences: [],
    ...(await readSections(connection, sectionsOf(kinds), names, server?.version ?? 0)),
  };
}
