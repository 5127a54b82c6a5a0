import { equal } from "../../schema/equal.ts";
import type { Json, ObjectRef, SchemaObject, TableRef } from "../../schema/index.ts";
import { commentAgain } from "./comments.ts";
import { grant, grantAgain } from "./ddl-grant.ts";
import { memberStatements } from "./ddl-operator-family.ts";
import { withoutLaterChecks } from "./domain-parts.ts";
import { createdName, fullName, keyword } from "./object-words.ts";
import { quoteName, quoteString, quoteTable } from "./quote.ts";

/** The statements that make and drop what stands beside tables, and those that say the rest of it. */

/** The statements that make an object, with all that belongs to it; it is its owner's, where one is known. */
export function createObject(object: SchemaObject): readonly string[] {
  if (object.kind === "grant") return grant(object);
  return [
    ...creation(object),
    ...owner(object),
    ...commentOf(object, null),
    ...settings(object, {}),
    ...roleOf(object, object),
  ];
}

/**
 * The statements that make an object, without what is said of it. What a domain checks of new values alone is added to
 * it: the statement that makes it has no words for that.
 */
export function creation(object: SchemaObject): readonly string[] {
  if (object.kind !== "domain") return [createStatement(object)];
  const { definition, later } = withoutLaterChecks(object);
  const alter = `ALTER DOMAIN ${quoteTable(object)} ADD`;
  return [createStatement({ ...object, definition }), ...later.map((clause) => `${alter} ${clause}`)];
}

/** The same for one that was there before. */
export function createAgain(object: SchemaObject): readonly string[] {
  if (object.kind === "grant") return grantAgain(object);
  return createObject(object);
}

/** Gives an object to whom `like` belongs to, where that is somebody else. */
export function roleOf(object: ObjectRef, like: SchemaObject | undefined): readonly string[] {
  const role = like?.facts?.owner;
  if (role === undefined || ["index", "trigger", "rule", "policy"].includes(object.kind)) return [];
  return [`ALTER ${keyword(object.kind)} ${fullName(object)} OWNER TO ${quoteName(role)}`];
}

/** The statement that makes an object. */
export function createStatement(object: SchemaObject, replacing = ""): string {
  const { kind, options, definition } = object;
  if (kind === "comment") return commentAgain(object);
  const unique = kind === "index" && options["unique"] === true ? "UNIQUE " : "";
  const constraint = kind === "trigger" && options["constraint"] === true ? "CONSTRAINT " : "";
  const words = `CREATE ${replacing}${unique}${constraint}${keyword(kind)} ${createdName(object)}`;
  return definition === "" ? words : `${words} ${definition}`;
}

/** The statement that drops an object, but for grants. */
export function dropObject(ref: ObjectRef): string {
  // What a new database says of it.
  if (ref.kind === "comment" && ref.name === "SCHEMA public")
    return "COMMENT ON SCHEMA public IS 'standard public schema'";
  if (ref.kind === "comment") return `COMMENT ON ${ref.name} IS NULL`;
  // An enum may have gone with its last column.
  if (ref.kind === "enum") return `DROP TYPE IF EXISTS ${quoteTable(ref)}`;
  const name = ref.kind === "index" ? quoteTable(ref) : fullName(ref);
  return `DROP ${keyword(ref.kind)} ${name}`;
}

/** Gives a sequence to its column. */
export function owner(object: SchemaObject): readonly string[] {
  if (object.ownedBy === null) return [];
  return [`ALTER SEQUENCE ${quoteTable(object)} OWNED BY ${columnName(object.ownedBy)}`];
}

function columnName({ table, column }: { readonly table: TableRef; readonly column: string }): string {
  return `${quoteTable(table)}.${quoteName(column)}`;
}

/** The comment, where it is another than `before`. */
export function commentOf(object: SchemaObject, before: string | null): readonly string[] {
  if (object.comment === before) return [];
  const name = object.kind === "index" ? quoteTable(object) : fullName(object);
  const text = object.comment === null ? "NULL" : quoteString(object.comment);
  return [`COMMENT ON ${keyword(object.kind)} ${name} IS ${text}`];
}

type Options = { readonly [option: string]: Json };

/** What of an object is said by statements of its own; `before` is what it has already. */
export function settings(object: SchemaObject, before: Options): readonly string[] {
  const { kind, options } = object;
  const changed = (name: string): boolean => !equal(options[name] ?? null, before[name] ?? null);
  return [
    ...(changed("enabled") ? [enabling(object)] : []),
    ...(changed("columns")
      ? columnSettings(object, notes(before["columns"]), notes(options["columns"]))
      : []),
    ...(kind === "statistics" && changed("target")
      ? [`ALTER STATISTICS ${quoteTable(object)} SET STATISTICS ${String(options["target"] ?? -1)}`]
      : []),
    ...(kind === "index" && changed("clustered")
      ? [
          `ALTER MATERIALIZED VIEW ${quoteTable(object.table ?? object)} ${options["clustered"] === true ? `CLUSTER ON ${quoteName(object.name)}` : "SET WITHOUT CLUSTER"}`,
        ]
      : []),
    ...(kind === "sequence" && changed("unlogged")
      ? [`ALTER SEQUENCE ${quoteTable(object)} SET ${options["unlogged"] === true ? "UNLOGGED" : "LOGGED"}`]
      : []),
    ...(changed("mappings") ? mappings(object, before["mappings"], options["mappings"]) : []),
    ...(changed("members") ? memberStatements(object, before["members"]) : []),
  ];
}

const enablings: Readonly<Record<string, string>> = {
  disabled: "DISABLE",
  replica: "ENABLE REPLICA",
  always: "ENABLE ALWAYS",
};

function enabling(object: SchemaObject): string {
  const how = enablings[String(object.options["enabled"])] ?? "ENABLE";
  if (object.kind === "eventTrigger") return `ALTER EVENT TRIGGER ${quoteName(object.name)} ${how}`;
  return `ALTER TABLE ${quoteTable(object.table ?? object)} ${how} ${keyword(object.kind)} ${quoteName(object.name)}`;
}

interface ColumnNote {
  readonly default?: string;
  readonly comment?: string;
}

function notes(value: Json | undefined): Readonly<Record<string, ColumnNote>> {
  return (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, ColumnNote>>;
}

/** Defaults of a view's columns, and comments of any. */
function columnSettings(
  object: SchemaObject,
  before: Readonly<Record<string, ColumnNote>>,
  after: Readonly<Record<string, ColumnNote>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((column) => {
    const [was, now] = [before[column] ?? {}, after[column] ?? {}];
    const alter = `ALTER ${keyword(object.kind)} ${quoteTable(object)} ALTER COLUMN ${quoteName(column)}`;
    return [
      ...(was.default === now.default
        ? []
        : [now.default === undefined ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${now.default}`]),
      ...(was.comment === now.comment
        ? []
        : [
            `COMMENT ON COLUMN ${columnName({ table: object, column })} IS ${now.comment === undefined ? "NULL" : quoteString(now.comment)}`,
          ]),
    ];
  });
}

/** Which dictionaries look at which kind of token. */
function mappings(
  object: SchemaObject,
  before: Json | undefined,
  after: Json | undefined,
): readonly string[] {
  const list = (value: Json | undefined): Readonly<Record<string, readonly string[]>> =>
    (value ?? {}) as Readonly<Record<string, readonly string[]>>;
  const [was, now] = [list(before), list(after)];
  const alter = `ALTER TEXT SEARCH CONFIGURATION ${quoteTable(object)}`;
  const gone = Object.keys(was).filter((token) => !(token in now));
  return [
    ...gone.map((token) => `${alter} DROP MAPPING FOR ${token}`),
    ...Object.entries(now)
      .filter(([token, dictionaries]) => !equal(was[token], dictionaries))
      .map(
        ([token, dictionaries]) =>
          `${alter} ${token in was ? "ALTER" : "ADD"} MAPPING FOR ${token} WITH ${dictionaries.join(", ")}`,
      ),
  ];
}

/** Says again what a view has beside its definition, whether it was made anew or not. */
export function restated(from: SchemaObject, to: SchemaObject): readonly string[] {
  const [before, after] = [notes(from.options["columns"]), notes(to.options["columns"])];
  const gone = Object.fromEntries(
    Object.entries(before).filter(
      ([column, { default: value }]) => value !== undefined && !(column in after),
    ),
  );
  return [
    ...(from.comment === null && to.comment === null ? [] : commentOf(to, to.comment === null ? "" : null)),
    ...columnSettings(to, gone, {}),
    ...columnSettings(to, {}, after),
  ];
}
