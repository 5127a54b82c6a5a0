import { enumObject } from "./enum-object.ts";
import { parentsOf } from "./family.ts";
import { grantTarget, isGrantOn } from "./grant.ts";
import { isIdentifier, isWord, operatorAt, type Token, tryTokenize } from "./lexer.ts";
import { sameTable } from "./lookup.ts";
import { type Dependency, isRelation, objectKey, type SchemaObject, sameObject } from "./object.ts";
import type { Schema } from "./schema.ts";
import type { Table, TableRef } from "./table.ts";

/**
 * What stands on what. A database's catalog knows it exactly; where nobody asked it, names in the text of a definition
 * tell: too much rather than too little, since it is only for order.
 */

/** Something in a schema that others can stand on. */
export type Standing =
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "object"; readonly object: SchemaObject };

/** The key of something that stands, for maps. */
export function standingKey(standing: Standing): string {
  return standing.kind === "table" ? tableNode(standing.table) : objectKey(standing.object);
}

/** The key of a table among other things that stand. */
export function tableNode({ schema, name }: TableRef): string {
  return JSON.stringify(["table", schema, name]);
}

/** Finds what the tables and objects of one schema stand on. */
export class Dependencies {
  readonly #tables = new Map<string, Table>();
  readonly #byName = new Map<string, Standing[]>();
  /** Operator classes that indexes have where nobody names one, by the name of their type. */
  readonly #byType = new Map<string, Standing[]>();

  constructor(schema: Pick<Schema, "tables" | "enums" | "objects">) {
    for (const table of schema.tables) {
      this.#tables.set(tableNode(table), table);
      this.#add(table.name, { kind: "table", table });
    }
    for (const each of schema.enums) {
      this.#add(each.name, { kind: "object", object: enumObject(each) });
    }
    for (const object of schema.objects) {
      if (!unreferable.has(object.kind)) this.#add(object.name, { kind: "object", object });
      const type = typeOfClass(object);
      if (type !== null) this.#add(type, { kind: "object", object }, this.#byType);
    }
  }

  #add(name: string, standing: Standing, to = this.#byName): void {
    const key = name.toLowerCase();
    const list = to.get(key);
    if (list === undefined) to.set(key, [standing]);
    else list.push(standing);
  }

  /** What an object stands on, itself left out. */
  ofObject(object: SchemaObject): readonly Standing[] {
    if (object.kind === "grant") return this.#granted(object);
    if (object.kind === "comment") return this.#commented(object);
    const hung = object.table === null ? [] : this.#named(object.table);
    const owner = object.ownedBy === null ? [] : this.#tableOf(object.ownedBy.table);
    const rest = object.dependsOn?.flatMap((each) => this.#find(each)) ?? this.#inText(object);
    return [...hung, ...rest].filter(
      (each) => !owner.includes(each) && !(each.kind === "object" && sameObject(each.object, object)),
    );
  }

  /**
   * The routines that are called in the body of one, which no catalog knows: they have to be there as soon as it is
   * run, as the index of a table runs it.
   */
  calledBy(object: SchemaObject): readonly Standing[] {
    if (object.signature === null) return [];
    return this.#mentioned(callsOf(object), object.schema).filter(
      (each) => each.kind === "object" && each.object.signature !== null && !sameObject(each.object, object),
    );
  }

  /** What of that an object stands on for certain: a word of its text may as well be a column. */
  certainly(object: SchemaObject): readonly Standing[] {
    const isByName = object.kind === "grant" || object.kind === "comment";
    if (object.dependsOn !== undefined || isByName) return this.ofObject(object);
    const sure = namesOf(textOf(object), object).filter(({ certain }) => certain);
    return [
      ...(object.table === null ? [] : this.#named(object.table)),
      ...this.#mentioned(sure, object.schema),
    ];
  }

  /** What a table stands on: types, functions, what it is a part of. Foreign keys are left out: they can come later. */
  ofTable(table: Table): readonly Standing[] {
    const parents = parentsOf(table).flatMap((ref) => this.#tableOf(ref));
    const names = namesOf(tableText(table));
    return [...parents, ...this.#mentioned(names, table.schema), ...this.#usual(names, table)].filter(
      (each) => !(each.kind === "table" && sameTable(each.table, table)),
    );
  }

  /** The operator classes that a table's keys may have without saying so. */
  #usual(names: readonly Mention[], table: Table): readonly Standing[] {
    if (this.#byType.size === 0) return [];
    const types = new Set([...names.map(({ name }) => name), ...table.columns.map(({ type }) => type.kind)]);
    return [...types].flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** What a grant is on: its name says it, whoever was asked. */
  #granted(grant: SchemaObject): readonly Standing[] {
    if (grant.table !== null) return this.#named(grant.table);
    const target = grantTarget(grant);
    return (this.#byName.get(target?.name.toLowerCase() ?? "") ?? []).filter(
      (each) => each.kind === "object" && isGrantOn(grant, each.object),
    );
  }

  /** What a comment is on: the last of its name, `CONSTRAINT much ON DOMAIN area.size`. */
  #commented({ name }: SchemaObject): readonly Standing[] {
    const tokens = tryTokenize(name) ?? [];
    const [last, schema] = isWord(tokens[0], "schema") ? [] : tokens.filter(isIdentifier).toReversed();
    const qualified = schema !== undefined && name.charAt(schema.end) === ".";
    const ref = { schema: qualified ? schema.value : null, name: last?.value ?? "" };
    return (this.#byName.get(ref.name.toLowerCase()) ?? []).filter(
      (each) => each.kind === "object" && typed.has(each.object.kind) && sameTable(each.object, ref),
    );
  }

  #inText(object: SchemaObject): readonly Standing[] {
    return this.#mentioned(namesOf(textOf(object), object), object.schema);
  }

  #tableOf(ref: TableRef): readonly Standing[] {
    const table = this.#tables.get(tableNode(ref));
    return table === undefined ? [] : [{ kind: "table", table }];
  }

  /** The relation of that name: a table, a view. */
  #named(ref: TableRef): readonly Standing[] {
    return (this.#byName.get(ref.name.toLowerCase()) ?? []).filter((each) =>
      each.kind === "table"
        ? sameTable(each.table, ref)
        : isRelation(each.object) && sameTable(each.object, ref),
    );
  }

  #find(dependency: Dependency): readonly Standing[] {
    return (this.#byName.get(dependency.name.toLowerCase()) ?? []).filter((each) => {
      if (each.kind === "table") return dependency.kind === "table" && sameTable(each.table, dependency);
      const { object } = each;
      return (
        object.kind === dependency.kind &&
        sameTable(object, dependency) &&
        object.signature === dependency.signature
      );
    });
  }

  #mentioned(names: readonly Mention[], home: string | null): readonly Standing[] {
    return names.flatMap(({ schema, name }) =>
      (this.#byName.get(name) ?? []).filter((each) => {
        const own = (each.kind === "table" ? each.table : each.object).schema;
        if (schema === null) return own === null || own === home;
        return (own ?? "public").toLowerCase() === schema;
      }),
    );
  }
}

/** Kinds that nothing can name. */
const unreferable: ReadonlySet<string> = new Set([
  "index",
  "trigger",
  "policy",
  "rule",
  "grant",
  "comment",
  "eventTrigger",
  "event",
  "cast",
  "publication",
]);

/** The type that an operator class is for, where it is the usual one of it. */
function typeOfClass({ kind, definition }: SchemaObject): string | null {
  if (kind !== "operatorClass") return null;
  const tokens = tryTokenize(definition) ?? [];
  const end = tokens.findIndex((token) => isWord(token, "using"));
  return isWord(tokens[0], "default") && end > 0 ? (tokens[end - 1]?.value ?? null) : null;
}

/** What an object says that may name others. */
function textOf({ definition, options }: SchemaObject): string {
  const members = options["members"];
  return Array.isArray(members) ? [definition, ...members].join(", ") : definition;
}

/** Kinds that a comment of its own is on. */
const typed: ReadonlySet<string> = new Set(["enum", "domain"]);

interface Mention {
  readonly schema: string | null;
  readonly name: string;
  /** It stands where no column can. */
  readonly certain: boolean;
}

/** Words that a relation, type or routine follows, and no column. */
const introducing: ReadonlySet<string> = new Set([
  "from",
  "join",
  "into",
  "update",
  "only",
  "table",
  "of",
  "returns",
  "setof",
  "references",
  "function",
  "procedure",
  "call",
  "::",
]);

const known = new WeakMap<object, readonly Mention[]>();

/** The names in a text, in lower case: qualified ones with their schema. What cannot be read names nothing. */
function namesOf(text: string, key?: SchemaObject): readonly Mention[] {
  const isVirtual = key?.kind === "virtualTable";
  const cached = key === undefined ? undefined : known.get(key);
  if (cached !== undefined) return cached;
  const found = new Map<string, Mention>();
  const tokens = tryTokenize(text) ?? [];
  const operators = key?.kind === "operatorClass" || key?.kind === "operatorFamily";
  // What an operator says of others can be said before they are there.
  const spoken = key !== undefined && key.kind !== "operator";
  tokens.forEach((token, at) => {
    const sign = spoken ? operatorAt(tokens, at) : null;
    const isName = sign !== null || isIdentifier(token);
    if (isVirtual ? !isContent(tokens, at) : !isName) return;
    const qualifier = tokens[at - 1]?.text === "." ? tokens[at - 2] : undefined;
    const schema = isIdentifier(qualifier) ? qualifier.value.toLowerCase() : null;
    const name = sign ?? token.value.toLowerCase();
    const place = `${schema ?? ""}\0${name}`;
    const before = tokens[schema === null ? at - 1 : at - 3]?.text.toLowerCase() ?? "";
    const certain = isVirtual || operators || introducing.has(before) || tokens[at + 1]?.text === "(";
    found.set(place, { schema, name, certain: certain || found.get(place)?.certain === true });
  });
  const names = [...found.values()];
  if (key !== undefined) known.set(key, names);
  return names;
}

const calls = new WeakMap<SchemaObject, readonly Mention[]>();

/** What a routine's texts in quotes call, its body among them. */
function callsOf(object: SchemaObject): readonly Mention[] {
  const cached = calls.get(object);
  if (cached !== undefined) return cached;
  const found = (tryTokenize(object.definition) ?? [])
    .filter(({ kind }) => kind === "string")
    .flatMap(({ value }) => namesOf(value).filter(({ certain }) => certain));
  calls.set(object, found);
  return found;
}

/** Whether a virtual table is over what a token names: words in its columns and other options mean nothing. */
function isContent(tokens: readonly Token[], at: number): boolean {
  const isVocabulary = /vocab$/i.test(tokens[1]?.value ?? "");
  return isVocabulary || (tokens[at - 1]?.text === "=" && isWord(tokens[at - 2], "content"));
}

/** Every SQL text of a table, and the names of its types. */
function tableText(table: Table): string {
  const texts: (string | null)[] = [
    ...table.columns.flatMap((column) => [
      typeText(column.type),
      column.default?.kind === "expression" ? column.default.sql : null,
      column.generated?.expression ?? null,
      collationText(column.collation),
    ]),
    ...table.checks.map((check) => check.expression),
    ...table.indexes.flatMap((index) => [
      index.where,
      ...index.parts.flatMap((part) => [part.expression, collationText(part.collation), part.operatorClass]),
    ]),
    ...table.exclusions.flatMap(({ where, elements }) => [
      where,
      ...elements.flatMap(({ part }) => [part.expression, part.operatorClass]),
    ]),
    ...Object.values(table.options).flatMap((own) => [textOption(own["partitionBy"]), textOption(own["of"])]),
  ];
  return texts.filter((text) => text !== null && text !== "").join(" ; ");
}

function textOption(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** One that is in a schema is written with it, any other one is a bare name. */
function collationText(collation: string | null): string | null {
  return collation === null || collation.includes(".") ? collation : quoted(collation);
}

function typeText(type: Table["columns"][number]["type"]): string | null {
  if (type.kind === "array") return typeText(type.of);
  if (type.kind === "user") return typeText(type.base);
  if (type.kind === "enum" && type.name !== null) {
    return type.schema === null ? quoted(type.name) : `${quoted(type.schema)}.${quoted(type.name)}`;
  }
  return type.kind === "native" ? type.sql : null;
}

/**
 * Whether an object stands on a relation, as far as `columns` are concerned: on any of it where null. Where no catalog
 * was asked, its text may say more than it means.
 */
export function dependsOn(object: SchemaObject, ref: TableRef, columns: readonly string[] | null): boolean {
  if (object.dependsOn === undefined) {
    const names = namesOf(textOf(object), object).map(({ name }) => name);
    const mentions = (name: string): boolean => names.includes(name.toLowerCase());
    return mentions(ref.name) && (columns === null || columns.some(mentions));
  }
  // What hangs on a table stands on all of it, and on those columns that it names.
  const hangs = columns !== null && object.table !== null && sameTable(object.table, ref);
  return object.dependsOn.some(
    (each) =>
      (each.kind === "table" || isRelation({ kind: each.kind })) &&
      sameTable(each, ref) &&
      (columns === null ||
        (each.columns.length === 0 ? !hangs : each.columns.some((column) => columns.includes(column)))),
  );
}

/**
 * The objects that stand on `roots`, directly or through others, those that stand on others of them last: in the order
 * in which they can be made. The roots themselves are left out.
 */
export function objectsOn(
  schema: Pick<Schema, "tables" | "enums" | "objects">,
  isRoot: (object: SchemaObject) => boolean,
  stands: (object: SchemaObject) => boolean,
): readonly SchemaObject[] {
  const dependencies = new Dependencies(schema);
  const below = new Map(
    schema.objects.map((object) => [
      object,
      dependencies.ofObject(object).flatMap((each) => (each.kind === "object" ? [each.object] : [])),
    ]),
  );
  const roots = new Set(schema.objects.filter(isRoot));
  const found = new Set(schema.objects.filter((object) => !roots.has(object) && stands(object)));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [object, list] of below) {
      if (!roots.has(object) && list.some((each) => found.has(each) || roots.has(each))) found.add(object);
    }
  }
  return inOrder([...found], (object) => below.get(object) ?? []);
}

/** `items`, each after those of them that it stands on; as they were where they stand on each other in a circle. */
export function inOrder<T>(items: readonly T[], below: (item: T) => readonly T[]): readonly T[] {
  const open = new Set(items);
  const ordered: T[] = [];
  const visit = (item: T): void => {
    if (!open.delete(item)) return;
    for (const each of below(item)) visit(each);
    ordered.push(item);
  };
  for (const item of items) visit(item);
  return ordered;
}

/** Objects and tables as what may stand on something. */
export function standingsOf(objects: readonly SchemaObject[], tables: readonly Table[]): readonly Standing[] {
  return [
    ...objects.map((object): Standing => ({ kind: "object", object })),
    ...tables.map((table): Standing => ({ kind: "table", table })),
  ];
}

/** These, and all that `below` says they stand on, and so on down. */
export function closure(
  standings: readonly Standing[],
  below: (standing: Standing) => readonly Standing[],
): readonly Standing[] {
  const found = new Map<string, Standing>();
  const open = [...standings];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    const key = standingKey(each);
    if (found.has(key)) continue;
    found.set(key, each);
    open.push(...below(each));
  }
  return [...found.values()];
}
