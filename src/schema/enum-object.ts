import type { EnumType } from "./column-type.ts";
import { tokenize } from "./lexer.ts";
import { type SchemaObject, schemaObject } from "./object.ts";

/**
 * Enums come with the first column that has them and go with the last. One that no column has, or that something else
 * needs sooner, is made by an operation of its own: it then is an object like others, though a schema lists it among
 * its enums.
 */

type NamedEnum = EnumType & { readonly name: string };

/** An enum as an object. */
export function enumObject({ schema, name, values }: NamedEnum): SchemaObject {
  const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ");
  return schemaObject("enum", { schema, name }, `AS ENUM (${list})`, { dependsOn: [] });
}

/** The enum that an object says. */
export function enumOf({ schema, name, definition }: SchemaObject): NamedEnum {
  const values = tokenize(definition).flatMap((token) => (token.kind === "string" ? [token.value] : []));
  return { kind: "enum", schema, name, values };
}
