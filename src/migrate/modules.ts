import type { Connection } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { inspectDatabase } from "../inspect/index.ts";
import { type Schema, sameTable, type Table, tableLabel } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { ApplyDocument } from "./documents.ts";
import type { History } from "./history.ts";
import { type ModuleBranch, Owners } from "./module-branch.ts";
import type { ModuleDocument, ModulesDocument } from "./module-documents.ts";
import type { ModuleState } from "./module-store.ts";
import { runMigrations } from "./run.ts";
import { installed, inTransaction, settleModules } from "./settle-modules.ts";

/** Everything that modules are judged by, read once. */
export interface ModuleSituation {
  readonly history: History;
  readonly heads: readonly string[];
  readonly applied: ReadonlySet<string>;
  readonly states: ReadonlyMap<string, ModuleState>;
  readonly database: Schema;
}

/** Reads where the database stands. */
export async function situation(context: Context, connection: Connection): Promise<ModuleSituation> {
  context.states = await context.modules.read(connection);
  const history = await context.history();
  const heads = await context.store.heads(connection);
  return {
    history,
    heads,
    applied: new Set(history.applied(heads)),
    states: new Map(context.states.map((state) => [state.name, state])),
    database: await inspectDatabase(context.dialect, connection),
  };
}

/** The modules of the project. */
export function modulesOf(context: Context): readonly ModuleBranch[] {
  return context.options.modules ?? [];
}

/** The module of that name. Throws `MODULE.NOT_FOUND`. */
export function moduleNamed(context: Context, name: string): ModuleBranch {
  const modules = modulesOf(context);
  const found = modules.find((module) => module.name === name.toLowerCase());
  if (found !== undefined) return found;
  throw new AthanorError("MODULE.NOT_FOUND", { name, known: modules.map((module) => module.name) });
}

/** The tables of the database that are a module's, the record of migrations aside. */
export function tablesOf(context: Context, database: Schema, name: string): readonly Table[] {
  const { placement, store, modules } = context;
  const own = [store.version, store.log, modules.table];
  const known = modulesOf(context);
  const owners = new Owners(
    known.some((module) => module.name === name)
      ? known
      : [...known, { name, version: null, dependsOn: [], folder: "" }],
  );
  return database.tables.filter((table) => {
    if (own.some((each) => sameTable(each, table))) return false;
    const logical = placement.logical(table);
    const there = placement.refs({ schema: name, name: "x" });
    if (owners.ofTable(logical) === name) return true;
    // Names that no file or model has said yet are told by the prefix that the database has in place of a schema.
    const prefixed = there.schema === null && sameTable(logical, table);
    return (
      prefixed &&
      table.schema === null &&
      table.name.startsWith(`${name}_`) &&
      isLongest(table.name, name, known)
    );
  });
}

function isLongest(table: string, name: string, modules: readonly ModuleBranch[]): boolean {
  return !modules.some((other) => other.name.length > name.length && table.startsWith(`${other.name}_`));
}

/** `module list` */
export function listModules(context: Context): Promise<ModulesDocument> {
  return context.withConnection("module list", async (connection) => {
    const now = await situation(context, connection);
    await now.history.loadAll([...now.applied]);
    const modules = modulesOf(context);
    const orphaned = [...now.states.values()].filter(
      ({ name, state }) => state !== "uninstalled" && !modules.some((module) => module.name === name),
    );
    return {
      modules: [
        ...modules.map((module) => describeModule(context, now, module)),
        ...orphaned.map((state) => describeOrphan(context, now, state)),
      ],
    };
  });
}

function describeModule(context: Context, now: ModuleSituation, module: ModuleBranch): ModuleDocument {
  const branch = [...now.history.branch(module.name)];
  const applied = branch.filter((id) => now.applied.has(id)).length;
  const known = now.states.get(module.name);
  const state =
    known !== undefined && known.state !== "installed"
      ? known.state
      : applied === 0 && known === undefined
        ? "available"
        : applied < branch.length
          ? "pending"
          : "installed";
  return {
    name: module.name,
    version: module.version,
    installedVersion: known?.state === "uninstalled" ? null : (known?.version ?? null),
    state,
    dependsOn: module.dependsOn,
    dependents: modulesOf(context)
      .filter((other) => other.dependsOn.includes(module.name))
      .map((other) => other.name),
    revisions: { applied, pending: branch.length - applied },
    tables: tablesOf(context, now.database, module.name).map(tableLabel),
  };
}

function describeOrphan(context: Context, now: ModuleSituation, state: ModuleState): ModuleDocument {
  return {
    name: state.name,
    version: null,
    installedVersion: state.version,
    state: "orphaned",
    dependsOn: [],
    dependents: [],
    revisions: { applied: 0, pending: 0 },
    tables: tablesOf(context, now.database, state.name).map(tableLabel),
  };
}

/**
 * `module add`, `module upgrade`: applies the migrations of a module and of those it depends on, takes up again what was
 * laid aside, and calls the module's hooks.
 */
export async function addModule(context: Context, name: string): Promise<ApplyDocument> {
  const module = moduleNamed(context, name);
  await context.withConnection("module add", async (connection) => {
    context.states = await context.modules.read(connection);
    for (const each of [...dependenciesOf(context, module), module]) {
      const known = context.states.find((one) => one.name === each.name);
      const before = known?.state ?? "installed";
      const state = "installed";
      if (before === "installed") continue;
      if (each !== module && before === "disabled") {
        throw new AthanorError("MODULE.INACTIVE_DEPENDENCY", { module: module.name, other: each.name });
      }
      await inTransaction(context, connection, async () => {
        if (before === "uninstalled") await context.modules.remove(connection, each.name);
        else await context.modules.write(connection, { ...known!, state, changedAt: context.now() });
      });
    }
    context.states = await context.modules.read(connection);
  });
  const documents: ApplyDocument[] = [];
  for (const each of [...dependenciesOf(context, module), module]) {
    const heads = (await context.history()).headsOf(each.name);
    const [head, ...more] = heads;
    if (more.length > 0) throw new AthanorError("MIGRATE.SEVERAL_HEADS", { heads });
    if (head === undefined) await noteWithoutMigrations(context, each);
    else documents.push(await runMigrations(context, "upgrade", head, {}));
  }
  await settleModules(context);
  return {
    direction: "upgrade",
    target: module.name,
    from: documents[0]?.from ?? [],
    to: documents.at(-1)?.to ?? [],
    steps: documents.flatMap(({ steps }) => steps),
    problems: documents.flatMap(({ problems }) => problems),
  };
}

/** A module without migrations is there as soon as somebody says so. */
async function noteWithoutMigrations(context: Context, module: ModuleBranch): Promise<void> {
  const history = await context.history();
  await context.withConnection("module add", (connection) =>
    inTransaction(context, connection, () =>
      context.modules.write(connection, installed(context, module, history, [])),
    ),
  );
}

/** What a module needs, whatever these need first. */
function dependenciesOf(context: Context, module: ModuleBranch): readonly ModuleBranch[] {
  const needed = new Set<string>();
  const visit = (each: ModuleBranch): void => {
    for (const other of modulesOf(context)) {
      if (!each.dependsOn.includes(other.name) || needed.has(other.name)) continue;
      needed.add(other.name);
      visit(other);
    }
  };
  visit(module);
  return modulesOf(context).filter(({ name }) => needed.has(name));
}

/** The modules that need one, in the order of the project: each after those it needs itself. */
export function dependentsOf(context: Context, name: string): readonly string[] {
  const found = new Set<string>([name]);
  for (const module of modulesOf(context)) {
    if (module.dependsOn.some((other) => found.has(other))) found.add(module.name);
  }
  found.delete(name);
  return [...found];
}

/** `module disable`: its tables and rows stay; nothing more is applied or proposed for it. */
export function disableModule(context: Context, name: string): Promise<ModuleDocument> {
  const module = moduleNamed(context, name);
  return context.withConnection("module disable", async (connection) => {
    const now = await situation(context, connection);
    const isActive = (other: string): boolean =>
      (now.states.get(other)?.state ?? "installed") === "installed" &&
      [...now.history.branch(other)].some((id) => now.applied.has(id));
    const dependents = dependentsOf(context, module.name).filter(isActive);
    if (dependents.length > 0)
      throw new AthanorError("MODULE.REFERENCED", { module: module.name, dependents, references: [] });
    const revisions = [...now.history.branch(module.name)].filter((id) => now.applied.has(id));
    if (revisions.length === 0 && !now.states.has(module.name))
      throw new AthanorError("MODULE.NOT_INSTALLED", { name: module.name });
    await inTransaction(context, connection, () =>
      context.modules.write(connection, {
        ...installed(context, module, now.history, revisions),
        version: now.states.get(module.name)?.version ?? module.version,
        state: "disabled",
      }),
    );
    return describeModule(context, await situation(context, connection), module);
  });
}
