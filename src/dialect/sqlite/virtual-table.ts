import type { Schema } from "../../schema/index.ts";
import { closingParenthesis, type Token } from "../../schema/lexer.ts";
import { option } from "./options.ts";
import { Cursor } from "./parse-cursor.ts";

/** What a virtual table is made of, as far as its rows are concerned. */
export interface ParsedModule {
  readonly module: string;
  /** The columns that rows are read from and written to, the number of a row among them; none where they are not kept. */
  readonly columns: readonly string[];
  /** Of an index of words that keeps no rows: what it is over. */
  readonly over: Content | null;
}

/** What an index of words is over, whose rows it does not keep itself. */
export interface Content {
  /** A table or view; null where the rows are kept nowhere. */
  readonly source: string | null;
  /** What the source has to have, so that the index can be made anew from it: the number of a row first. */
  readonly columns: readonly string[];
  /** The table that has an entry for each row of the index. */
  readonly entries: string;
}

/** Reads what follows the name of a virtual table: `USING fts5(title, body, tokenize = 'porter')`. */
export function parseModule(definition: string): ParsedModule {
  const cursor = new Cursor(definition);
  cursor.take("using");
  const module = (cursor.peek()?.value ?? "").toLowerCase();
  cursor.at += 1;
  if (cursor.peek()?.text !== "(") return { module, columns: [], over: null };
  const inside = cursor.tokens.slice(cursor.at + 1, closingParenthesis(cursor.tokens, cursor.at));
  const parts = split(inside);
  const options = new Map(
    parts.filter(isOption).map((part) => [part[0]?.value.toLowerCase() ?? "", part[2]?.value ?? ""]),
  );
  const content = options.get("content");
  const names = parts.filter((part) => !isOption(part)).map(nameOf);
  const isText = /^fts[345]$/.test(module);
  const isTree = /^rtree(?:_i32)?$/.test(module);
  const kept = (isText && content === undefined) || isTree;
  return {
    module,
    columns: kept ? [...(isText ? ["rowid"] : []), ...names] : [],
    over: isText && content !== undefined ? contentOf(module, content, names, options) : null,
  };
}

function contentOf(
  module: string,
  content: string,
  names: readonly string[],
  options: ReadonlyMap<string, string>,
): Content {
  const entries = module !== "fts5" ? "segdir" : options.get("columnsize") === "0" ? "idx" : "docsize";
  return {
    source: content === "" ? null : content,
    columns: [options.get("content_rowid") ?? "rowid", ...names],
    entries,
  };
}

/** Whether an index of words can be made anew from what it is over, as that stands. What is no table is asked nothing. */
export function canBeRebuilt({ source, columns }: Content, state: Schema): boolean {
  if (source === null) return false;
  const same = (name: string): boolean => name.toLowerCase() === source.toLowerCase();
  const table = state.tables.find(({ schema, name }) => schema === null && same(name));
  if (table === undefined) return state.objects.some(({ name }) => same(name));
  const has = (name: string): boolean =>
    table.columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
  const numbered = option(table.options, "withoutRowid") !== true;
  return columns.every((name) => has(name) || (numbered && /^(?:rowid|oid|_rowid_)$/i.test(name)));
}

/** Columns whose rows go over where one definition takes the place of another. */
export function keptColumns(from: string, to: string): readonly string[] {
  const [old, now] = [parseModule(from), parseModule(to)];
  return old.module === now.module ? old.columns.filter((name) => now.columns.includes(name)) : [];
}

function isOption(part: readonly Token[]): boolean {
  return part[1]?.text === "=";
}

/** The name of a column; what an R-Tree carries along has a sign before it. */
function nameOf(part: readonly Token[]): string {
  return (part[0]?.text === "+" ? part[1] : part[0])?.value ?? "";
}

function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.text === ",") parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
