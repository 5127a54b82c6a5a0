import { dialectFor, schemeOf } from "../dialect/registry.ts";
import type { Rename } from "../diff/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { type Folded, fold } from "../fold/index.ts";
import { inspectDatabase } from "../inspect/index.ts";
import { type Schema, sameTable } from "../schema/index.ts";
import { maskUrl } from "../util/mask-url.ts";
import { readModels, refuseUnknownSteps, refuseUnsupported } from "./compare.ts";
import { Context } from "./context.ts";
import type { DiffSideDocument } from "./documents.ts";
import type { History } from "./history.ts";
import type { ThrowawayOptions } from "./options.ts";
import { makeShadow } from "./shadow.ts";

/** A side of `diff` that is a database, as it stood when it was read. */
export interface DatabaseSide {
  readonly kind: "database";
  readonly document: DiffSideDocument;
  readonly context: Context;
  /** Its product and version. */
  readonly server: string;
  /** Everything but the tables that keep the record of migrations. */
  readonly schema: Schema;
  /** Where it stands in the history, as far as there are files. */
  readonly heads: readonly string[];
}

/** A side that is no database: its schema is in logical words, for whichever dialect is asked. */
export interface LogicalSide {
  readonly kind: "models" | "history" | "revision";
  readonly document: DiffSideDocument;
  readonly schema: (context: Context) => Promise<Schema>;
  /** The renames that it says itself, under the new names. */
  readonly renames: readonly Rename[];
}

/** What `diff` compares. */
export type Side = DatabaseSide | LogicalSide;

/** What sides are opened with. */
interface Opening {
  readonly context: Context;
  readonly history: History;
  readonly options: ThrowawayOptions;
  readonly onEnd: (work: () => Promise<void>) => void;
}

/**
 * What a source names: a URL, `database`, `models`, `history`, `shadow`, or the identifier of a revision. Throws
 * `MIGRATE.UNKNOWN_SOURCE` for what is none of these, and what reading it throws.
 */
export async function openSide(source: string, { context, history, options, onEnd }: Opening): Promise<Side> {
  if (source === "models") return modelSide(context);
  if (source === "history") return foldedSide("history", source, history.heads, history);
  if (source === "shadow") return shadowSide({ context, history, options, onEnd });
  if (source === "database") return databaseSide(context, history, configuredName(context));
  if (/^[a-z][a-z0-9]*(\+\w+)?:/i.test(source) && !isRange(source, history)) {
    const { url: _, source: __, dialect: ___, ...options } = context.options;
    const other = new Context({ ...options, url: source }, await dialectFor(source));
    onEnd(() => other.close());
    return databaseSide(other, history, maskUrl(source));
  }
  return foldedSide("revision", source, await revisionsOf(source, context, history), history);
}

/** The whole history, run for real. */
async function shadowSide({ context: home, history, options, onEnd }: Opening): Promise<DatabaseSide> {
  const { context, place, remove } = await makeShadow(home, options);
  onEnd(remove);
  return databaseSide(context, history, `shadow (${place})`);
}

/** Whether `a:b` names two revisions rather than a database. */
function isRange(source: string, history: History): boolean {
  return !source.includes("//") && history.has(schemeOf(source));
}

function configuredName(context: Context): string {
  const { url } = context.options;
  return url === null ? "database" : maskUrl(url);
}

async function databaseSide(context: Context, history: History, name: string): Promise<DatabaseSide> {
  return context.withReader("athanor diff", async (connection) => {
    const whole = await inspectDatabase(context.dialect, connection);
    const { version, log } = context.store;
    const own = [version, log];
    const heads = await context.store.heads(connection);
    return {
      kind: "database",
      document: { kind: "database", name, dialect: context.dialect.id, revisions: null },
      context,
      server: (await (await context.design()).describeServer(connection)).product,
      schema: {
        ...whole,
        tables: whole.tables.filter((table) => !own.some((each) => sameTable(each, table))),
        objects: whole.objects.filter(
          ({ table }) => !own.some((each) => table !== null && sameTable(each, table)),
        ),
      },
      heads: heads.filter((head) => history.has(head)),
    };
  });
}

async function modelSide(context: Context): Promise<LogicalSide> {
  const { schema, renames = [] } = await readModels(context, "athanor diff");
  return {
    kind: "models",
    document: { kind: "models", name: "models", dialect: null, revisions: null },
    schema: async (home) => {
      await refuseUnsupported(home, schema);
      return schema;
    },
    renames,
  };
}

function foldedSide(
  kind: "history" | "revision",
  name: string,
  revisions: readonly string[],
  history: History,
): LogicalSide {
  return {
    kind,
    document: { kind, name, dialect: null, revisions },
    schema: async (home) => {
      const folded = await foldUpTo(revisions, history, home);
      refuseUnknownSteps(folded);
      return folded.schema;
    },
    renames: [],
  };
}

/** The history up to these revisions, for the dialect of a database. */
export async function foldUpTo(
  revisions: readonly string[],
  history: History,
  context: Context,
): Promise<Folded> {
  return fold(await history.loadAll(history.applied(revisions)), context.dialectIds);
}

/** The revisions of an identifier; the database is asked where it stands only for one that counts from there. */
async function revisionsOf(source: string, context: Context, history: History): Promise<readonly string[]> {
  try {
    if (source === "") throw new AthanorError("REVISION.NOT_FOUND", { identifier: source });
    return history.resolveAll(source);
  } catch (error) {
    if (isAthanorError(error, "REVISION.NOT_ABSOLUTE") && context.hasDatabase) {
      const heads = await context.withReader("athanor diff", (connection) => context.store.heads(connection));
      return history.graph.resolve(source, { current: heads.filter((head) => history.has(head)) });
    }
    if (!isAthanorError(error, "REVISION.NOT_FOUND")) throw error;
    throw new AthanorError("MIGRATE.UNKNOWN_SOURCE", { source }, { cause: error });
  }
}
