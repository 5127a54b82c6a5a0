import { AthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/operation.ts";
import { isColumnName } from "../schema/expression.ts";
import {
  type Schema,
  sameTable,
  type TableRef,
  type Trigger,
  tableLabel,
  type View,
} from "../schema/index.ts";
import { isIdentifier, type Token, tokenize } from "../schema/lexer.ts";
import { namedTables, sameName } from "./sql-names.ts";
import { writtenColumns } from "./written-columns.ts";

/**
 * Refuses to drop what a view or trigger certainly stands on. What text alone does not settle is left to the
 * database, which reads its views and triggers again when a column goes. Throws `PLAN.DEPENDENT`.
 */
export function refuseDependents(operation: Operation, state: Schema): void {
  if (operation.kind !== "dropTable" && operation.kind !== "dropColumn") return;
  const ref = operation.kind === "dropTable" ? operation.name : operation.table;
  const column = operation.kind === "dropTable" ? null : operation.name;
  const view = state.views.find((each) => viewUses(each, ref, column, state));
  const trigger = state.triggers.find((each) => triggerUses(each, ref, column));
  const dependent = view ?? trigger;
  if (dependent === undefined) return;
  const kind = view === undefined ? "trigger" : "view";
  throw new AthanorError("PLAN.DEPENDENT", { kind, name: dependent.name, table: tableLabel(ref), column });
}

function viewUses(view: View, ref: TableRef, column: string | null, state: Schema): boolean {
  const tokens = tokenize(view.definition);
  const tables = namedTables(tokens);
  const own = tables.filter((table) => sameName(table.name, ref.name));
  if (own.length === 0 || column === null) return own.length > 0;
  const others = tables.filter((table) => !sameName(table.name, ref.name));
  const qualifiers = own.map((table) => table.alias);
  const elsewhere = others.some(({ name }) => mayHave(state, name, column));
  return tokens.some((token, at) => {
    if (!isIdentifier(token) || !sameName(token.value, column)) return false;
    const qualifier = qualifierOf(tokens, at);
    if (qualifier !== null) return qualifiers.some((name) => sameName(name, qualifier));
    return !elsewhere && isColumnName(tokens, at) && !isAlias(tokens, at);
  });
}

/** Whether a table may have the column; one that is not known may. */
function mayHave(state: Schema, table: string, column: string): boolean {
  const found = state.tables.find((each) => sameName(each.name, table));
  return found === undefined || found.columns.some((each) => sameName(each.name, column));
}

function qualifierOf(tokens: readonly Token[], at: number): string | null {
  const before = tokens[at - 2];
  return tokens[at - 1]?.text === "." && isIdentifier(before) ? before.value : null;
}

/** `… AS name` gives a name and uses none. */
function isAlias(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before !== undefined && isIdentifier(before) && before.text.toLowerCase() === "as";
}

/** A trigger on the table that names the column of its row, or one anywhere that works on the table or writes it. */
function triggerUses(trigger: Trigger, ref: TableRef, column: string | null): boolean {
  const tokens = tokenize(trigger.sql);
  const own = sameTable(trigger.table, ref);
  if (column === null) return !own && namedTables(tokens).some((table) => sameName(table.name, ref.name));
  if (writtenColumns(tokens, ref.name).some((at) => sameName(tokens[at]!.value, column))) return true;
  if (!own) return false;
  return tokens.some((token, at) => {
    if (!isIdentifier(token) || !sameName(token.value, column)) return false;
    const qualifier = qualifierOf(tokens, at)?.toLowerCase();
    return qualifier === "new" || qualifier === "old";
  });
}
