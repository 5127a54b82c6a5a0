import { closingParenthesis, type Token } from "../../schema/lexer.ts";
import { Cursor } from "./parse-cursor.ts";

/** What a virtual table is made of, as far as its rows are concerned. */
export interface ParsedModule {
  readonly module: string;
  /** The columns that rows are read from and written to, the number of a row among them; none where they are not kept. */
  readonly columns: readonly string[];
  /** It is an index over another table, and made anew from that. */
  readonly indexesAnother: boolean;
}

/** Reads what follows the name of a virtual table: `USING fts5(title, body, tokenize = 'porter')`. */
export function parseModule(definition: string): ParsedModule {
  const cursor = new Cursor(definition);
  cursor.take("using");
  const module = (cursor.peek()?.value ?? "").toLowerCase();
  cursor.at += 1;
  if (cursor.peek()?.text !== "(") return { module, columns: [], indexesAnother: false };
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
    indexesAnother: isText && content !== undefined && content !== "",
  };
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
