import type { Dialect } from "../dialect/index.ts";
import { dialectFor } from "../dialect/registry.ts";
import { AthanorError } from "../errors/index.ts";
import { current, list, listBranches, listHeads, listHistory, show, status, validate } from "./ask.ts";
import { check } from "./check.ts";
import { Context } from "./context.ts";
import type { Environment } from "./environment-api.ts";
import { makeMigrations } from "./make.ts";
import { merge } from "./merge.ts";
import { offlineSql } from "./offline.ts";
import type { EnvironmentOptions } from "./options.ts";
import { planDocument } from "./plan-document.ts";
import { runMigrations } from "./run.ts";
import { stamp } from "./stamp.ts";

/**
 * Opens a project's history together with a database. Nothing connects before it is needed. Throws
 * `DATABASE.UNKNOWN_SCHEME`, and `MIGRATE.NO_DATABASE` where neither a URL nor a dialect is given.
 */
export async function openEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const dialect = options.dialect ?? (await dialectOf(options.url));
  const context = new Context(options, dialect);
  return {
    dialect,
    status: () => status(context),
    current: () => current(context),
    history: (how = {}) => listHistory(context, how),
    heads: () => listHeads(context),
    branches: () => listBranches(context),
    list: (only) => list(context, only),
    show: (identifier) => show(context, identifier),
    planUpgrade: (target = "heads") => planDocument(context, "upgrade", target),
    planDowngrade: (target = "-1") => planDocument(context, "downgrade", target),
    upgrade: (target = "heads", how = {}) => runMigrations(context, "upgrade", target, how),
    downgrade: (target = "-1", how = {}) => runMigrations(context, "downgrade", target, how),
    upgradeSql: (how) => offlineSql(context, "upgrade", how),
    downgradeSql: (how) => offlineSql(context, "downgrade", how),
    stamp: (targets, how = {}) => stamp(context, typeof targets === "string" ? [targets] : targets, how),
    check: () => check(context),
    validate: () => validate(context),
    makeMigrations: (how = {}) => makeMigrations(context, how),
    merge: (identifiers, how = {}) => merge(context, identifiers, how),
    close: () => context.close(),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function dialectOf(url: string | null): Promise<Dialect> {
  if (url === null) throw new AthanorError("MIGRATE.NO_DATABASE", { command: "athanor" });
  return dialectFor(url);
}
