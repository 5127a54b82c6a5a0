import type { CreateObject, DropObject, ReplaceObject } from "../../operation/operation.ts";
import {
  type ObjectRef,
  type Schema,
  type SchemaObject,
  sameDefinition,
  sameObject,
} from "../../schema/index.ts";
import { compareText } from "../../schema/order.ts";
import { type Binding, isMariadb } from "./flavor.ts";
import { quoteName, quoteString } from "./quote.ts";

/** Views, triggers, routines, events and sequences. */

/** Whether an object is for MySQL, or MariaDB. */
export function isOurs({ dialect }: Pick<ObjectRef, "dialect">): boolean {
  return dialect === null || dialect === "mysql" || dialect === "mariadb";
}

/** The statements of one operation on an object; none where it is another dialect's. */
export function objectStatements(
  operation: CreateObject | DropObject | ReplaceObject,
  state: Schema,
  binding: Binding,
): readonly string[] {
  switch (operation.kind) {
    case "createObject":
      return isOurs(operation.object) ? createStatements(operation.object) : [];
    case "dropObject":
      return isOurs(operation.ref) ? [drop(operation.ref)] : [];
    case "replaceObject":
      return isOurs(operation.to)
        ? replace({ ...operation, to: inItsPlace(operation.to, state) }, binding)
        : [];
  }
}

function replace({ from, to }: ReplaceObject, binding: Binding): readonly string[] {
  if (from !== null && sameDefinition({ ...from, comment: to.comment }, to)) return withComment(to, [], true);
  if (to.kind === "sequence") return [alterSequence(from, to), ...commentStatements(to, true)];
  if (to.kind === "view") return around(to, [create(to, "CREATE OR REPLACE")]);
  if (!isMariadb(binding)) return [drop(to), ...createStatements(to)];
  return withComment(to, [create(to, "CREATE OR REPLACE")], from?.comment != null);
}

/** The statements that make an object, the session set for that time as it has to be. */
export function createStatements(object: SchemaObject): readonly string[] {
  return withComment(object, [create(object, "CREATE")], false);
}

/** The statements, and that of the comment. An event that is altered is one of the session that alters it. */
function withComment(object: SchemaObject, statements: readonly string[], had: boolean): readonly string[] {
  const comment = commentStatements(object, had);
  if (object.kind === "event") return around(object, [...statements, ...comment]);
  // What is no ASCII would be read as something else where the object is of another character set.
  return [...(statements.length === 0 ? [] : around(object, statements)), ...comment];
}

function create(object: SchemaObject, verb: string): string {
  const { kind, name, definition, options } = object;
  const definer = options["definer"];
  const words = [
    verb,
    typeof options["algorithm"] === "string" ? `ALGORITHM=${options["algorithm"].toUpperCase()}` : "",
    typeof definer === "string" ? `DEFINER=${account(definer)}` : "",
    kind === "view" && options["security"] === "invoker" ? "SQL SECURITY INVOKER" : "",
    options["aggregate"] === true ? "AGGREGATE" : "",
    `${kind.toUpperCase()} ${quoteName(name)}${definition.startsWith("(") ? "" : " "}${ordered(object)}`,
  ];
  return words.filter((word) => word !== "").join(" ");
}

/** A trigger that is made again would come after all others of its moment: it says before which it stands. */
function inItsPlace(object: SchemaObject, state: Schema): SchemaObject {
  if (object.kind !== "trigger") return object;
  const order: SchemaObject[] = [];
  const others = state.objects.filter(
    (each) => !sameObject(each, object) && momentOf(each) === momentOf(object),
  );
  for (const each of [...others, object].sort((a, b) => compareText(a.name, b.name))) {
    const at = order.findIndex(({ name }) => name === each.options["precedes"]);
    order.splice(at < 0 ? order.length : at, 0, each);
  }
  const next = order[order.indexOf(object) + 1];
  const { precedes: _, ...options } = object.options;
  return { ...object, options: next === undefined ? options : { ...options, precedes: next.name } };
}

/** What fires a trigger: those of one moment stand in an order. Null for what is none. */
function momentOf({ kind, table, definition }: SchemaObject): string | null {
  if (kind !== "trigger") return null;
  return JSON.stringify([
    table?.name,
    definition
      .match(/^\w+\s+\w+/)?.[0]
      .toUpperCase()
      .split(/\s+/),
  ]);
}

/** A trigger that stands before another says so. */
function ordered(object: SchemaObject): string {
  const { kind, definition, options } = object;
  if (kind !== "trigger") return definition;
  const { precedes } = options;
  const said = triggerHead(definition, object);
  if (typeof precedes !== "string") return said;
  return said.replace(/\bFOR\s+EACH\s+ROW\b/i, (words) => `${words} PRECEDES ${quoteName(precedes)}`);
}

/** `app@%` as an account; words like CURRENT_USER and names of roles as they are. */
function account(definer: string): string {
  const at = definer.lastIndexOf("@");
  if (at < 0) return /^current_(?:user|role)$/i.test(definer) ? definer : quoteName(definer);
  return `${quoteName(definer.slice(0, at))}@${quoteName(definer.slice(at + 1))}`;
}

/** An event that is altered is of whoever alters it, where nobody else is said. */
function commentStatements({ kind, name, comment, options }: SchemaObject, had: boolean): readonly string[] {
  if (comment === null && !had) return [];
  const text = quoteString(comment ?? "");
  if (kind === "sequence") return [`ALTER TABLE ${quoteName(name)} COMMENT=${text}`];
  if (!["function", "procedure", "event"].includes(kind)) return [];
  const { definer } = options;
  const whose = kind === "event" && typeof definer === "string" ? `DEFINER=${account(definer)} ` : "";
  return [`ALTER ${whose}${kind.toUpperCase()} ${quoteName(name)} COMMENT ${text}`];
}

/**
 * Everything that can be said is said, so that what is no longer said goes. A sequence goes on counting, but for one
 * that turns round: its numbers are of the other side.
 */
function alterSequence(from: SchemaObject | null, to: SchemaObject): string {
  const { name, definition } = to;
  const goesDown = (sql: string): boolean => /INCREMENT\s+(?:BY\s+)?-/i.test(sql);
  const down = goesDown(definition);
  if (from !== null && goesDown(from.definition) !== down) return create(to, "CREATE OR REPLACE");
  const usual: readonly (readonly [RegExp, string])[] = [
    [/\bINCREMENT\b/i, "INCREMENT BY 1"],
    // `NO MINVALUE` and `NO MAXVALUE` would be those of a sequence that goes up.
    [/\bMINVALUE\b/i, `MINVALUE ${down ? "-9223372036854775807" : "1"}`],
    [/\bMAXVALUE\b/i, `MAXVALUE ${down ? "-1" : "9223372036854775806"}`],
    [
      /\bSTART\b/i,
      `START WITH ${(down ? /\bMAXVALUE\s+(-?\d+)/i : /\bMINVALUE\s+(-?\d+)/i).exec(definition)?.[1] ?? (down ? "-1" : "1")}`,
    ],
    [/\bCACHE\b|\bNOCACHE\b/i, "CACHE 1000"],
    [/\bCYCLE\b/i, "NOCYCLE"],
  ];
  const rest = usual.filter(([word]) => !word.test(definition)).map(([, text]) => text);
  return `ALTER SEQUENCE ${quoteName(name)} ${[definition, ...rest].filter(Boolean).join(" ")}`;
}

/** Variables of the session that an object keeps, by the option that says them. */
const kept: readonly (readonly [string, string])[] = [
  ["sqlMode", "sql_mode"],
  ["timeZone", "time_zone"],
  ["charset", "character_set_client"],
  ["collation", "collation_connection"],
];

/** The statements with the session set for that time as the object was made. */
function around(
  { kind, options, definition, comment }: SchemaObject,
  statements: readonly string[],
): readonly string[] {
  const charset = options["charset"];
  // Another character set would read what is no ASCII as something else.
  const text = kind === "event" ? definition + (comment ?? "") : definition;
  const safe = typeof charset !== "string" || /^utf8/.test(charset) || /^\p{ASCII}*$/u.test(text);
  const set = kept.flatMap(([option, variable]) => {
    const value = options[option];
    return typeof value === "string" && (safe || option !== "charset") ? [{ variable, value }] : [];
  });
  if (set.length === 0) return statements;
  const keep = set.map(({ variable }) => `@athanor_${variable} = @@SESSION.${variable}`);
  const now = set.map(({ variable, value }) => `SESSION ${variable} = ${quoteString(value)}`);
  const back = set.map(({ variable }) => `SESSION ${variable} = @athanor_${variable}`);
  return [`SET ${[...keep, ...now].join(", ")}`, ...statements, `SET ${back.join(", ")}`];
}

function drop({ kind, name }: ObjectRef): string {
  return `DROP ${kind.toUpperCase()} ${quoteName(name)}`;
}

/** What stands before the body of a trigger, written in one way. */
export function triggerHead(definition: string, { table }: SchemaObject): string {
  const parts =
    /^(\w+)\s+(\w+)\s+ON\s+(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|\S+)\s+FOR\s+EACH\s+ROW\s+([\s\S]*)$/i.exec(
      definition,
    );
  if (parts === null || table === null) return definition;
  const [, timing = "", event = "", body = ""] = parts;
  return `${timing.toUpperCase()} ${event.toUpperCase()} ON ${quoteName(table.name)} FOR EACH ROW ${body}`;
}
