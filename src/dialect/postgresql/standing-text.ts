import { type Index, type Schema, sameTable, type Table } from "../../schema/index.ts";

/**
 * The server does not write everything down so that it would write the same when it reads that: of
 * `kind IN ('a', 'b')` it makes a cast of an array, and of that an array of casts. What stands in a database may be
 * in the first words or, after a dump was loaded, in the second.
 */

/** Tables as the server words them: `word` says how it would. */
type Word = (tables: readonly Table[]) => Promise<readonly Table[]>;

/**
 * The tables, worded, with the texts that stand wherever the server would take those for the same. Only of tables that
 * differ from what stands is it asked.
 */
export async function withStandingText(
  tables: readonly Table[],
  standing: Schema | undefined,
  word: Word,
): Promise<readonly Table[]> {
  const places = tables.flatMap((table, place) => {
    const found = standing?.tables.find((each) => sameTable(each, table));
    return found !== undefined && differs(table, found) ? [{ place, found }] : [];
  });
  if (places.length === 0) return tables;
  const worded = await word(places.map(({ found }) => found));
  const result = [...tables];
  for (const [at, { place, found }] of places.entries()) {
    const [table, again] = [tables[place], worded[at]];
    if (table !== undefined && again !== undefined) result[place] = choose(table, found, again);
  }
  return result;
}

/** What the server words of a table, by what it belongs to. */
function textsOf(table: Table): ReadonlyMap<string, string> {
  return new Map([
    ...table.columns.flatMap(({ name, generated }): readonly [string, string][] =>
      generated === null ? [] : [[`column ${name}`, generated.expression]],
    ),
    ...table.checks.map(({ name, expression }): [string, string] => [`check ${name}`, expression]),
    ...table.indexes.map((index): [string, string] => [`index ${index.name}`, wordsOf(index)]),
    ...table.exclusions.map((each): [string, string] => [`exclusion ${each.name}`, wordsOf(each)]),
  ]);
}

/** The expressions of an index, or of a constraint that is like one. */
function wordsOf(index: Pick<Index, "where"> & (Pick<Index, "parts"> | Table["exclusions"][number])): string {
  const parts = "parts" in index ? index.parts : index.elements.map(({ part }) => part);
  return JSON.stringify([index.where, parts.map(({ expression }) => expression)]);
}

/** Whether something has the name of what stands, and other words. */
function differs(table: Table, found: Table): boolean {
  const standing = textsOf(found);
  return [...textsOf(table)].some(([item, text]) => (standing.get(item) ?? text) !== text);
}

/** The table with the items that stand in place of those that they are the same as, worded. */
function choose(table: Table, found: Table, worded: Table): Table {
  const [own, again] = [textsOf(table), textsOf(worded)];
  const stands = (item: string): boolean => own.get(item) === again.get(item);
  const same = <T extends { readonly name: string | null }>(
    kind: string,
    item: T,
    list: readonly T[],
  ): T | undefined =>
    stands(`${kind} ${item.name}`) ? list.find((each) => each.name === item.name) : undefined;
  return {
    ...table,
    columns: table.columns.map((column) => {
      const { generated } = same("column", column, found.columns) ?? column;
      return column.generated === null || generated === null
        ? column
        : { ...column, generated: { ...column.generated, expression: generated.expression } };
    }),
    checks: table.checks.map((check) => {
      const standing = same("check", check, found.checks);
      return standing === undefined ? check : { ...check, expression: standing.expression };
    }),
    indexes: table.indexes.map((index) => {
      const standing = same("index", index, found.indexes);
      if (standing === undefined) return index;
      const parts = index.parts.map((part, at) => ({
        ...part,
        expression: standing.parts[at]?.expression ?? null,
      }));
      return { ...index, where: standing.where, parts };
    }),
    exclusions: table.exclusions.map((exclusion) => {
      const standing = same("exclusion", exclusion, found.exclusions);
      if (standing === undefined) return exclusion;
      const elements = exclusion.elements.map((element, at) => ({
        ...element,
        part: { ...element.part, expression: standing.elements[at]?.part.expression ?? null },
      }));
      return { ...exclusion, where: standing.where, elements };
    }),
  };
}
