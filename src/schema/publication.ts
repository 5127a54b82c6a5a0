import { mentions, nameText } from "./expression.ts";
import { closingParenthesis, isIdentifier, isWord, type Token, tryTokenize } from "./lexer.ts";
import { compareText } from "./order.ts";
import type { TableRef } from "./table.ts";

/** What the definition of a publication says: `FOR TABLE hero (id) WHERE (id > 1), TABLES IN SCHEMA area WITH (…)`. */

/** A table that a publication names, and where in the text. */
export interface PublishedPart extends TableRef {
  readonly only: boolean;
  readonly columns: readonly string[] | null;
  /** The condition, without its parentheses. */
  readonly where: string | null;
  /** The whole part, its name, and what follows it. */
  readonly start: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly end: number;
}

/** A publication in its parts. */
export interface PublicationParts {
  /** What is published, as it is written; empty for nothing. */
  readonly things: string;
  /** ALL TABLES. */
  readonly everything: boolean;
  readonly tables: readonly PublishedPart[];
  readonly schemas: readonly string[];
  /** Values by the names of their parameters. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads the definition of a publication; null where it is not one. */
export function publicationParts(sql: string): PublicationParts | null {
  const tokens = tryTokenize(sql);
  if (tokens === null) return null;
  const open = tokens.findLastIndex(
    (token, at) =>
      token.text === "(" &&
      isWord(tokens[at - 1], "with") &&
      closingParenthesis(tokens, at) === tokens.length - 1,
  );
  const head = tokens.slice(0, open < 0 ? undefined : open - 1);
  if (head.length > 0 && !isWord(head[0], "for")) return null;
  const everything = isWord(head[1], "all");
  const parts = everything ? [] : partsOf(head.slice(1));
  const tables = parts.filter(([word]) => isWord(word, "table")).map((part) => tableOf(sql, part));
  const schemas = parts.filter(([word]) => isWord(word, "tables")).map((part) => part.at(-1)?.value ?? "");
  if (tables.length + schemas.length < parts.length) return null;
  const text = (list: readonly Token[]): string => sql.slice(list[0]?.start, list.at(-1)?.end);
  return {
    things: everything || head.length < 2 ? "" : text(head.slice(1)),
    everything,
    tables,
    schemas,
    parameters: new Map(
      partsOf(open < 0 ? [] : tokens.slice(open + 1, -1)).map(([name, , ...value]) => [
        name?.text.toLowerCase() ?? "",
        value.length === 0 ? "" : text(value),
      ]),
    ),
  };
}

/** Tokens between commas that stand in no parentheses. */
function partsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (token.text === "," && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

function tableOf(sql: string, part: readonly Token[]): PublishedPart {
  const only = isWord(part[1], "only");
  const first = only ? 2 : 1;
  const last = part[first + 1]?.text === "." ? first + 2 : first;
  const open = part[last + 1]?.text === "(" ? last + 1 : null;
  const close = open === null ? last : closingParenthesis(part, open);
  const where = isWord(part[close + 1], "where");
  return {
    schema: last === first ? null : (part[first]?.value ?? null),
    name: part[last]?.value ?? "",
    only,
    columns:
      open === null
        ? null
        : part
            .slice(open + 1, close)
            .filter(isIdentifier)
            .map(({ value }) => value),
    where: where ? sql.slice(part[close + 2]?.end, part.at(-1)?.start) : null,
    start: part[0]?.start ?? 0,
    nameStart: part[first]?.start ?? 0,
    nameEnd: part[last]?.end ?? 0,
    end: part.at(-1)?.end ?? 0,
  };
}

/** The definition without a table: it goes out of what publishes it by itself. */
export function withoutPublished(sql: string, table: TableRef): string {
  const parts = publicationParts(sql);
  const gone = parts?.tables.find((each) => isTable(each, table));
  if (parts === null || gone === undefined) return sql;
  const single = parts.tables.length + parts.schemas.length === 1;
  if (single) return sql.slice(gone.end).trim();
  const after = sql.slice(gone.end);
  return after.startsWith(",")
    ? sql.slice(0, gone.start) + after.slice(1).trimStart()
    : sql.slice(0, gone.start).replace(/,\s*$/, "") + after;
}

/** What the definition says of a table, and the columns that it names there; null where it says nothing. */
export function publishedText(
  sql: string,
  table: TableRef,
): { readonly text: string; readonly names: (column: string) => boolean } | null {
  const part = publicationParts(sql)?.tables.find((each) => isTable(each, table));
  if (part === undefined) return null;
  const names = (column: string): boolean =>
    part.columns?.includes(column) === true || (part.where !== null && mentions(part.where, column));
  return { text: sql.slice(part.start, part.end), names };
}

/** The definition with what `text` says of one more table. */
export function withPublished(sql: string, text: string): string {
  const parts = publicationParts(sql);
  if (parts === null || parts.everything) return sql;
  if (parts.things === "") return `FOR ${text} ${sql}`.trim();
  const end = sql.indexOf(parts.things) + parts.things.length;
  return `${sql.slice(0, end)}, ${text}${sql.slice(end)}`;
}

/** The definition with a table's new name. */
export function renamedPublished(sql: string, from: TableRef, to: TableRef): string {
  const part = publicationParts(sql)?.tables.find((each) => isTable(each, from));
  if (part === undefined) return sql;
  const name = to.schema === null ? nameText(to.name) : `${nameText(to.schema)}.${nameText(to.name)}`;
  return sql.slice(0, part.nameStart) + name + sql.slice(part.nameEnd);
}

/** The definition with the new name of a table's column, which stands where names in their order have it. */
export function renamedPublishedColumn(sql: string, table: TableRef, from: string, to: string): string {
  const part = publicationParts(sql)?.tables.find((each) => isTable(each, table));
  if (part === undefined) return sql;
  const tail = sql.slice(part.nameEnd, part.end);
  const tokens = tryTokenize(tail) ?? [];
  const close = part.columns === null ? -1 : closingParenthesis(tokens, 0);
  const columns = part.columns?.map((name) => (name === from ? to : name)).toSorted(compareText);
  let result = columns === undefined ? "" : ` (${columns.map(nameText).join(", ")})`;
  let copied = tokens[close]?.end ?? 0;
  for (const token of tokens.slice(close + 1)) {
    if (!isIdentifier(token) || token.value !== from) continue;
    result += tail.slice(copied, token.start) + nameText(to);
    copied = token.end;
  }
  return sql.slice(0, part.nameEnd) + result + tail.slice(copied) + sql.slice(part.end);
}

function isTable(part: TableRef, table: TableRef): boolean {
  return part.name === table.name && part.schema === table.schema;
}
