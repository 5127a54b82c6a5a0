import type { ConnectionSource, Dialect } from "../dialect/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { maskUrl } from "../util/mask-url.ts";
import { openEnvironment } from "./environment.ts";
import type { EnvironmentOptions, RunOptions } from "./options.ts";

/** One of many databases, or one of many schemas of a database, that the same migrations are for. */
export interface FleetTarget {
  /** How people know it; no two have the same. */
  readonly name: string;
  /** Its database; default the configured one. */
  readonly url?: string;
  /** Its schema there; where a database has no schemas, the name of its database on the configured server. */
  readonly schema?: string;
}

/** How a fleet is migrated. */
export interface FleetOptions {
  readonly targets: readonly FleetTarget[];
  /** How far; default `heads`. */
  readonly to?: string;
  /** So many at once; default 4. */
  readonly concurrency?: number;
  /** So many first, one after the other: where one of them fails, the others are left alone. Default 1. */
  readonly canary?: number;
  /** Nothing more is begun after so many have failed. Default: all are tried. */
  readonly maxFailures?: number;
  /** Make schemas that are missing. Default false. */
  readonly create?: boolean;
  readonly run?: RunOptions;
  /** Hears of each target when it is over. */
  readonly onResult?: (result: FleetResult, done: number, total: number) => void | Promise<void>;
}

/** What became of one target. */
export interface FleetResult {
  readonly name: string;
  /** `skipped` was never begun. */
  readonly state: "migrated" | "unchanged" | "failed" | "skipped";
  /** The revisions that were applied. */
  readonly revisions: readonly string[];
  readonly milliseconds: number;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

/** `migrate --targets` */
export interface FleetDocument {
  readonly ok: boolean;
  readonly total: number;
  readonly migrated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly skipped: number;
  readonly milliseconds: number;
  /** In the order of the targets. */
  readonly results: readonly FleetResult[];
}

/**
 * Applies the same migrations to many databases or schemas: a canary first, then several at once. One that fails stops
 * no other, unless it is a canary. Throws `FLEET.…` for targets that cannot be told apart, before anything is done.
 */
export async function migrateFleet(base: EnvironmentOptions, options: FleetOptions): Promise<FleetDocument> {
  const { targets, concurrency = 4, canary = 1, maxFailures = Number.POSITIVE_INFINITY } = options;
  refuseTwins(targets);
  await using servers = new Servers();
  const started = performance.now();
  const results = new Map<string, FleetResult>();
  let failures = 0;
  const take = async (target: FleetTarget): Promise<void> => {
    const result = await migrateOne(base, target, servers, options);
    if (result.state === "failed") failures += 1;
    results.set(target.name, result);
    await options.onResult?.(result, results.size, targets.length);
  };
  for (const target of targets.slice(0, canary)) if (failures === 0) await take(target);
  const rest = failures > 0 ? [] : targets.slice(canary);
  const next = rest.values();
  const work = async (): Promise<void> => {
    for (const target of next) {
      if (failures >= maxFailures) return;
      await take(target);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work));
  return summary(
    targets.map(({ name }) => results.get(name) ?? skipped(name)),
    performance.now() - started,
  );
}

function skipped(name: string): FleetResult {
  return { name, state: "skipped", revisions: [], milliseconds: 0, error: null };
}

function summary(results: readonly FleetResult[], milliseconds: number): FleetDocument {
  const count = (state: FleetResult["state"]): number =>
    results.filter((each) => each.state === state).length;
  const [failed, left] = [count("failed"), count("skipped")];
  return {
    ok: failed + left === 0,
    total: results.length,
    migrated: count("migrated"),
    unchanged: count("unchanged"),
    failed,
    skipped: left,
    milliseconds: Math.round(milliseconds),
    results,
  };
}

function refuseTwins(targets: readonly FleetTarget[]): void {
  const names = new Set<string>();
  for (const { name } of targets) {
    if (names.has(name)) throw new AthanorError("FLEET.SAME_NAME", { name });
    names.add(name);
  }
}

async function migrateOne(
  base: EnvironmentOptions,
  target: FleetTarget,
  servers: Servers,
  { to = "heads", run = {}, create = false }: FleetOptions,
): Promise<FleetResult> {
  const started = performance.now();
  const over = (state: FleetResult["state"], rest: Partial<FleetResult> = {}): FleetResult => {
    const milliseconds = Math.round(performance.now() - started);
    return { name: target.name, state, revisions: [], milliseconds, error: null, ...rest };
  };
  try {
    const options = await optionsOf(base, target, servers, create);
    await using environment = await openEnvironment(options);
    const { steps } = await environment.upgrade(to, run);
    const revisions = steps.map(({ revision }) => revision);
    return over(revisions.length === 0 ? "unchanged" : "migrated", { revisions });
  } catch (error) {
    if (!isAthanorError(error)) throw error;
    const { code, message, remedy } = error;
    return over("failed", { error: { code, message: maskUrl(message), remedy } });
  }
}

async function optionsOf(
  base: EnvironmentOptions,
  { url = base.url ?? undefined, schema }: FleetTarget,
  servers: Servers,
  create: boolean,
): Promise<EnvironmentOptions> {
  if (url === undefined) throw new AthanorError("MIGRATE.NO_DATABASE", { command: "migrate --targets" });
  const { dialectFor } = await import("../dialect/registry.ts");
  const dialect = await dialectFor(url);
  const common = { ...base, connect: { ...base.connect, poolSize: 1 } };
  if (schema === undefined) return { ...common, dialect, url };
  if (!dialect.capabilities.namespaces) return { ...common, dialect, url: inDatabase(url, schema) };
  await servers.demandSchema(dialect, url, schema, create);
  return { ...common, dialect: lookingAt(dialect), url: inSchema(url, schema), lockName: schema };
}

/** The URL of a database beside another on its server. */
function inDatabase(url: string, name: string): string {
  const there = new URL(url);
  there.pathname = `/${encodeURIComponent(name)}`;
  return there.href;
}

function inSchema(url: string, schema: string): string {
  const there = new URL(url);
  there.searchParams.delete("search_path");
  there.searchParams.set("schema", schema);
  return there.href;
}

/** A dialect that looks into one schema alone: thousands of others would be read with it each time. */
function lookingAt(dialect: Dialect): Dialect {
  const { serverDialect } = dialect;
  return {
    ...dialect,
    design: async () => {
      const design = await dialect.design();
      const { inspector } = design;
      return {
        ...design,
        inspector: {
          inspect: (connection, options) => inspector.inspect(connection, { ...options, alone: true }),
        },
      };
    },
    ...(serverDialect === undefined
      ? {}
      : { serverDialect: async (connection) => lookingAt(await serverDialect(connection)) }),
  };
}

/** The schemas of the servers that targets are on, over one connection to each. */
class Servers implements AsyncDisposable {
  readonly #sources = new Map<string, Promise<ConnectionSource>>();

  /**
   * Without the schema tables would be made in one that happens to come next: it is made, or has to be there. Throws
   * `FLEET.NO_SCHEMA`.
   */
  async demandSchema(dialect: Dialect, url: string, schema: string, create: boolean): Promise<void> {
    const { quote, placeholder } = dialect.query;
    if (create) {
      await this.ask(dialect, url, `CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`);
      return;
    }
    const sql = `SELECT schema_name FROM information_schema.schemata WHERE schema_name = ${placeholder(1)}`;
    const rows = await this.ask(dialect, url, sql, [schema]);
    if (rows.length === 0) throw new AthanorError("FLEET.NO_SCHEMA", { schema });
  }

  async ask(
    dialect: Dialect,
    url: string,
    sql: string,
    params: readonly string[] = [],
  ): Promise<readonly (readonly unknown[])[]> {
    const source = this.#sources.get(url) ?? dialect.open(url, { poolSize: 1 });
    this.#sources.set(url, source);
    const connection = await (await source).acquire();
    try {
      return (await connection.query(sql, params)).rows;
    } finally {
      await connection.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const source of this.#sources.values()) await (await source.catch(() => null))?.close();
  }
}

/** The targets that a query of the configured database answers: a name, and perhaps a URL beside it. */
export async function targetsOfQuery(base: EnvironmentOptions, sql: string): Promise<readonly FleetTarget[]> {
  const { url } = base;
  if (url === null) throw new AthanorError("MIGRATE.NO_DATABASE", { command: "migrate --targets" });
  const { dialectFor } = await import("../dialect/registry.ts");
  await using servers = new Servers();
  const rows = await servers.ask(await dialectFor(url), url, sql);
  return rows.map(([name, address]) =>
    targetOf(
      address === undefined || address === null ? String(name) : { name: String(name), url: String(address) },
    ),
  );
}

/** A target as a list has it: the name of a schema, a URL, or an object. Throws `FLEET.TARGET`. */
export function targetOf(given: unknown): FleetTarget {
  if (typeof given === "string" && given.trim() !== "") {
    const text = given.trim();
    return text.includes("://") ? { name: maskUrl(text), url: text } : { name: text, schema: text };
  }
  if (typeof given === "object" && given !== null) {
    const { name, url, schema } = given as Partial<Record<keyof FleetTarget, unknown>>;
    const known = [name, schema, url].find((each) => typeof each === "string") as string | undefined;
    if (known !== undefined && (url !== undefined || schema !== undefined)) {
      return {
        name: maskUrl(known),
        ...(typeof url === "string" ? { url } : {}),
        ...(typeof schema === "string" ? { schema } : {}),
      };
    }
  }
  throw new AthanorError("FLEET.TARGET", { given: JSON.stringify(given) ?? String(given) });
}
