import type { Rename } from "../diff/index.ts";
import { equal } from "../schema/equal.ts";
import {
  emptySchema,
  findObject,
  findTable,
  kindLabel,
  objectLabel,
  type Schema,
  tableLabel,
} from "../schema/index.ts";
import { comparable } from "./compare.ts";
import type { Context } from "./context.ts";
import { type DatabaseSide, foldUpTo, type LogicalSide, type Side } from "./diff-side.ts";
import type { History } from "./history.ts";
import { includeOnly, ownedOnly } from "./include.ts";
import { withoutGrants } from "./inspect.ts";
import { overlay } from "./logical.ts";

/** Two sides of `diff` in the words of one dialect. */
export interface Aligned {
  readonly from: Schema;
  readonly to: Schema;
  /** The same in logical words, as far as there are any. */
  readonly words: { readonly from: Schema; readonly to: Schema };
  /** The renames that a side says itself. */
  readonly renames: readonly Rename[];
  /** What is not compared, and why. */
  readonly leftOut: readonly string[];
}

/**
 * Puts both sides in the words of `home`, the context of one of them where one is a database. Two databases are of
 * one kind.
 */
export async function align(
  home: Context,
  history: History,
  { from, to, grants }: { readonly from: Side; readonly to: Side; readonly grants: boolean },
): Promise<Aligned> {
  if (from.kind !== "database") {
    if (to.kind !== "database") return bothLogical(home, from, to);
    const { database, other, renames, leftOut } = await databaseAndLogical(history, to, from);
    return { ...sides(other, database), renames, leftOut };
  }
  if (to.kind !== "database") {
    const { database, other, renames, leftOut } = await databaseAndLogical(history, from, to);
    return { ...sides(database, other), renames, leftOut };
  }
  return bothDatabases(from, to, grants);
}

/** One side as its database has it, and in logical words. */
interface InWords {
  readonly schema: Schema;
  readonly words: Schema;
}

function sides(from: InWords, to: InWords): Pick<Aligned, "from" | "to" | "words"> {
  return { from: from.schema, to: to.schema, words: { from: from.words, to: to.words } };
}

/** `schema` as the database of a side would have it. */
export function canonicalOn({ context, schema: standing }: DatabaseSide, schema: Schema): Promise<Schema> {
  return context.withConnection("athanor diff", async (connection) =>
    (await context.design()).canonical(schema, connection, standing),
  );
}

async function bothLogical(home: Context, from: LogicalSide, to: LogicalSide): Promise<Aligned> {
  const design = await home.design();
  const put = async (side: LogicalSide): Promise<InWords> => {
    const words = await side.schema(home);
    return { words, schema: comparable(await design.canonical(words, null)) };
  };
  return {
    ...sides(await put(from), await put(to)),
    renames: [...from.renames, ...to.renames],
    leftOut: [],
  };
}

/** A database is compared as far as it is anybody's: what neither the other side nor the history knows stays out. */
async function databaseAndLogical(
  history: History,
  side: DatabaseSide,
  other: LogicalSide,
): Promise<{ database: InWords; other: InWords } & Pick<Aligned, "renames" | "leftOut">> {
  const { context } = side;
  const words = await other.schema(context);
  const { schema: known } = await foldUpTo(history.heads, history, context);
  const canonical = await canonicalOn(side, words);
  const owned = ownedOnly(side.schema, words, known, [], [canonical, known]);
  const kept = includeOnly({ database: owned, models: canonical }, context.options.hooks ?? {});
  const schema = comparable(kept.database);
  return {
    database: { schema, words: await inWordsOfHistory(side, schema, history, { words, canonical }) },
    other: { schema: comparable(kept.models), words },
    renames: other.renames,
    leftOut: unowned(side.schema, owned),
  };
}

/**
 * A database in the words of the history it went through; where it went through none, of the other side, if that has
 * any.
 */
export async function inWordsOfHistory(
  side: DatabaseSide,
  schema: Schema,
  history: History,
  other?: { readonly words: Schema; readonly canonical: Schema },
): Promise<Schema> {
  const { rules } = await side.context.design();
  if (side.heads.length === 0)
    return other === undefined ? schema : overlay(schema, other.words, other.canonical, rules);
  const { schema: said } = await foldUpTo(side.heads, history, side.context);
  return overlay(schema, said, await canonicalOn(side, said), rules);
}

function unowned(all: Schema, owned: Schema): readonly string[] {
  const why = "no migration made it, and the other side does not know it";
  return [
    ...all.tables
      .filter((table) => findTable(owned, table) === undefined)
      .map((table) => `table ${tableLabel(table)}: ${why}`),
    ...all.objects
      .filter((object) => object.kind !== "grant" && findObject(owned, object) === undefined)
      .map((object) => `${kindLabel(object.kind)} ${objectLabel(object)}: ${why}`),
  ];
}

/** Two databases of one kind: everything counts, whoever made it; `grants` where that is asked for. */
async function bothDatabases(from: DatabaseSide, to: DatabaseSide, grants: boolean): Promise<Aligned> {
  const { includeName } = to.context.options.hooks ?? {};
  const named = (schema: Schema): Schema =>
    includeName === undefined
      ? schema
      : includeOnly({ database: schema, models: emptySchema }, { includeName }).database;
  // Servers of two versions may write one expression down in two ways.
  const old = from.server === to.server ? from.schema : await canonicalOn(to, from.schema);
  const side = (schema: Schema): Schema => comparable(grants ? named(schema) : withoutGrants(named(schema)));
  const [one, two] = [side(old), side(to.schema)];
  return {
    from: one,
    to: two,
    words: { from: one, to: two },
    renames: [],
    leftOut: unlike(from.schema, to.schema),
  };
}

/** What is not managed, where the two are not alike. */
export function unlike(from: Schema, to: Schema): readonly string[] {
  return [...unlikeIn("", from.unmanaged, to.unmanaged, (one) => `${one.kind} ${tableLabel(one)}`)];
}

function unlikeIn<T>(
  kind: string,
  from: readonly T[],
  to: readonly T[],
  label: (item: T) => string,
): readonly string[] {
  const [before, after] = [from, to].map((list) => new Map(list.map((item) => [label(item), item])));
  const labels = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort();
  return labels.flatMap((name) => {
    const [old, now] = [before?.get(name), after?.get(name)];
    if (equal(old, now)) return [];
    const how =
      old === undefined ? "only in the second" : now === undefined ? "only in the first" : "different";
    return [`${kind === "" ? "" : `${kind} `}${name}: ${how}, and not managed`];
  });
}
