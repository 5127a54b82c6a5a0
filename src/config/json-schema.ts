import { keysWithMeta } from "./describe.ts";
import type { KeyMeta } from "./kinds.ts";

/** A JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of a configuration file, for editors that complete and check TOML, YAML and JSON. */
export function configJsonSchema(): JsonSchema {
  const sections = Map.groupBy(keysWithMeta(), ({ section }) => section);
  const properties = [...sections].map(([section, keys]) => [
    section,
    {
      type: "object",
      additionalProperties: false,
      properties: Object.fromEntries(keys.map(({ key, meta }) => [key, propertyOf(meta)])),
    },
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Athanor's configuration",
    type: "object",
    additionalProperties: false,
    properties: { $schema: { type: "string" }, ...Object.fromEntries(properties) },
  };
}

/** A list may be written as a text as well. */
function propertyOf({ type, ...rest }: KeyMeta): JsonSchema {
  if (type !== "array") return { type, ...rest };
  return { anyOf: [{ type: "array", items: { type: "string" } }, { type: "string" }], ...rest };
}
