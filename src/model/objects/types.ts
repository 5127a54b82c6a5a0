import { schemaObject } from "../../schema/index.ts";
import { ModelColumn } from "../column.ts";
import { DatabaseObject, type ObjectName, refOf } from "./database-object.ts";
import { made, type ObjectOptions } from "./makers.ts";
import { owners } from "./one-database.ts";
import { nameOf } from "./text.ts";

/** A domain: `domain("positive", "integer CHECK (VALUE > 0)")`. Columns are of it by `type: t.native("postgresql", "positive")`. */
export function domain(name: ObjectName, definition: string, options: ObjectOptions = {}): DatabaseObject {
  return made(
    "domain",
    name,
    definition,
    { dialect: owners.types, ...options },
    () => ({}),
    (sql) => `AS ${sql}`,
  );
}

/** A composite type, its attributes by name: `composite("place", { street: "text", no: "integer" })`. */
export function composite(
  name: ObjectName,
  attributes: { readonly [attribute: string]: string },
  options: ObjectOptions & { readonly comments?: { readonly [attribute: string]: string } } = {},
): DatabaseObject {
  const list = Object.entries(attributes).map(
    ([key, type]) => `${nameOf({ schema: null, name: key })} ${type}`,
  );
  const notes = Object.entries(options.comments ?? {}).map(([key, comment]) => [key, { comment }] as const);
  return made("composite", name, `AS (${list.join(", ")})`, { dialect: owners.types, ...options }, () =>
    notes.length === 0 ? {} : { options: { columns: Object.fromEntries(notes) } },
  );
}

/** A range type: `range("floats", { subtype: "float8", subtype_diff: "float8mi" })`. */
export function range(
  name: ObjectName,
  parameters: { readonly subtype: string; readonly [parameter: string]: string },
  options: ObjectOptions = {},
): DatabaseObject {
  const list = Object.entries(parameters).map(([key, value]) => `${key} = ${value}`);
  return made("range", name, `AS RANGE (${list.join(", ")})`, { dialect: owners.types, ...options });
}

/** An enum that no column has, or that something else needs; those of columns come by themselves. */
export function enumType(name: ObjectName, values: readonly string[]): DatabaseObject {
  const ref = refOf(name);
  return new DatabaseObject(`enum ${ref.name}`, () => ({
    enums: [{ kind: "enum", schema: ref.schema, name: ref.name, values }],
  }));
}

/** An extension, with all that it brings: `extension("pg_trgm")`. Its comment is its own, unless another is said. */
export function extension(
  name: string,
  options: { readonly schema?: string; readonly comment?: string } = {},
): DatabaseObject {
  const schema =
    options.schema === undefined ? "" : `SCHEMA ${nameOf({ schema: null, name: options.schema })}`;
  return made("extension", name, schema, { dialect: owners.types, comment: options.comment ?? null });
}

/** A named schema, where nothing else says it. */
export function namespace(name: string, options: { readonly comment?: string } = {}): DatabaseObject {
  const { comment } = options;
  const quoted = nameOf({ schema: null, name });
  return new DatabaseObject(`schema ${name}`, () => ({
    namespaces: [name],
    objects:
      comment === undefined
        ? []
        : [
            schemaObject("comment", `SCHEMA ${quoted}`, `IS '${comment.replaceAll("'", "''")}'`, {
              dialect: owners.types,
            }),
          ],
  }));
}

/** What can be said of a sequence; numbers as text where they have more than 53 bits. */
export interface SequenceOptions extends ObjectOptions {
  readonly type?: "smallint" | "integer" | "bigint";
  readonly start?: number | string;
  readonly increment?: number | string;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly cache?: number | string;
  readonly cycle?: boolean;
  /** The column it goes away with. */
  readonly ownedBy?: () => ModelColumn<unknown> | { readonly table: ObjectName; readonly column: string };
}

/** A sequence that stands alone; those of columns come by themselves. */
export function sequence(name: ObjectName, options: SequenceOptions = {}): DatabaseObject {
  const { type, start, increment, min, max, cache, cycle, ownedBy } = options;
  const parts = [
    type === undefined ? "" : `AS ${type}`,
    increment === undefined ? "" : `INCREMENT BY ${increment}`,
    min === undefined ? "" : `MINVALUE ${min}`,
    max === undefined ? "" : `MAXVALUE ${max}`,
    start === undefined ? "" : `START WITH ${start}`,
    cache === undefined ? "" : `CACHE ${cache}`,
    cycle === true ? "CYCLE" : "",
  ];
  const text = parts.filter((part) => part !== "").join(" ");
  return made("sequence", name, text, { dialect: owners.types, ...options }, () => {
    const owner = ownedBy?.();
    if (owner === undefined) return {};
    return owner instanceof ModelColumn
      ? { ownedBy: { table: refOf(owner.table), column: owner.columnName } }
      : { ownedBy: { table: refOf(owner.table), column: owner.column } };
  });
}
