import { isAthanorError } from "../errors/index.ts";
import { nameText } from "../schema/expression.ts";
import {
  type Dependency,
  privilegesOf,
  privilegeText,
  renamedPublished,
  renamedPublishedColumn,
  type Schema,
  type SchemaObject,
  sameTable,
  type TableRef,
} from "../schema/index.ts";
import { isIdentifier, isWord, type Token, tokenize } from "../schema/lexer.ts";
import type { RenameColumn, RenameTable } from "./operation.ts";
import { namedTables, sameName } from "./sql-names.ts";
import { writtenColumns } from "./written-columns.ts";

/**
 * A database that renames a table or column also rewrites its views and triggers. The schema in memory follows, as
 * far as text is certain: a table where one is named, a column behind `new`, `old` or its table's name, or where it is
 * written. What is made again from a text that did not follow is found out by the database, in the same transaction.
 */
export function followRename(state: Schema, operation: RenameTable | RenameColumn): Schema {
  if (state.objects.length === 0) return state;
  const follow = operation.kind === "renameTable" ? followTable(operation) : followColumn(operation);
  return { ...state, objects: state.objects.map(follow) };
}

type Follow = (object: SchemaObject) => SchemaObject;

function followTable({ from, to }: RenameTable): Follow {
  const name = { schema: to.schema, name: to.name };
  const moved = (ref: TableRef): TableRef => (sameTable(ref, from) ? name : ref);
  return (object) => {
    const { table, ownedBy, dependsOn } = object;
    const hung = table !== null && sameTable(table, from);
    return {
      ...withDefinition(object, (sql) => {
        if (object.kind === "publication") return renamedPublished(sql, from, to);
        return object.kind === "grant" ? sql : renameTypeIn(object, renameTableIn(sql, from, to), from, to);
      }),
      ...(isMade(object, from) && object.signature !== null
        ? { signature: renamedTypes(`(${object.signature})`, from, to).slice(1, -1) }
        : {}),
      ...(hung ? { table: name } : {}),
      ...(hung && object.kind !== "grant" && object.schema === table.schema ? { schema: to.schema } : {}),
      ...(ownedBy === null ? {} : { ownedBy: { ...ownedBy, table: moved(ownedBy.table) } }),
      ...(dependsOn === undefined
        ? {}
        : { dependsOn: dependsOn.map((each) => ({ ...each, ...moved(each) })) }),
    };
  };
}

function followColumn({ table, from, to }: RenameColumn): Follow {
  const renamed = (each: Dependency): Dependency =>
    sameTable(each, table)
      ? { ...each, columns: each.columns.map((name) => (name === from ? to : name)) }
      : each;
  return (object) => {
    const { ownedBy, dependsOn } = object;
    const own = object.table !== null && sameTable(object.table, table);
    // What a catalog knows by more than its name gives its columns under the names that they had.
    const keepsNames = dependsOn !== undefined;
    const owned = ownedBy !== null && sameTable(ownedBy.table, table) && ownedBy.column === from;
    return {
      ...withDefinition(object, (sql) => {
        if (object.kind === "publication") return renamedPublishedColumn(sql, table, from, to);
        if (object.kind === "grant") return own ? grantedColumns(sql, from, to) : sql;
        return renameColumnIn(sql, { own, table, from, to, keepsNames });
      }),
      ...(owned ? { ownedBy: { ...ownedBy, column: to } } : {}),
      ...(dependsOn === undefined ? {} : { dependsOn: dependsOn.map(renamed) }),
    };
  };
}

/** Privileges with a column's new name. */
function grantedColumns(definition: string, from: string, to: string): string {
  const renamed = (name: string): string => (name === from ? to : name);
  return privilegeText(
    privilegesOf(definition).map((each) => ({ ...each, columns: each.columns?.map(renamed) ?? null })),
  );
}

/** A text that cannot be read stays as it is. */
function withDefinition(object: SchemaObject, rewrite: (sql: string) => string): SchemaObject {
  try {
    const definition = rewrite(object.definition);
    return definition === object.definition ? object : { ...object, definition };
  } catch (error) {
    if (isAthanorError(error, "SCHEMA.SQL_UNREADABLE")) return object;
    throw error;
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function replaced(
  sql: string,
  tokens: readonly Token[],
  places: ReadonlySet<number>,
  name: (at: number) => string,
): string {
  let result = "";
  let copied = 0;
  tokens.forEach((token, at) => {
    if (!places.has(at)) return;
    result += sql.slice(copied, token.start) + name(at);
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
  return replaced(sql, tokens, places, () => quoted(to.name));
}

/** Whether the catalog says that the rows of a table are a type of that object. */
function isMade({ kind, dependsOn = [] }: SchemaObject, ref: TableRef): boolean {
  return typed.has(kind) && dependsOn.some((each) => each.kind === "table" && sameTable(each, ref));
}

/** Kinds that say types, rows of tables among them, before all else. */
const typed: ReadonlySet<string> = new Set(["composite", "function", "procedure", "aggregate"]);

/** The type of a table's rows has the table's name. What stands after the types is no type. */
function renameTypeIn(object: SchemaObject, sql: string, from: TableRef, to: TableRef): string {
  if (!isMade(object, from)) return sql;
  const tokens = tokenize(sql);
  const first = object.kind === "composite" ? 1 : 0;
  const end = tokens.find((token, at) => at >= first && bodies.some((word) => isWord(token, word)));
  return renamedTypes(sql.slice(0, end?.start), from, to) + (end === undefined ? "" : sql.slice(end.start));
}

/** Words that end the types of a routine. */
const bodies = ["language", "as", "begin", "return"];

function renamedTypes(sql: string, from: TableRef, to: TableRef): string {
  const tokens = tokenize(sql);
  const places = tokens.flatMap((token, at) => {
    const schema = tokens[at - 1]?.text === "." ? (tokens[at - 2]?.value ?? null) : null;
    const isName = isIdentifier(token) && token.value === from.name && schema === from.schema;
    return isName && isType(tokens, at) ? [at] : [];
  });
  return replaced(sql, tokens, new Set(places), () => nameText(to.name));
}

/** Whether a name stands where a type does: the name of an argument or attribute has its type behind it. */
function isType(tokens: readonly Token[], at: number): boolean {
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  if (isWord(before, "returns") || isWord(before, "setof")) return true;
  const ends = after === undefined || [",", ")", "[", "="].includes(after.text) || isWord(after, "default");
  return ends && before !== undefined;
}

interface ColumnRename {
  readonly own: boolean;
  readonly table: TableRef;
  readonly from: string;
  readonly to: string;
  readonly keepsNames: boolean;
}

function renameColumnIn(sql: string, { own, table, from, to, keepsNames }: ColumnRename): string {
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
  return replaced(
    sql,
    tokens,
    places,
    (at) => quoted(to) + (keepsNames && isGiven(tokens, at) ? ` AS ${quoted(from)}` : ""),
  );
}

/** Whether a name stands by itself in the list of what a SELECT gives. */
function isGiven(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  const ends = next === undefined || next.text === "," || next.text === ")" || isWord(next, "from");
  const [qualifier, dot] = [tokens[at - 2], tokens[at - 1]];
  const first = dot?.text === "." && isIdentifier(qualifier) ? at - 2 : at;
  const before = tokens[first - 1];
  if (!ends || before === undefined || !(before.text === "," || isIdentifier(before))) return false;
  let depth = 0;
  for (let back = first - 1; back >= 0; back--) {
    const token = tokens[back]!;
    if (token.text === ")") depth++;
    if (token.text === "(" && depth-- === 0) return false;
    if (depth === 0 && token.kind === "name" && clauses.has(token.text.toLowerCase()))
      return isWord(token, "select");
  }
  return false;
}

/** Words that begin the parts of a query. */
const clauses: ReadonlySet<string> = new Set([
  "select",
  "from",
  "where",
  "group",
  "having",
  "window",
  "order",
  "limit",
  "set",
  "values",
  "returning",
]);
