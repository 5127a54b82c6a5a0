import type { Schema, SchemaObject, TableRef } from "../../schema/index.ts";
import { isIdentifier, isWord, tokenize } from "../../schema/lexer.ts";

/** What is said of things that have no place of their own for it: objects of the kind `comment`. */

/** Whether an object is a comment on that type. */
export function isCommentOnType({ kind, name }: SchemaObject, type: TableRef): boolean {
  if (kind !== "comment") return false;
  const [word, ...path] = tokenize(name);
  const [last, schema] = path.filter(isIdentifier).toReversed();
  return isWord(word, "type") && last?.value === type.name && (schema?.value ?? null) === type.schema;
}

/** Says again what is said of some checks of a domain. */
export function commentsOnChecks(
  domain: TableRef,
  checks: readonly string[],
  { objects }: Schema,
): readonly string[] {
  return objects.flatMap((object) => {
    if (object.kind !== "comment") return [];
    const [word, check, , , ...path] = tokenize(object.name);
    const [last, schema] = path.filter(isIdentifier).toReversed();
    const isOn = last?.value === domain.name && (schema?.value ?? null) === domain.schema;
    return isWord(word, "constraint") && isOn && checks.includes(check?.value ?? "")
      ? [commentAgain(object)]
      : [];
  });
}

/** Says a comment again. */
export function commentAgain({ name, definition }: SchemaObject): string {
  return `COMMENT ON ${name} ${definition}`;
}
