import { createHash } from "node:crypto";
import type { Schema } from "../schema/index.ts";
import { isIdentifier, tokenize } from "../schema/lexer.ts";

/** The names that statements mention, in lower case: databases differ on case, and more is looked at than needed. */
export function namesIn(statements: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const sql of statements) {
    for (const name of identifiers(sql)) names.add(name.toLowerCase());
  }
  return [...names].sort();
}

function identifiers(sql: string): readonly string[] {
  try {
    const tokens = tokenize(sql.replaceAll("`", '"'));
    return tokens.filter(isIdentifier).map((token) => token.value);
  } catch {
    return sql.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []; // not to be read as SQL: every word counts
  }
}

/** Something of a schema that has a name, and may belong to a table and have parts with names. */
interface Named {
  readonly name?: string | null;
  readonly table?: { readonly name: string };
  readonly [part: string]: unknown;
}

/**
 * What of a schema goes by one of the names, belongs to what does, or has a part that does, where parts are named
 * alone; all else left out.
 */
export function partOf(schema: Schema, names: readonly string[], byParts: boolean): Schema {
  const wanted = new Set(names);
  const is = (name: unknown): boolean => typeof name === "string" && wanted.has(name.toLowerCase());
  const mentioned = (item: Named | string): boolean => {
    if (typeof item === "string") return is(item);
    return is(item.name) || is(item.table?.name) || (byParts && parts(item).some((part) => is(part.name)));
  };
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => [
    key,
    Array.isArray(value) ? value.filter(mentioned) : value,
  ]);
  return Object.fromEntries(entries) as unknown as Schema;
}

/** What of a table has a name that statements use without the table's: columns are never named alone. */
function parts(item: Named): readonly Named[] {
  return Object.entries(item)
    .filter(([key, value]) => key !== "columns" && Array.isArray(value))
    .flatMap(([, value]) => value as readonly Named[])
    .filter((part) => typeof part === "object" && part !== null);
}

/** A schema with the part under the names replaced by what was there before. */
export function withPart(schema: Schema, part: Schema, names: readonly string[], byParts: boolean): Schema {
  const gone = partOf(schema, names, byParts);
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (!Array.isArray(value)) return [key, value];
    const leave = new Set((gone as unknown as Record<string, unknown[]>)[key]);
    const back = (part as unknown as Record<string, unknown[]>)[key] ?? [];
    return [key, [...value.filter((item) => !leave.has(item)), ...back]];
  });
  return Object.fromEntries(entries) as unknown as Schema;
}

/** The same text for the same schema. */
export function digestOf(schema: Schema): string {
  return createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 32);
}
