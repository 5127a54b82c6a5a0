import type { Operation } from "../operation/operation.ts";
import { type Schema, sameTable, type TableRef } from "../schema/index.ts";
import { isIdentifier, type Token, tokenize } from "../schema/lexer.ts";
import { namedTables, sameName } from "./sql-names.ts";
import { writtenColumns } from "./written-columns.ts";

/**
 * A database that renames a table or column also rewrites its views and triggers. The schema in memory follows, as
 * far as text is certain: a table where one is named, a column behind `new`, `old` or its table's name, or where it is
 * written. A trigger
 * that is made again from a text which did not follow is found out by the database, in the same transaction.
 */
export function followRename(state: Schema, operation: Operation): Schema {
  if (operation.kind === "renameTable") {
    const { from, to } = operation;
    return rewritten(state, (sql) => renameTableIn(sql, from, to));
  }
  if (operation.kind !== "renameColumn") return state;
  const { table, from, to } = operation;
  return rewritten(state, (sql, own) =>
    renameColumnIn(sql, own !== null && sameTable(own, table), table, from, to),
  );
}

function rewritten(state: Schema, rewrite: (sql: string, own: TableRef | null) => string): Schema {
  return {
    ...state,
    views: state.views.map((view) => ({
      ...view,
      definition: rewrite(view.definition, null),
      sql: rewrite(view.sql, null),
    })),
    triggers: state.triggers.map((trigger) => ({ ...trigger, sql: rewrite(trigger.sql, trigger.table) })),
  };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function replaced(sql: string, tokens: readonly Token[], places: ReadonlySet<number>, name: string): string {
  let result = "";
  let copied = 0;
  tokens.forEach((token, at) => {
    if (!places.has(at)) return;
    result += sql.slice(copied, token.start) + quoted(name);
    copied = token.end;
  });
  return result + sql.slice(copied);
}

function renameTableIn(sql: string, from: TableRef, to: TableRef): string {
  const tokens = tokenize(sql);
  const places = new Set(
    namedTables(tokens)
      .filter((table) => sameName(table.name, from.name))
      .map((table) => table.at),
  );
  tokens.forEach((token, at) => {
    const qualifies = isIdentifier(token) && tokens[at + 1]?.text === "." && tokens[at - 1]?.text !== ".";
    if (places.size > 0 && qualifies && sameName(token.value, from.name)) places.add(at);
  });
  return replaced(sql, tokens, places, to.name);
}

function renameColumnIn(sql: string, own: boolean, table: TableRef, from: string, to: string): string {
  const tokens = tokenize(sql);
  const qualifiers = namedTables(tokens)
    .filter((each) => sameName(each.name, table.name))
    .flatMap((each) => [each.alias, each.name]);
  if (own) qualifiers.push("new", "old");
  const written = writtenColumns(tokens, table.name).filter((at) => sameName(tokens[at]!.value, from));
  const places = new Set(written);
  tokens.forEach((token, at) => {
    const qualifier = tokens[at - 2];
    if (!isIdentifier(token) || !sameName(token.value, from)) return;
    if (tokens[at - 1]?.text !== "." || !isIdentifier(qualifier)) return;
    if (qualifiers.some((name) => sameName(name, qualifier.value))) places.add(at);
  });
  return replaced(sql, tokens, places, to);
}
