import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/operation.ts";
import { namedTables, sameName } from "../operation/sql-names.ts";
import { writtenColumns } from "../operation/written-columns.ts";
import { dependsOn } from "../schema/dependencies.ts";
import { isColumnName } from "../schema/expression.ts";
import { childrenOf } from "../schema/family.ts";
import {
  kindLabel,
  type Schema,
  type SchemaObject,
  sameTable,
  type TableRef,
  tableLabel,
} from "../schema/index.ts";
import { isIdentifier, type Token, tokenize } from "../schema/lexer.ts";

/**
 * Refuses to drop what a view or trigger certainly stands on: as the catalog has it, or as their texts say. What text
 * alone does not settle is left to the database, which reads its views and triggers again when a column goes. Throws
 * `PLAN.DEPENDENT`.
 */
export function refuseDependents(operation: Operation, state: Schema): void {
  if (operation.kind !== "dropTable" && operation.kind !== "dropColumn") return;
  const ref = operation.kind === "dropTable" ? operation.name : operation.table;
  const column = operation.kind === "dropTable" ? null : operation.name;
  const part = column === null ? childrenOf(ref, state)[0] : undefined;
  if (part !== undefined) {
    const fields = { kind: "partition or heir", name: part.name, table: tableLabel(ref), column };
    throw new AthanorError("PLAN.DEPENDENT", fields);
  }
  const dependent = state.objects.find((each) => certainly(() => uses(each, ref, column, state)));
  if (dependent === undefined) return;
  const kind = kindLabel(dependent.kind);
  throw new AthanorError("PLAN.DEPENDENT", { kind, name: dependent.name, table: tableLabel(ref), column });
}

/** A text that cannot be read settles nothing. */
function certainly(question: () => boolean): boolean {
  try {
    return question();
  } catch (error) {
    if (isAthanorError(error, "SCHEMA.SQL_UNREADABLE")) return false;
    throw error;
  }
}

function uses(object: SchemaObject, ref: TableRef, column: string | null, state: Schema): boolean {
  const own = object.table !== null && sameTable(object.table, ref);
  if (object.dependsOn !== undefined) {
    // A table that goes leaves a publication; a column that one names does not.
    if (object.kind === "publication")
      return column !== null && namesColumns(object, ref) && dependsOn(object, ref, [column]);
    if (!holds(object, own)) return false;
    if (column === null) return dependsOn(object, ref, null);
    if (namesColumns(object, ref)) return dependsOn(object, ref, [column]);
  }
  if (object.kind === "view" || object.kind === "materializedView")
    return viewUses(object, ref, column, state);
  return object.kind === "trigger" && triggerUses(object, ref, column, own);
}

/** Whether the catalog says which columns of a relation are meant; where it does not, only text tells. */
function namesColumns({ dependsOn: all = [] }: SchemaObject, ref: TableRef): boolean {
  return all.every((each) => !sameTable(each, ref) || each.columns.length > 0);
}

/** What hangs on a table goes with it, and with its columns, where its database does not hold on to them for it. */
function holds({ kind }: SchemaObject, own: boolean): boolean {
  if (kind === "view" || kind === "materializedView" || kind === "function" || kind === "procedure")
    return true;
  return own ? kind === "trigger" || kind === "policy" || kind === "rule" : false;
}

function viewUses(view: SchemaObject, ref: TableRef, column: string | null, state: Schema): boolean {
  const tokens = tokenize(view.definition);
  const tables = namedTables(tokens);
  const own = tables.filter((table) => sameName(table.name, ref.name));
  if (own.length === 0 || column === null) return own.length > 0;
  const others = tables.filter((table) => !sameName(table.name, ref.name));
  const qualifiers = own.map((table) => table.alias);
  // Neither a table's name nor what follows it, its other name, is a column.
  const names = new Set(tables.flatMap(({ at }) => [at, at + 1]));
  const elsewhere = others.some(({ name }) => mayHave(state, name, column));
  return tokens.some((token, at) => {
    if (!isIdentifier(token) || names.has(at) || !sameName(token.value, column)) return false;
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
function triggerUses(trigger: SchemaObject, ref: TableRef, column: string | null, own: boolean): boolean {
  const tokens = tokenize(trigger.definition);
  if (column === null) return !own && namedTables(tokens).some((table) => sameName(table.name, ref.name));
  if (writtenColumns(tokens, ref.name).some((at) => sameName(tokens[at]!.value, column))) return true;
  if (!own) return false;
  return tokens.some((token, at) => {
    if (!isIdentifier(token) || !sameName(token.value, column)) return false;
    const qualifier = qualifierOf(tokens, at)?.toLowerCase();
    return qualifier === "new" || qualifier === "old";
  });
}
