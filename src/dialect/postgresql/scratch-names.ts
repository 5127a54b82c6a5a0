import { type Standing, tableNode } from "../../schema/dependencies.ts";
import type { ObjectKind, Schema, SchemaObject, Table, TableRef } from "../../schema/index.ts";
import { isIdentifier, isWord, operatorAt, type Token } from "../../schema/lexer.ts";
import { placeRefs } from "../../schema/place.ts";
import type { Connection } from "../connection.ts";
import { readNamespaces } from "./catalog.ts";
import { membersOf } from "./ddl-operator-family.ts";
import { knownOf } from "./inspect.ts";
import { tokensOf } from "./object-words.ts";
import { quoteName } from "./quote.ts";
import type { Scratch } from "./scratch.ts";

/** How the definition of a type's usual operator class begins. */
export const usualClass: RegExp = /^default\s+/i;

/**
 * Schemas of a transaction's own in place of those that things are said to be in. The one for the default schema stands
 * first in the search path, so that names without a schema mean what is made, and are printed without one.
 */
export class ScratchNames {
  /** The name in place of each schema's; the default one is under the empty name. */
  readonly #places: ReadonlyMap<string, string>;
  /** How the server writes each schema's name. */
  readonly #quoted: ReadonlyMap<string, string>;
  readonly #made: ReadonlySet<string>;
  readonly #default: string;
  /** Publications are in no schema: the names that they are made under, with their own. */
  readonly #publications = new Map<string, string>();

  private constructor(
    places: ReadonlyMap<string, string>,
    quoted: ReadonlyMap<string, string>,
    made: ReadonlySet<string>,
    own: string,
  ) {
    this.#places = places;
    this.#quoted = quoted;
    this.#made = made;
    this.#default = own;
  }

  /** Makes the schemas for what is to be made; null where the server does not let us. */
  static async open(
    standings: readonly Standing[],
    connection: Connection,
    scratch: Scratch,
  ): Promise<ScratchNames | null> {
    const refs = standings.map((each) => (each.kind === "table" ? each.table : each.object));
    const schemas = [...new Set(refs.map((ref) => ref.schema ?? ""))].filter((name) => name !== "");
    const places = new Map(["", ...schemas].map((name, at) => [name, `athanor_scratch_${at}`]));
    for (const place of places.values()) {
      if (!(await scratch.attempt(`CREATE SCHEMA ${place}`))) return null;
    }
    const list = schemas.map((_, at) => `quote_ident($${at + 1})`);
    const columns = ["current_schema()", "current_setting('search_path')", ...list].join(", ");
    const { rows } = await connection.query(`SELECT ${columns}`, schemas);
    const [own, path, ...quoted] = (rows[0] ?? []).map(String);
    await scratch.attempt(`SET LOCAL search_path = ${places.get("") ?? ""}, ${path ?? "public"}`);
    await scratch.attempt("SET LOCAL check_function_bodies = off");
    return new ScratchNames(
      places,
      new Map(schemas.map((name, at) => [name, quoted[at] ?? name])),
      new Set(refs.map((ref) => tableNode({ schema: ref.schema, name: ref.name.toLowerCase() }))),
      own ?? "public",
    );
  }

  /** An object as it is made. */
  object(object: SchemaObject): SchemaObject {
    if (isOfDatabase(object)) return { ...object, definition: this.#inPlaces(object.definition) };
    const made = { ...placeRefs(object, this.#place), definition: this.#rewritten(object.definition) };
    if (object.kind === "operator") return { ...made, definition: this.#withOperators(object) };
    if (object.kind === "operatorClass") {
      return { ...made, definition: made.definition.replace(usualClass, "") };
    }
    if (object.kind === "operatorFamily") {
      const members = membersOf(object.options["members"]).map((member) => this.#rewritten(member));
      return { ...made, options: { ...object.options, members } };
    }
    if (object.kind !== "publication") return made;
    const name = `athanor_scratch_publication_${this.#publications.size}`;
    this.#publications.set(name, object.name);
    return { ...made, schema: null, name, definition: this.#inPlaces(made.definition) };
  }

  /** A table as it is made. */
  table(table: Table): Table {
    const placed = placeRefs(table, this.#place);
    return {
      ...placed,
      columns: placed.columns.map((column) => ({
        ...column,
        type: this.#type(column.type),
        collation: column.collation === null ? null : this.#rewritten(column.collation),
      })),
      options: this.#texts(placed.options) as Table["options"],
    };
  }

  #type(type: Table["columns"][number]["type"]): Table["columns"][number]["type"] {
    if (type.kind === "array") return { kind: "array", of: this.#type(type.of) };
    return type.kind === "native" ? { ...type, sql: this.#rewritten(type.sql) } : type;
  }

  #texts(value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        (key === "partitionBy" || key === "bound") && typeof inner === "string"
          ? this.#rewritten(inner)
          : this.#texts(inner),
      ]),
    );
  }

  readonly #place = (ref: TableRef): TableRef => ({
    schema: this.#places.get(ref.schema ?? "") ?? ref.schema,
    name: ref.name,
  });

  /** SQL in which names of what is made lead there. */
  #rewritten(sql: string): string {
    const tokens = tokensOf(sql);
    let result = "";
    let copied = 0;
    tokens.forEach((token, at) => {
      if (!isIdentifier(token) || tokens[at + 1]?.text !== ".") return;
      const name = namedAt(tokens, at + 2);
      if (name === null) return;
      if (tokens[at - 1]?.text === "." || isWord(token, "pg_catalog")) return;
      const schema = token.value === this.#default ? null : token.value;
      const place = this.#places.get(schema ?? "");
      if (place === undefined || !this.#made.has(tableNode({ schema, name: name.toLowerCase() }))) return;
      result += sql.slice(copied, token.start) + quoteName(place);
      copied = token.end;
    });
    return result + sql.slice(copied);
  }

  /** An operator whose commutator and negator are those that are made, not those of the same name elsewhere. */
  #withOperators({ schema, definition }: SchemaObject): string {
    const others = /\b(COMMUTATOR|NEGATOR)(\s*=\s*)(?:OPERATOR\s*\(([^\s().]+)\)|([^\s,().]+))(?=\s*[,)])/gi;
    return this.#rewritten(definition).replaceAll(others, (whole, word, equals, inside, bare) => {
      const name = String(inside ?? bare);
      const place = this.#places.get(schema ?? "");
      const made = this.#made.has(tableNode({ schema, name: name.toLowerCase() }));
      return made && place !== undefined ? `${word}${equals}OPERATOR(${quoteName(place)}.${name})` : whole;
    });
  }

  /** SQL in which schemas as a whole are those that are made. */
  #inPlaces(sql: string): string {
    let result = "";
    let copied = 0;
    const tokens = tokensOf(sql);
    tokens.forEach((token, at) => {
      const place = isIdentifier(token) ? this.#places.get(token.value) : undefined;
      if (place === undefined || !isWord(tokens[at - 1], "schema")) return;
      result += sql.slice(copied, token.start) + quoteName(place);
      copied = token.end;
    });
    return result + sql.slice(copied);
  }

  /** What was made of these kinds, and how tables are parted where that is asked, under the names that it has elsewhere. */
  async read(
    connection: Connection,
    kinds: ReadonlySet<ObjectKind>,
    parted: boolean,
  ): Promise<Pick<Schema, "tables" | "objects">> {
    const catalog = await readNamespaces(connection, [...this.#places.values()], kinds, parted);
    const { tables, objects } = knownOf(catalog);
    return { tables: this.#named(tables), objects: this.#named(objects) };
  }

  #named<T>(value: T): T {
    const schemas = new Map([...this.#places].map(([name, place]) => [place, name === "" ? null : name]));
    const walk = (inner: unknown, key: string): unknown => {
      if (typeof inner === "string") {
        if (!inner.includes("athanor_scratch_")) return inner;
        if (key === "schema") return schemas.get(inner) ?? null;
        return this.#publications.get(inner) ?? this.#printed(inner);
      }
      if (Array.isArray(inner)) return inner.map((each) => walk(each, ""));
      if (typeof inner !== "object" || inner === null) return inner;
      return Object.fromEntries(Object.entries(inner).map(([name, each]) => [name, walk(each, name)]));
    };
    return walk(value, "") as T;
  }

  #printed(sql: string): string {
    let printed = sql;
    for (const [name, place] of this.#places) {
      const written = name === "" ? "" : `${this.#quoted.get(name) ?? name}.`;
      printed = printed
        .replaceAll(new RegExp(`\\b${place}\\.`, "g"), () => written)
        .replaceAll(new RegExp(`\\bIN SCHEMA ${place}\\b`, "g"), () => `IN SCHEMA ${written.slice(0, -1)}`);
    }
    return printed;
  }
}

/** What of a schema is named behind it; null for nothing. */
function namedAt(tokens: readonly Token[], at: number): string | null {
  const token = tokens[at];
  return isIdentifier(token) ? token.value : operatorAt(tokens, at);
}

/** Whether a kind is in no schema, and others are made of it: there is one of that name at most, made or found. */
export function isOfDatabase({ kind }: SchemaObject): boolean {
  return kind === "extension" || kind === "foreignDataWrapper" || kind === "server";
}
