import type { Deferrable, ForeignKey, ReferentialAction } from "../../schema/index.ts";
import { closingParenthesis } from "../../schema/lexer.ts";
import { Cursor } from "./parse-cursor.ts";

/** What a constraint does about a row that breaks it; null is ABORT, the usual. */
export type Conflict = "rollback" | "fail" | "ignore" | "replace" | null;

/** One column of a key, as written. */
export interface ParsedKey {
  readonly column: string;
  readonly collation: string | null;
  readonly order: "asc" | "desc";
}

/** A primary key or unique constraint, as written. */
export interface ParsedUnique {
  readonly name: string | null;
  readonly keys: readonly ParsedKey[];
  readonly conflict: Conflict;
}

/** A check, as written; `column` where it stands with a column. */
export interface ParsedCheck {
  readonly name: string | null;
  readonly expression: string;
}

/** A foreign key, as written; no `to` where it leaves the columns to the other table's primary key. */
export interface ParsedForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly table: string;
  readonly to: readonly string[] | null;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly match: ForeignKey["match"];
  readonly deferrable: Deferrable;
}

/** What the catalog does not say of a column. */
export interface ParsedColumn {
  readonly name: string;
  collation: string | null;
  notNullConflict: Conflict;
  generated: { readonly expression: string; readonly stored: boolean } | null;
}

/** What a CREATE TABLE says. */
export interface ParsedTable {
  readonly columns: ParsedColumn[];
  primaryKey: (ParsedUnique & { readonly autoincrement: boolean }) | null;
  readonly uniques: ParsedUnique[];
  readonly checks: ParsedCheck[];
  readonly foreignKeys: ParsedForeignKey[];
}

/** Reads a CREATE TABLE (https://www.sqlite.org/lang_createtable.html). Throws `INSPECT.UNREADABLE`. */
export function parseTable(sql: string): ParsedTable {
  const cursor = new Cursor(sql);
  cursor.take("create");
  if (!cursor.take("temp")) cursor.take("temporary");
  cursor.take("table");
  cursor.take("if", "not", "exists");
  cursor.qualifiedName();
  cursor.expectSign("(");
  const table: ParsedTable = { columns: [], primaryKey: null, uniques: [], checks: [], foreignKeys: [] };
  do {
    if (isTableConstraint(cursor)) break;
    table.columns.push(parseColumn(cursor, table));
  } while (cursor.takeSign(","));
  while (cursor.peek()?.text !== ")") {
    if (!cursor.takeSign(",")) parseTableConstraint(cursor, table);
  }
  return table;
}

const constraintWords = ["constraint", "primary", "unique", "check", "foreign"];

/** A bare keyword begins a constraint; as the name of a column it would stand in quotes. */
function isTableConstraint(cursor: Cursor): boolean {
  return constraintWords.some((word) => cursor.sees(word));
}

const columnWords = [
  "constraint",
  "default",
  "null",
  "not",
  "primary",
  "unique",
  "check",
  "references",
  "collate",
  "as",
  "deferrable",
];

function startsColumnConstraint(cursor: Cursor): boolean {
  return columnWords.some((word) => cursor.sees(word)) || cursor.sees("generated", "always");
}

function skipType(cursor: Cursor): void {
  while (!startsColumnConstraint(cursor)) {
    const next = cursor.peek();
    if (next === undefined || next.text === "," || next.text === ")") return;
    if (next.text === "(") cursor.parenthesized();
    else cursor.next();
  }
}

function parseColumn(cursor: Cursor, table: ParsedTable): ParsedColumn {
  const column: ParsedColumn = {
    name: cursor.name(),
    collation: null,
    notNullConflict: null,
    generated: null,
  };
  skipType(cursor);
  let name: string | null = null;
  while (cursor.peek()?.text !== "," && cursor.peek()?.text !== ")") {
    if (cursor.take("constraint")) {
      name = cursor.name();
      continue;
    }
    parseColumnConstraint(cursor, table, column, name);
    name = null;
  }
  return column;
}

function parseColumnConstraint(
  cursor: Cursor,
  table: ParsedTable,
  column: ParsedColumn,
  name: string | null,
): void {
  const key: ParsedKey = { column: column.name, collation: null, order: "asc" };
  if (cursor.take("not", "null")) column.notNullConflict = parseConflict(cursor);
  else if (cursor.take("null")) parseConflict(cursor);
  else if (cursor.take("default")) skipDefault(cursor);
  else if (cursor.take("collate")) column.collation = cursor.name();
  else if (cursor.take("unique")) table.uniques.push({ name, keys: [key], conflict: parseConflict(cursor) });
  else if (cursor.take("check")) table.checks.push({ name, expression: cursor.parenthesized() });
  else if (cursor.take("references")) table.foreignKeys.push(parseReference(cursor, name, [column.name]));
  else if (cursor.take("primary", "key")) {
    const order = parseOrder(cursor);
    const conflict = parseConflict(cursor);
    const autoincrement = cursor.take("autoincrement");
    table.primaryKey = { name, keys: [{ ...key, order }], conflict, autoincrement };
  } else if (cursor.take("generated", "always", "as") || cursor.take("as")) {
    const expression = cursor.parenthesized();
    const stored = cursor.take("stored");
    if (!stored) cursor.take("virtual");
    column.generated = { expression, stored };
  } else if (cursor.sees("deferrable") || cursor.sees("not", "deferrable")) {
    const key = table.foreignKeys.pop();
    if (key !== undefined) table.foreignKeys.push({ ...key, deferrable: parseDeferrable(cursor) });
  } else throw cursor.unreadable();
}

function skipDefault(cursor: Cursor): void {
  if (cursor.peek()?.text === "(") cursor.parenthesized();
  else if (cursor.takeSign("-") || cursor.takeSign("+")) cursor.next();
  else cursor.next();
}

function parseOrder(cursor: Cursor): "asc" | "desc" {
  if (cursor.take("desc")) return "desc";
  cursor.take("asc");
  return "asc";
}

const conflicts = ["rollback", "fail", "ignore", "replace"] as const;

function parseConflict(cursor: Cursor): Conflict {
  if (!cursor.take("on", "conflict")) return null;
  const found = conflicts.find((word) => cursor.take(word));
  if (found === undefined && !cursor.take("abort")) throw cursor.unreadable();
  return found ?? null;
}

function parseTableConstraint(cursor: Cursor, table: ParsedTable): void {
  const name = cursor.take("constraint") ? cursor.name() : null;
  if (cursor.take("primary", "key")) {
    const { keys, autoincrement } = parseKeys(cursor);
    table.primaryKey = { name, keys, conflict: parseConflict(cursor), autoincrement };
  } else if (cursor.take("unique")) {
    const { keys } = parseKeys(cursor);
    table.uniques.push({ name, keys, conflict: parseConflict(cursor) });
  } else if (cursor.take("check")) {
    table.checks.push({ name, expression: cursor.parenthesized() });
    parseConflict(cursor);
  } else if (cursor.take("foreign", "key")) {
    const columns = cursor.nameList();
    if (columns === null || !cursor.take("references")) throw cursor.unreadable();
    table.foreignKeys.push(parseReference(cursor, name, columns));
  } else if (name === null || cursor.done) throw cursor.unreadable();
}

function parseKeys(cursor: Cursor): { keys: readonly ParsedKey[]; autoincrement: boolean } {
  const end = closingParenthesis(cursor.tokens, cursor.at);
  cursor.expectSign("(");
  const keys: ParsedKey[] = [];
  let autoincrement = false;
  do {
    const column = cursor.name();
    const collation = cursor.take("collate") ? cursor.name() : null;
    keys.push({ column, collation, order: parseOrder(cursor) });
    if (cursor.take("autoincrement")) autoincrement = true;
  } while (cursor.takeSign(","));
  if (cursor.at !== end) throw cursor.unreadable();
  cursor.expectSign(")");
  return { keys, autoincrement };
}

const actions: readonly ReferentialAction[] = ["no action", "restrict", "cascade", "set null", "set default"];

function parseAction(cursor: Cursor): ReferentialAction {
  const found = actions.find((action) => cursor.take(...action.split(" ")));
  if (found === undefined) throw cursor.unreadable();
  return found;
}

function parseReference(cursor: Cursor, name: string | null, columns: readonly string[]): ParsedForeignKey {
  const table = cursor.name();
  const to = cursor.nameList();
  let onDelete: ReferentialAction = "no action";
  let onUpdate: ReferentialAction = "no action";
  let match: ForeignKey["match"] = "simple";
  for (;;) {
    if (cursor.take("on", "delete")) onDelete = parseAction(cursor);
    else if (cursor.take("on", "update")) onUpdate = parseAction(cursor);
    else if (cursor.take("on", "insert")) parseAction(cursor);
    else if (cursor.take("match")) {
      const word = cursor.name().toLowerCase();
      match = word === "full" || word === "partial" ? word : "simple";
    } else break;
  }
  return { name, columns, table, to, onDelete, onUpdate, match, deferrable: parseDeferrable(cursor) };
}

/** `NOT DEFERRABLE INITIALLY DEFERRED` is possible and means not deferrable. */
function parseDeferrable(cursor: Cursor): Deferrable {
  const not = cursor.take("not", "deferrable");
  if (!not && !cursor.take("deferrable")) return null;
  const deferred = cursor.take("initially", "deferred");
  if (!deferred) cursor.take("initially", "immediate");
  if (not) return null;
  return deferred ? "deferred" : "immediate";
}
