import {
  findTable,
  type GrantTarget,
  grantTarget,
  type ObjectRef,
  type Privilege,
  privilegesOf,
  type Schema,
  type SchemaObject,
  sameTable,
  type TableRef,
} from "../../schema/index.ts";
import { dollarTag } from "./object-words.ts";
import { quoteName, quoteString, quoteTable } from "./quote.ts";

/** The statements that grant and take away. */

interface Words {
  /** `ON FUNCTION "twice"(integer)`. */
  readonly on: string;
  readonly role: string;
  /** The statement that a GRANT or REVOKE is in. */
  readonly in: (sql: string) => string;
}

const alone = (sql: string): string => sql;

function wordsOf(ref: Pick<ObjectRef, "name" | "table" | "signature">): Words {
  const target = grantTarget(ref);
  if (target === null) return { on: `ON ${ref.name}`, role: "", in: alone };
  const role = roleName(target.role);
  if (target.word === "DATABASE") return { on: `ON DATABASE ${here}`, role, in: inDatabase };
  if (target.word !== "DEFAULT") return { on: `ON ${thing(target)}`, role, in: alone };
  const { schema, by = null } = target;
  const of = by === null ? "" : `FOR ROLE ${quoteName(by)} `;
  const within = schema === null ? "" : `IN SCHEMA ${quoteName(schema)} `;
  return { on: `ON ${target.name}`, role, in: (sql) => `ALTER DEFAULT PRIVILEGES ${of}${within}${sql}` };
}

/** Stands for the database's name, which a statement has to say: the one it is run in. */
const here = "<database>";

function inDatabase(sql: string): string {
  const text = quoteString(sql.replaceAll("%", "%%").replace(here, "%I"));
  const body = `BEGIN EXECUTE format(${text}, current_database()); END`;
  const tag = dollarTag(body);
  return `DO ${tag} ${body} ${tag}`;
}

function thing({ word, signature, schema, name }: GrantTarget): string {
  if (word === null) return `TABLE ${quoteTable({ schema, name })}`;
  const routine = word === "FUNCTION" || word === "PROCEDURE";
  return `${word} ${quoteTable({ schema, name })}${routine ? `(${signature ?? ""})` : ""}`;
}

/** Everybody has no quotes. */
function roleName(role: string): string {
  return role === "public" ? "PUBLIC" : quoteName(role);
}

/** Statements for `privileges`, those that may be handed on apart. */
function each(
  privileges: readonly Privilege[],
  say: (list: string, grantable: boolean) => string,
): readonly string[] {
  return [false, true].flatMap((grantable) => {
    const list = privileges.filter((one) => one.grantable === grantable).map(privilegeSql);
    return list.length === 0 ? [] : [say(list.join(", "), grantable)];
  });
}

function privilegeSql({ name, columns }: Privilege): string {
  return columns === null ? name : `${name} (${columns.map(quoteName).join(", ")})`;
}

function given(privileges: readonly Privilege[], { on, role, in: within }: Words): readonly string[] {
  return each(privileges, (list, grantable) =>
    within(`GRANT ${list} ${on} TO ${role}${grantable ? " WITH GRANT OPTION" : ""}`),
  );
}

function taken(list: string, { on, role, in: within }: Words): string {
  return within(`REVOKE ${list} ${on} FROM ${role}`);
}

/** Exactly what the object says: what the role has by default privileges, or as everybody has it, is taken first. */
export function grant(object: SchemaObject): readonly string[] {
  const words = wordsOf(object);
  return [taken("ALL", words), ...given(privilegesOf(object.definition), words)];
}

/**
 * As it is where nobody says anything: nothing, but that everybody may call functions, use types and languages, and
 * connect.
 */
export function ungrant(ref: ObjectRef): readonly string[] {
  const words = wordsOf(ref);
  const target = grantTarget(ref);
  const ofOwner = isPublicSchema(target) && target?.role === "pg_database_owner" ? "CREATE, USAGE" : null;
  const usual = words.role === "PUBLIC" ? usualOf(target) : ofOwner;
  if (usual === null) return [taken("ALL", words)];
  const given = words.in(`GRANT ${usual} ${words.on} TO ${words.role}`);
  // There is more that may have been granted.
  return target?.word === "DATABASE" || target?.word === "SCHEMA" ? [taken("ALL", words), given] : [given];
}

/** What everybody may do where nobody says anything, in the order of the names; null is nothing. */
export function usualOf(target: GrantTarget | null, version = 150_000): string | null {
  const { word = null, name = "", schema = null } = target ?? {};
  if (isPublicSchema(target)) return version >= 150_000 ? "USAGE" : "CREATE, USAGE";
  if (word === "DEFAULT") return schema === null ? (usual[name] ?? null) : null;
  return usual[word ?? ""] ?? null;
}

/** The schema that every database begins with, and with it what its owner and everybody may do there. */
function isPublicSchema(target: GrantTarget | null): boolean {
  return target?.word === "SCHEMA" && target.name === "public";
}

const usual: Readonly<Record<string, string>> = {
  FUNCTION: "EXECUTE",
  PROCEDURE: "EXECUTE",
  TYPE: "USAGE",
  LANGUAGE: "USAGE",
  DATABASE: "CONNECT, TEMPORARY",
  FUNCTIONS: "EXECUTE",
  TYPES: "USAGE",
};

/** What is another is given and taken, the rest stays. Privileges of a column went with it. */
export function regrant(from: SchemaObject, to: SchemaObject, state: Schema): readonly string[] {
  const words = wordsOf(to);
  const table = to.table === null ? undefined : findTable(state, to.table);
  const there = (column: string): boolean => table?.columns.some(({ name }) => name === column) ?? true;
  const [old, now] = [singly(from), singly(to)];
  const gone = [...old].filter(([key, { columns }]) => !now.has(key) && (columns?.every(there) ?? true));
  const less = gone.map(([, one]) => ({ ...one, grantable: false }));
  const option = [...now].filter(([key, one]) => !one.grantable && old.get(key)?.grantable === true);
  const come = [...now].filter(([key, one]) => old.get(key)?.grantable !== one.grantable);
  const more = come.filter(([key, one]) => one.grantable || !old.has(key)).map(([, one]) => one);
  // What is taken of the whole is taken of its columns too: those are given again.
  const whole = new Set(less.filter(({ columns }) => columns === null).map(({ name }) => name));
  const again = [...now.values()].filter(
    (one) => one.columns !== null && whole.has(one.name) && !more.includes(one),
  );
  return [
    ...each(less, (list) => taken(list, words)),
    ...option.map(([, one]) => taken(`GRANT OPTION FOR ${privilegeSql(one)}`, words)),
    ...given(merged([...more, ...again]), words),
  ];
}

/** Each privilege by its name, of each column by itself. */
function singly({ definition }: SchemaObject): ReadonlyMap<string, Privilege> {
  return new Map(
    privilegesOf(definition).flatMap((one) =>
      (one.columns?.map((column) => [column]) ?? [null]).map((columns): [string, Privilege] => [
        JSON.stringify([one.name, columns]),
        { ...one, columns },
      ]),
    ),
  );
}

/** Columns of one privilege together. */
function merged(list: readonly Privilege[]): readonly Privilege[] {
  const groups = Map.groupBy(list, ({ name, columns, grantable }) =>
    JSON.stringify([name, columns === null, grantable]),
  );
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    columns: group[0]!.columns === null ? null : group.flatMap(({ columns }) => columns ?? []),
  }));
}

/**
 * What a thing granted that was dropped and made again. It may have a column less than it had: who could see that one
 * alone sees nothing now.
 */
export function grantAgain(object: SchemaObject): readonly string[] {
  const privileges = privilegesOf(object.definition);
  const ofColumns = [...singly(object).values()].filter(({ columns }) => columns !== null);
  if (ofColumns.length === 0) return grant(object);
  const words = wordsOf(object);
  const [revoke = ""] = grant(object);
  return [
    revoke,
    ...given(
      privileges.filter(({ columns }) => columns === null),
      words,
    ),
    ...ofColumns.flatMap((one) =>
      given([one], words).map(
        (sql) => `DO $athanor$ BEGIN ${sql}; EXCEPTION WHEN undefined_column THEN NULL; END $athanor$`,
      ),
    ),
  ];
}

/** What roles may do with columns that were dropped and made again. */
export function columnGrants(table: TableRef, columns: readonly string[], state: Schema): readonly string[] {
  return state.objects.flatMap((object) => {
    if (object.kind !== "grant" || object.table === null || !sameTable(object.table, table)) return [];
    const of = privilegesOf(object.definition).flatMap((one) => {
      const own = one.columns?.filter((column) => columns.includes(column)) ?? [];
      return own.length === 0 ? [] : [{ ...one, columns: own }];
    });
    return given(of, wordsOf(object));
  });
}

/** What roles may do with something, of what takes its place. */
export function grantsOf(from: TableRef, to: TableRef, state: Schema): readonly string[] {
  return state.objects.flatMap((object) => {
    const isIts = object.kind === "grant" && object.table !== null && sameTable(object.table, from);
    return isIts ? grant({ ...object, table: { schema: to.schema, name: to.name } }) : [];
  });
}
