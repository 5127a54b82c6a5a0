import { closingParenthesis, isWord, type Token } from "../../schema/lexer.ts";
import { Cursor } from "./parse-cursor.ts";

/** What a CREATE INDEX says that the catalog does not. */
export interface ParsedIndex {
  /** The text of each key, without its order and collation. */
  readonly keys: readonly string[];
  readonly where: string | null;
}

/** Reads a CREATE INDEX (https://www.sqlite.org/lang_createindex.html). Throws `INSPECT.UNREADABLE`. */
export function parseIndex(sql: string): ParsedIndex {
  const cursor = new Cursor(sql);
  cursor.take("create");
  cursor.take("unique");
  cursor.take("index");
  cursor.take("if", "not", "exists");
  cursor.qualifiedName();
  cursor.take("on");
  cursor.name();
  const close = closingParenthesis(cursor.tokens, cursor.at);
  cursor.expectSign("(");
  const keys: string[] = [];
  while (cursor.at < close) {
    const end = endOfKey(cursor.tokens, cursor.at, close);
    keys.push(keyText(cursor, cursor.at, end));
    cursor.at = end + 1;
  }
  cursor.at = close + 1;
  const where = cursor.take("where") ? sql.slice(cursor.peek()?.start ?? sql.length).trim() : null;
  return { keys, where };
}

function endOfKey(tokens: readonly Token[], from: number, close: number): number {
  let at = from;
  while (at < close && tokens[at]!.text !== ",") {
    at = tokens[at]!.text === "(" ? closingParenthesis(tokens, at) + 1 : at + 1;
  }
  return at;
}

function keyText(cursor: Cursor, from: number, end: number): string {
  const { tokens, sql } = cursor;
  let last = end;
  if (isWord(tokens[last - 1], "asc") || isWord(tokens[last - 1], "desc")) last -= 1;
  if (last - from > 2 && isWord(tokens[last - 2], "collate")) last -= 2;
  return sql.slice(tokens[from]!.start, tokens[last - 1]!.end);
}

/** What follows the name in a CREATE VIEW, CREATE TRIGGER or CREATE VIRTUAL TABLE. */
export function parseAfterName(sql: string): string {
  const cursor = new Cursor(sql);
  cursor.take("create");
  if (!cursor.take("temp")) cursor.take("temporary");
  if (!cursor.take("virtual", "table") && !cursor.take("view")) cursor.take("trigger");
  cursor.take("if", "not", "exists");
  cursor.qualifiedName();
  return sql.slice(cursor.peek()?.start ?? sql.length).trim();
}
