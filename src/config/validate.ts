import type { z } from "zod";
import { AthanorError } from "../errors/index.ts";
import { secretKeys } from "./known-keys.ts";
import type { Given } from "./place.ts";
import { type ConfigValues, configSchema } from "./schema.ts";

/** Checks what was given, by the schema, and adds the defaults. Throws `CONFIG.BAD_VALUE` with file, line and key. */
export function validate(given: ReadonlyMap<string, Given>): ConfigValues {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(configSchema)) {
    const section = schema as unknown as z.ZodObject;
    const keys = Object.keys(section.shape);
    const input = keys.flatMap((key) => (given.has(key) ? [[key, given.get(key)?.value] as const] : []));
    const result = section.safeParse(Object.fromEntries(input));
    if (!result.success) throw badValue(result.error.issues[0]!, given);
    values[name] = Object.freeze(result.data);
  }
  return Object.freeze(values) as unknown as ConfigValues;
}

function badValue(issue: z.core.$ZodIssue, given: ReadonlyMap<string, Given>): AthanorError {
  const key = String(issue.path[0]);
  const { value, ...place } = given.get(key) ?? {
    value: undefined,
    origin: "default",
    file: null,
    line: null,
  };
  return new AthanorError("CONFIG.BAD_VALUE", {
    source: place.origin,
    file: place.file,
    line: place.line,
    key,
    value: shown(key, value),
    problem: issue.message,
  });
}

/** A value for a message: never a secret, and of a URL nothing at all. */
function shown(key: string, value: unknown): string {
  if (secretKeys.has(key) || key === "DATABASE_URL") return "***";
  return JSON.stringify(value) ?? String(value);
}
