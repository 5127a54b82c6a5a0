import type { Dialect } from "../dialect/index.ts";
import { dialectFor } from "../dialect/registry.ts";
import { AthanorError } from "../errors/index.ts";
import { current, list, listBranches, listHeads, listHistory, show, status, validate } from "./ask.ts";
import { Context } from "./context.ts";
import type { ApplyDocument, Direction } from "./documents.ts";
import type { Environment } from "./environment-api.ts";
import type { EnvironmentOptions, RunOptions } from "./options.ts";

/**
 * Opens a project's history together with a database. Nothing connects before it is needed. Throws
 * `DATABASE.UNKNOWN_SCHEME`, and `MIGRATE.NO_DATABASE` where neither a URL nor a dialect is given.
 */
export async function openEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const dialect = options.dialect ?? (await dialectOf(options.url));
  const context = new Context(options, dialect);
  /** Which modules are laid aside in the database is known before anything else is done. */
  const ready = async <T>(work: () => Promise<T>): Promise<T> => {
    await context.readStates();
    return work();
  };
  const run = (direction: Direction, target: string, how: RunOptions): Promise<ApplyDocument> =>
    ready(async () => {
      const document = await (await import("./run.ts")).runMigrations(context, direction, target, how);
      await (await import("./settle-modules.ts")).settleModules(context);
      return document;
    });
  // What each needs is loaded when it is called: who only asks where a database stands compares nothing.
  return {
    get dialect() {
      return context.dialect;
    },
    status: () => ready(() => status(context)),
    current: () => ready(() => current(context)),
    history: (how = {}) => ready(() => listHistory(context, how)),
    heads: (how = {}) => ready(() => listHeads(context, how)),
    branches: () => ready(() => listBranches(context)),
    list: (only) => ready(() => list(context, only)),
    show: (identifier) => ready(() => show(context, identifier)),
    planUpgrade: (target = "heads") =>
      ready(async () => (await import("./plan-document.ts")).planDocument(context, "upgrade", target)),
    planDowngrade: (target = "-1") =>
      ready(async () => (await import("./plan-document.ts")).planDocument(context, "downgrade", target)),
    upgrade: (target = "heads", how = {}) => run("upgrade", target, how),
    downgrade: (target = "-1", how = {}) => run("downgrade", target, how),
    upgradeSql: (how) =>
      ready(async () => (await import("./offline.ts")).offlineSql(context, "upgrade", how)),
    downgradeSql: (how) =>
      ready(async () => (await import("./offline.ts")).offlineSql(context, "downgrade", how)),
    stampSql: (range) => ready(async () => (await import("./offline-stamp.ts")).offlineStamp(context, range)),
    stamp: (targets, how = {}) =>
      ready(async () =>
        (await import("./stamp.ts")).stamp(context, typeof targets === "string" ? [targets] : targets, how),
      ),
    check: (how = {}) => ready(async () => (await import("./check.ts")).check(context, how)),
    validate: () => ready(() => validate(context)),
    lint: (how = {}) => ready(async () => (await import("./lint.ts")).lintHistory(context, how)),
    conflicts: (identifiers = []) =>
      ready(async () => (await import("./lint.ts")).listConflicts(context, identifiers)),
    fresh: (how = {}) => ready(async () => (await import("./fresh.ts")).fresh(context, how)),
    squash: (range, how = {}) => ready(async () => (await import("./squash.ts")).squash(context, range, how)),
    rebase: (how) => ready(async () => (await import("./rebase.ts")).rebase(context, how)),
    verify: (how = {}) => ready(async () => (await import("./verify.ts")).verify(context, how)),
    inspect: (how = {}) => ready(async () => (await import("./inspect.ts")).inspect(context, how)),
    pull: (how = {}) => ready(async () => (await import("./pull.ts")).pull(context, how)),
    diff: (how = {}) => ready(async () => (await import("./diff.ts")).diffSources(context, how)),
    makeMigrations: (how = {}) => ready(async () => (await import("./make.ts")).makeMigrations(context, how)),
    merge: (identifiers, how = {}) =>
      ready(async () => (await import("./merge.ts")).merge(context, identifiers, how)),
    diagnose: () => ready(async () => (await import("./diagnose.ts")).diagnose(context)),
    modules: async () => (await import("./modules.ts")).listModules(context),
    addModule: async (name) => (await import("./modules.ts")).addModule(context, name),
    disableModule: async (name) => (await import("./modules.ts")).disableModule(context, name),
    uninstallModule: async (name, how = {}) =>
      (await import("./uninstall.ts")).uninstallModule(context, name, how),
    close: () => context.close(),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function dialectOf(url: string | null): Promise<Dialect> {
  if (url === null) throw new AthanorError("MIGRATE.NO_DATABASE", { command: "athanor" });
  return dialectFor(url);
}
