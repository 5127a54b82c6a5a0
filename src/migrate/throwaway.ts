import type { Dialect } from "../dialect/index.ts";
import { dialectFor } from "../dialect/registry.ts";
import { withDatabase } from "../dialect/server-url.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { ScriptFile } from "../script/index.ts";
import { maskUrl } from "../util/mask-url.ts";
import { Context } from "./context.ts";
import { History } from "./history.ts";
import type { ThrowawayOptions } from "./options.ts";
import { makeDatabase } from "./throwaway-database.ts";

/** An empty database that nobody else uses. */
export interface Throwaway {
  /** Where it is, as people know it. */
  readonly place: string;
  readonly context: ThrowawayContext;
  /** Ends its connections and drops it. */
  readonly remove: () => Promise<void>;
}

/**
 * Makes an empty database in which the history can be tried: on the server that `on` names (`server` is the configured
 * one), else where the environment says, else in process, where there is one like it. Throws `MIGRATE.NO_THROWAWAY`.
 */
export async function makeThrowaway(home: Context, { on }: ThrowawayOptions): Promise<Throwaway> {
  const named = on === "server" ? home.options.url : (on ?? home.options.shadowUrl ?? null);
  if (named !== null) return named.includes(":") ? madeAt(home, named) : refuse(home, `"${named}" is no URL`);
  if (on === "server") return refuse(home, "no database is configured");
  const { scratchUrl, understudyUrl, id } = home.dialect;
  const url = scratchUrl ?? understudyUrl;
  if (url === undefined) return refuse(home, `there is no ${id} in process`);
  try {
    return await inProcess(home, url);
  } catch (error) {
    if (!isAthanorError(error, "DATABASE.DRIVER_MISSING")) throw error;
    return refuse(home, error.message, error);
  }
}

/** Works with a throwaway database, which is gone afterwards, whatever happens. */
export async function withThrowaway<T>(
  home: Context,
  options: ThrowawayOptions,
  work: (throwaway: Throwaway) => Promise<T>,
): Promise<T> {
  const throwaway = await makeThrowaway(home, options);
  try {
    return await work(throwaway);
  } finally {
    await throwaway.remove();
  }
}

function refuse(home: Context, reason: string, cause?: unknown): never {
  throw new AthanorError("MIGRATE.NO_THROWAWAY", { dialect: home.dialect.id, reason }, { cause });
}

async function madeAt(home: Context, url: string): Promise<Throwaway> {
  const dialect = await dialectFor(url);
  const { databases, tryLock } = await dialect.design();
  if (databases === undefined || tryLock === undefined) return inProcess(home, url);
  const made = await makeDatabase(dialect, url, { databases, tryLock }).catch((error) => {
    if (!isAthanorError(error) || error.code === "DATABASE.CONNECTION") throw error;
    return refuse(home, `${maskUrl(url)} does not let a database be made: ${error.message}`, error);
  });
  const context = new ThrowawayContext(home, dialect, withDatabase(url, made.name));
  const remove = async (): Promise<void> => {
    await context.close();
    await made.drop();
  };
  return { place: `a database of its own at ${maskUrl(url)}`, context, remove };
}

/** A database in process; a file has to be empty, and is left as it is. */
async function inProcess(home: Context, url: string): Promise<Throwaway> {
  const dialect = await dialectFor(url);
  const context = new ThrowawayContext(home, dialect, url);
  const server = await context.withConnection("athanor", async (connection) => {
    const design = await context.design();
    const { tables } = await design.inspector.inspect(connection);
    if (tables.length > 0) refuse(home, `${maskUrl(url)} is not empty`);
    return (await design.describeServer(connection)).product;
  });
  return { place: `${server} in process`, context, remove: () => context.close() };
}

/** The home's project on another database: what is told of runs there is not told of the project. */
export class ThrowawayContext extends Context {
  /** The files of the history, where they are not those of the project. */
  files: readonly ScriptFile[] | null = null;
  #history: Promise<History> | null = null;

  constructor(home: Context, dialect: Dialect, url: string) {
    const { source: _, onEvent: __, connect: ___, hooks, ...options } = home.options;
    const { onVersionApply: ____, ...kept } = hooks ?? {};
    super({ ...options, hooks: kept, dialect, url }, dialect);
  }

  /** The files as they were when they were first asked for: a throwaway database serves one piece of work. */
  override history(): Promise<History> {
    this.#history ??= this.files === null ? super.history() : this.#historyOf(this.files);
    return this.#history;
  }

  async #historyOf(files: readonly ScriptFile[]): Promise<History> {
    return History.of(files, {
      placement: this.placement,
      modules: this.options.modules ?? [],
      states: [],
    });
  }
}
