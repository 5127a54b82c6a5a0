import { nameText } from "./expression.ts";
import { isIdentifier, isWord, type Token, tryTokenize } from "./lexer.ts";
import { type ObjectKind, type SchemaObject, schemaObject } from "./object.ts";
import { compareText } from "./order.ts";
import type { TableRef } from "./table.ts";

/**
 * Who may use something: an object of the kind `grant` says all that one role may do with one thing. Its definition is
 * the list of privileges, `SELECT, UPDATE (name, size), DELETE WITH GRANT OPTION`; an empty one takes away what everybody
 * has of the thing. What a table, view or sequence grants hangs on it; of anything else the name says what is meant,
 * `app ON FUNCTION area.twice`, and the signature the types of its arguments. The database is the one that is asked, and has
 * no name; what things have that are yet to be made is `app ON DEFAULT TABLES IN area FOR owner`.
 */

/** Something that a role may do. */
export interface Privilege {
  /** In upper case: `SELECT`. */
  readonly name: string;
  /** The columns it is for; null is the whole thing. */
  readonly columns: readonly string[] | null;
  /** The role may hand it on. */
  readonly grantable: boolean;
}

/** What can be granted on, as GRANT calls it; null is a table, view or sequence, DEFAULT what is yet to be made. */
export type GrantedWord =
  | "FUNCTION"
  | "PROCEDURE"
  | "TYPE"
  | "SCHEMA"
  | "FOREIGN SERVER"
  | "FOREIGN DATA WRAPPER"
  | "LANGUAGE"
  | "DATABASE"
  | "DEFAULT"
  | null;

/** A thing that may be used, and by whom. */
export interface GrantTarget extends TableRef {
  readonly word: GrantedWord;
  readonly signature: string | null;
  /** The role's name; `public` is everybody. */
  readonly role: string;
  /** Of what is yet to be made: by whom. Left out, by whoever grants it. */
  readonly by?: string | null;
}

const words: readonly Exclude<GrantedWord, null>[] = [
  "FUNCTION",
  "PROCEDURE",
  "TYPE",
  "SCHEMA",
  "FOREIGN SERVER",
  "FOREIGN DATA WRAPPER",
  "LANGUAGE",
  "DATABASE",
  "DEFAULT",
];

/** The kinds of objects that each word means. */
const kindsOf: Readonly<Record<Exclude<GrantedWord, null>, readonly ObjectKind[]>> = {
  FUNCTION: ["function", "aggregate"],
  PROCEDURE: ["procedure"],
  TYPE: ["domain", "enum", "composite", "range"],
  SCHEMA: [],
  "FOREIGN SERVER": ["server"],
  "FOREIGN DATA WRAPPER": ["foreignDataWrapper"],
  LANGUAGE: [],
  DATABASE: [],
  DEFAULT: [],
};

const relations: readonly ObjectKind[] = ["view", "materializedView", "sequence", "foreignTable"];

/** What GRANT calls things of a kind; undefined where nothing can be granted on them. */
export function grantedWord(kind: ObjectKind): GrantedWord | undefined {
  if (relations.includes(kind)) return null;
  return words.find((word) => kindsOf[word].includes(kind));
}

/** The grant of `privileges`, in the words of a dialect. */
export function grantOn(
  target: GrantTarget,
  privileges: readonly Privilege[],
  dialect: string | null,
): SchemaObject {
  const { word, role, schema, name, signature } = target;
  return schemaObject(
    "grant",
    word === null ? role : [nameText(role), "ON", word, ...pathOf(target)].join(" "),
    privilegeText(privileges),
    { dialect, table: word === null ? { schema, name } : null, signature },
  );
}

/** What follows the word in the name of a grant. */
function pathOf({ word, schema, name, by = null }: GrantTarget): readonly string[] {
  if (word === "DATABASE") return [];
  if (word !== "DEFAULT") return [[...(schema === null ? [] : [schema]), name].map(nameText).join(".")];
  return [
    name,
    ...(schema === null ? [] : ["IN", nameText(schema)]),
    ...(by === null ? [] : ["FOR", nameText(by)]),
  ];
}

/** What a grant is about; null where its name does not say. */
export function grantTarget({
  name,
  table,
  signature,
}: Pick<SchemaObject, "name" | "table" | "signature">): GrantTarget | null {
  if (table !== null) return { word: null, ...table, signature: null, role: name };
  const tokens = tryTokenize(name) ?? [];
  const [role, on] = tokens;
  const word = words.find((each) => each.split(" ").every((part, at) => isWord(tokens[2 + at], part)));
  const path = tokens.slice(2 + (word?.split(" ").length ?? 0)).filter(isIdentifier);
  if (role === undefined || !isWord(on, "on") || word === undefined) return null;
  if (word === "DATABASE") return { word, role: role.value, schema: null, name: "", signature };
  if (word === "DEFAULT") return defaultTarget(role.value, path);
  const [last, schema] = path.toReversed();
  if (last === undefined) return null;
  return { word, role: role.value, schema: schema?.value ?? null, name: last.value, signature };
}

/** `TABLES IN area FOR owner`. */
function defaultTarget(role: string, path: readonly Token[]): GrantTarget | null {
  const [what, ...rest] = path;
  const behind = (word: string): string | null =>
    rest.find((_, at) => at % 2 === 1 && isWord(rest[at - 1], word))?.value ?? null;
  if (what === undefined) return null;
  const name = what.value.toUpperCase();
  return { word: "DEFAULT", role, schema: behind("in"), name, signature: null, by: behind("for") };
}

/** Whether a grant is one on an object. */
export function isGrantOn(
  grant: SchemaObject,
  object: Pick<SchemaObject, "kind" | "schema" | "name" | "signature">,
): boolean {
  if (grant.kind !== "grant") return false;
  const target = grantTarget(grant);
  if (target === null || target.name !== object.name || target.schema !== object.schema) return false;
  const kinds = target.word === null ? relations : kindsOf[target.word];
  return kinds.includes(object.kind) && (object.signature ?? "") === (target.signature ?? "");
}

/** The privileges that a definition lists. */
export function privilegesOf(definition: string): readonly Privilege[] {
  const list: Privilege[] = [];
  let words: string[] = [];
  let columns: string[] | null = null;
  let inside = false;
  const close = (): void => {
    const at = words.indexOf("WITH");
    const name = words.slice(0, at < 0 ? undefined : at).join(" ");
    if (name !== "") list.push({ name, columns, grantable: at >= 0 });
    [words, columns] = [[], null];
  };
  for (const token of tryTokenize(definition) ?? []) {
    if (token.text === "(") [inside, columns] = [true, []];
    else if (token.text === ")") inside = false;
    else if (inside && token.text !== ",") columns?.push(token.value);
    else if (token.text === ",") {
      if (!inside) close();
    } else words.push(token.text.toUpperCase());
  }
  close();
  return list;
}

/** Privileges in one form: each once, those of columns together, in order of their names. */
export function privilegeText(privileges: readonly Privilege[]): string {
  const groups = Map.groupBy(privileges, ({ name, columns }) => `${name} ${columns === null ? "" : "("}`);
  return [...groups.values()]
    .flatMap((list) => (list[0]?.columns === null ? [wholeText(list)] : columnTexts(list)))
    .sort(compareText)
    .join(", ");
}

const suffix = (grantable: boolean): string => (grantable ? " WITH GRANT OPTION" : "");

function wholeText(list: readonly Privilege[]): string {
  return `${list[0]?.name ?? ""}${suffix(list.some(({ grantable }) => grantable))}`;
}

function columnTexts(list: readonly Privilege[]): readonly string[] {
  const columnsOf = (grantable: boolean): readonly string[] =>
    list.filter((each) => each.grantable === grantable).flatMap(({ columns }) => columns ?? []);
  const handedOn = new Set(columnsOf(true));
  const others = new Set(columnsOf(false).filter((column) => !handedOn.has(column)));
  return [
    { columns: others, grantable: false },
    { columns: handedOn, grantable: true },
  ].flatMap(({ columns, grantable }) =>
    columns.size === 0
      ? []
      : [
          `${list[0]?.name ?? ""} (${[...columns].sort(compareText).map(nameText).join(", ")})${suffix(grantable)}`,
        ],
  );
}
