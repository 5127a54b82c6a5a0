import { createWriteStream, existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Connection, DesignDialect } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { describe, type Operation } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import { emptySchema, findTable, type Schema, sameTable, type Table, tableLabel } from "../schema/index.ts";
import { uuid7 } from "../util/uuid7.ts";
import type { Context } from "./context.ts";
import { withLock } from "./lock.ts";
import type { DoomedTableDocument, UninstallDocument, UninstallOptions } from "./module-documents.ts";
import { dependentsOf, type ModuleSituation, modulesOf, situation, tablesOf } from "./modules.ts";
import { runPlan } from "./run-plan.ts";
import { runSettings } from "./run-settings.ts";
import { callHook } from "./settle-modules.ts";
import { quoteTable } from "./statements.ts";

/** What goes with a module, or with several. */
interface Farewell {
  /** In the order in which they go. */
  readonly modules: readonly string[];
  readonly tables: readonly Table[];
  readonly operations: readonly Operation[];
  readonly left: readonly string[];
  /** The heads of the database afterwards. */
  readonly to: readonly string[];
  /** Revisions that are no longer applied. */
  readonly gone: readonly string[];
}

/**
 * `module uninstall`: drops the tables of a module, and nothing else. Throws `MODULE.REFERENCED` where others need it,
 * whether by their definition, by a foreign key in the database or by their history, unless they go as well.
 */
export function uninstallModule(
  context: Context,
  name: string,
  options: UninstallOptions,
): Promise<UninstallDocument> {
  return context.withConnection("module uninstall", (connection) => {
    const work = () => uninstallOn(context, connection, name, options);
    if (options.plan === true) return work();
    return withLock(context, connection, { limit: runSettings(context).waitTimeout, across: true }, work);
  });
}

async function uninstallOn(
  context: Context,
  connection: Connection,
  name: string,
  options: UninstallOptions,
): Promise<UninstallDocument> {
  const now = await situation(context, connection);
  await now.history.loadAll([...now.applied]);
  const design = await context.design();
  const farewell = decide(context, now, name.toLowerCase(), options.cascade ?? false, design);
  const steps = plan(farewell.operations, now.database, design);
  const document = {
    modules: farewell.modules,
    tables: await counted(context, connection, farewell),
    operations: farewell.operations.map(describe),
    statements: steps.steps.flatMap((step) => (step.kind === "statement" ? [step.sql] : [])),
    left: farewell.left,
    from: now.heads,
    to: farewell.to,
  };
  if (options.plan === true) return { ...document, done: false, dumped: [] };
  if (connection.inTransaction) await connection.commit();
  const dumped = options.dump === undefined ? [] : await dump(context, connection, farewell, options.dump);
  await carryOut(context, connection, farewell, design);
  return { ...document, done: true, dumped };
}

function decide(
  context: Context,
  now: ModuleSituation,
  name: string,
  cascade: boolean,
  design: DesignDialect,
): Farewell {
  const known = modulesOf(context).some((module) => module.name === name);
  if (!known && !now.states.has(name))
    throw new AthanorError("MODULE.NOT_FOUND", { name, known: modulesOf(context).map((each) => each.name) });
  const dependents = dependentsOf(context, name).filter((other) => isThere(context, now, other));
  if (!isThere(context, now, name)) throw new AthanorError("MODULE.NOT_INSTALLED", { name });
  const modules = cascade ? [...dependents.toReversed(), name] : [name];
  const tables = modules.flatMap((module) => tablesOf(context, now.database, module));
  const references = referencesInto(now.database, tables);
  const { to, gone, blocking } = headsWithout(now, modules);
  const needing = new Set(cascade ? [] : dependents);
  for (const { table } of references) needing.add(ownerLabel(context, now, table));
  for (const revision of blocking) needing.add(now.history.ownerOf(revision) ?? "the host's history");
  if (needing.size > 0) {
    throw new AthanorError("MODULE.REFERENCED", {
      module: name,
      dependents: [...needing],
      references: references.map(({ label }) => label),
    });
  }
  const namespaces = modules.filter((module) => now.database.namespaces.includes(module));
  const empty = namespaces.filter((namespace) => isEmptyWithout(now.database, namespace, tables));
  const left = namespaces
    .filter((namespace) => !empty.includes(namespace))
    .map((namespace) => `schema ${namespace}: it holds what no migration of the module made`);
  const operations = diff({ ...emptySchema, tables, namespaces: empty }, emptySchema, design.rules);
  return { modules, tables, operations, left, to, gone };
}

/** Whether the database has anything of a module. */
function isThere(context: Context, now: ModuleSituation, name: string): boolean {
  const state = now.states.get(name);
  if (state?.state === "uninstalled") return false;
  if (state !== undefined || tablesOf(context, now.database, name).length > 0) return true;
  return [...now.history.branch(name)].some((id) => now.applied.has(id));
}

/** Foreign keys of other tables into those that go. */
function referencesInto(
  database: Schema,
  tables: readonly Table[],
): readonly { readonly table: Table; readonly label: string }[] {
  const goes = (ref: Table | Table["foreignKeys"][number]["references"]): boolean =>
    tables.some((table) => sameTable(table, ref));
  return database.tables
    .filter((table) => !goes(table))
    .flatMap((table) =>
      table.foreignKeys
        .filter((key) => goes(key.references))
        .map((key) => ({
          table,
          label: `${tableLabel(table)}.${key.columns.join("+")} refers to ${tableLabel(key.references)}`,
        })),
    );
}

function ownerLabel(context: Context, now: ModuleSituation, table: Table): string {
  const owner = modulesOf(context).find(({ name }) =>
    tablesOf(context, now.database, name).some((each) => sameTable(each, table)),
  );
  return owner?.name ?? `the host's table ${tableLabel(table)}`;
}

/** The version table's rows once modules are gone, and revisions of others that could not stay without them. */
function headsWithout(
  { history, heads, applied, states }: ModuleSituation,
  modules: readonly string[],
): {
  readonly to: readonly string[];
  readonly gone: readonly string[];
  readonly blocking: readonly string[];
} {
  const gone = new Set(
    modules.flatMap((module) => [...history.branch(module)]).filter((id) => applied.has(id)),
  );
  const kept = [...applied].filter((id) => !gone.has(id));
  const blocking = kept.filter((id) => {
    const { downRevisions } = history.file(id);
    return [...downRevisions, ...history.graph.dependencies(id)].some((other) => gone.has(other));
  });
  const needed = new Set(
    kept.flatMap((id) => [...history.file(id).downRevisions, ...history.graph.dependencies(id)]),
  );
  // Of a module whose files are gone, the database itself says which revisions were its.
  const orphaned = modules.flatMap((name) => states.get(name)?.revisions ?? []);
  for (const id of orphaned) if (!history.has(id)) gone.add(id);
  const unknown = heads.filter((head) => !history.has(head) && !gone.has(head));
  return { to: [...kept.filter((id) => !needed.has(id)), ...unknown], gone: [...gone], blocking };
}

function isEmptyWithout(database: Schema, namespace: string, tables: readonly Table[]): boolean {
  const stays = <T extends { readonly schema: string | null }>(list: readonly T[]): boolean =>
    list.some((each) => each.schema === namespace);
  const others = database.tables.filter(
    (table) => findTable({ ...emptySchema, tables }, table) === undefined,
  );
  return !stays(others) && !stays(database.objects) && !stays(database.unmanaged);
}

async function counted(
  context: Context,
  connection: Connection,
  { modules, tables }: Farewell,
): Promise<readonly DoomedTableDocument[]> {
  const documents: DoomedTableDocument[] = [];
  for (const table of tables) {
    const { rows } = await connection.query(`SELECT COUNT(*) FROM ${quoteTable(context.dialect, table)}`);
    const owner = modules.find((module) =>
      tablesOf(context, { ...emptySchema, tables: [table] }, module).some(Boolean),
    );
    documents.push({ module: owner ?? "", table: tableLabel(table), rows: Number(rows[0]?.[0] ?? 0) });
  }
  return documents;
}

/**
 * The rows of each table, one JSON object a line, however many there are. A file that is there is never written over.
 * Throws `MODULE.DUMP`, before anything is dropped.
 */
async function dump(
  context: Context,
  connection: Connection,
  { tables }: Farewell,
  folder: string,
): Promise<readonly string[]> {
  const files = tables.map((table) => join(folder, `${tableLabel(table)}.jsonl`));
  for (const file of files)
    if (existsSync(file)) throw new AthanorError("MODULE.DUMP", { file, reason: "it is there already" });
  for (const [at, file] of files.entries()) {
    try {
      await mkdir(folder, { recursive: true });
      await dumpTable(context, connection, tables[at]!, file);
    } catch (cause) {
      if (isAthanorError(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AthanorError("MODULE.DUMP", { file, reason }, { cause });
    }
  }
  return files;
}

async function dumpTable(
  { dialect }: Context,
  connection: Connection,
  table: Table,
  file: string,
): Promise<void> {
  const columns = table.columns.map((column) => dialect.query.quote(column.name)).join(", ");
  const out = createWriteStream(file, { flags: "wx", flush: true });
  const lines = async function* (): AsyncGenerator<string> {
    for await (const row of connection.stream(`SELECT ${columns} FROM ${quoteTable(dialect, table)}`)) {
      const object = Object.fromEntries(table.columns.map(({ name }, at) => [name, plain(row[at])]));
      yield `${JSON.stringify(object)}\n`;
    }
  };
  await pipeline(lines(), out);
}

/** What JSON has no form for, as text. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value;
}

/** Drops what goes and writes it down, in one transaction where the database has those for DDL; under the lock. */
async function carryOut(
  context: Context,
  connection: Connection,
  farewell: Farewell,
  design: DesignDialect,
): Promise<void> {
  for (const name of farewell.modules) {
    const module = modulesOf(context).find((each) => each.name === name);
    if (module?.hooks?.uninstall === undefined) continue;
    await within(connection, () => callHook(context, connection, module, "uninstall"));
  }
  const steps = plan(farewell.operations, await design.inspector.inspect(connection), design);
  const atEnd = (): Promise<void> => writeDown(context, connection, farewell);
  if (context.dialect.capabilities.transactionalDdl) return runPlan(steps, connection, { atEnd });
  await runPlan(steps, connection);
  await within(connection, atEnd);
}

async function within(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.begin({ immediate: true });
  try {
    await work();
    await connection.commit();
  } finally {
    if (connection.inTransaction) await connection.rollback();
  }
}

/** What is no longer applied, and that it is so on purpose. */
async function writeDown(context: Context, connection: Connection, farewell: Farewell): Promise<void> {
  const { store, modules: states } = context;
  await store.create(connection, await store.missing(connection));
  await store.move(connection, await store.heads(connection), farewell.to);
  const startedAt = context.now();
  const runId = uuid7(startedAt.getTime());
  for (const revision of farewell.gone.toReversed()) {
    const entry = { runId, revision, direction: "downgrade" as const, checksum: null, startedAt };
    const outcome = { finishedAt: context.now(), statementIndex: null, statementCount: 0 };
    await store.append(connection, entry, { status: "done", ...outcome });
  }
  for (const name of farewell.modules) {
    const version = modulesOf(context).find((each) => each.name === name)?.version ?? null;
    const state = { state: "uninstalled" as const, revisions: [], needs: [], changedAt: startedAt };
    await states.write(connection, { name, version, ...state });
  }
}
