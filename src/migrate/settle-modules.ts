import type { Connection } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Context } from "./context.ts";
import type { History } from "./history.ts";
import { withLock } from "./lock.ts";
import type { ModuleBranch, ModuleConnection } from "./module-branch.ts";
import type { ModuleState } from "./module-store.ts";
import { runSettings } from "./run-settings.ts";
import { quoteTable } from "./statements.ts";
import { stepConnection } from "./step-connection.ts";

/** A hook, with what it is about. */
type Hook = "install" | "upgrade" | "uninstall";

/**
 * After a run: notes which modules the database has by now, and calls the hooks of those that are new to it or newer than
 * before. Runs nothing for a project without modules.
 */
export async function settleModules(context: Context): Promise<void> {
  const modules = context.options.modules ?? [];
  if (modules.length === 0) return;
  await context.withConnection("module", async (connection) => {
    const history = await context.history();
    const applied = new Set(history.applied(await context.store.heads(connection)));
    const states = new Map(context.states.map((state) => [state.name, state]));
    for (const module of modules) await settle(context, connection, history, { module, applied, states });
    context.states = await context.modules.read(connection);
  });
}

interface Settling {
  readonly module: ModuleBranch;
  readonly applied: ReadonlySet<string>;
  readonly states: ReadonlyMap<string, ModuleState>;
}

async function settle(
  context: Context,
  connection: Connection,
  history: History,
  { module, applied, states }: Settling,
): Promise<void> {
  const { name, version, renamedFrom } = module;
  const known = states.get(name);
  const former = renamedFrom == null ? undefined : states.get(renamedFrom);
  const branch = [...history.branch(name)];
  const isThere = branch.some((id) => applied.has(id));
  if (known !== undefined && known.state !== "installed") return;
  if (!isThere) {
    const gone = known !== undefined && branch.length > 0;
    if (gone) await inTransaction(context, connection, () => context.modules.remove(connection, name));
    return;
  }
  const whole = branch.every((id) => applied.has(id));
  const own = branch.filter((id) => applied.has(id));
  const same = known !== undefined && String(known.revisions) === String(own);
  if (same && (known.version === version || !whole)) return;
  const isNewer = whole && (known === undefined || known.version !== version);
  await inTransaction(context, connection, async () => {
    const before = known ?? former;
    if (before === undefined) await callHook(context, connection, module, "install");
    else if (isNewer) await callHook(context, connection, module, "upgrade", before.version);
    const row = installed(context, module, history, own);
    await context.modules.write(connection, isNewer ? row : { ...row, version: before?.version ?? version });
    if (former !== undefined) await context.modules.remove(connection, former.name);
  });
}

/** The row of a module that is there. */
export function installed(
  context: Context,
  { name, version }: ModuleBranch,
  history: History,
  revisions: readonly string[],
): ModuleState {
  const needs = revisions
    .flatMap((id) => [...history.file(id).downRevisions, ...history.graph.dependencies(id)])
    .filter((id) => !revisions.includes(id));
  const changedAt = context.now();
  return { name, version, state: "installed", revisions, needs: [...new Set(needs)], changedAt };
}

/** Works in a transaction, under the lock of migrations. */
export async function inTransaction(
  context: Context,
  connection: Connection,
  work: () => Promise<void>,
): Promise<void> {
  await withLock(context, connection, { limit: runSettings(context).waitTimeout }, async () => {
    if (!connection.inTransaction) await connection.begin();
    try {
      await work();
      if (connection.inTransaction) await connection.commit();
    } catch (error) {
      if (connection.inTransaction) await connection.rollback();
      throw error;
    }
  });
}

/** Calls what a module does beyond its migrations. Throws `MODULE.HOOK`. */
export async function callHook(
  context: Context,
  connection: Connection,
  module: ModuleBranch,
  hook: Hook,
  from: string | null = null,
): Promise<void> {
  const work = module.hooks?.[hook];
  if (work === undefined) return;
  const { dialect, placement } = context;
  const table = (name: string): string => {
    const ref = { schema: module.name, name };
    const own = module.prefix === true ? { schema: null, name: `${module.name}_${name}` } : ref;
    return quoteTable(dialect, placement.refs(own));
  };
  const db: ModuleConnection = { ...bound(stepConnection(dialect, connection)), table };
  try {
    await work(db, from);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AthanorError("MODULE.HOOK", { module: module.name, hook, reason }, { cause: error });
  }
}

function bound(db: ReturnType<typeof stepConnection>): Omit<ModuleConnection, "table"> {
  return { execute: (sql, params) => db.execute(sql, params), query: (sql, params) => db.query(sql, params) };
}
