import { type SchemaObject, schemaObject, type TableRef } from "../../schema/index.ts";
import { isIdentifier, isWord, tokenize } from "../../schema/lexer.ts";
import { nameOf } from "./text.ts";

/** Operator classes and families, which are for one method of indexes. */

/** The method in the definition of a class or family: `btree` in `FOR TYPE integer USING btree AS …`. */
export function methodOf(definition: string): string | null {
  const tokens = tokenize(definition);
  const method = tokens[tokens.findIndex((token) => isWord(token, "using")) + 1];
  return isIdentifier(method) ? method.value : null;
}

/** A class that says its family: one of its own name, where it says none. */
export function withFamily(definition: string, name: TableRef): string {
  const tokens = tokenize(definition);
  const at = tokens.findIndex((token) => isWord(token, "using"));
  const method = tokens[at + 1];
  if (at < 0 || method === undefined || isWord(tokens[at + 2], "family")) return definition;
  return `${definition.slice(0, method.end)} FAMILY ${nameOf(name)}${definition.slice(method.end)}`;
}

/** The family that a class has where it names none. */
export function familyOf({ schema, name, signature, dialect }: SchemaObject): readonly SchemaObject[] {
  return [
    schemaObject("operatorFamily", { schema, name }, `USING ${signature ?? ""}`, { signature, dialect }),
  ];
}
