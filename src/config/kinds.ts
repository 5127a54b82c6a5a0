import { z } from "zod";
import { formatProblem, type LogLevel, logLevels } from "../log/index.ts";
import { splitList } from "./split-list.ts";

/** What is said of a key beside its schema: how JSON Schema and the documentation show it. */
export interface KeyMeta {
  readonly description: string;
  readonly type: "string" | "integer" | "boolean" | "array";
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly [key: string]: unknown;
}

/** Gives a schema its default, and what is said of it. */
function key<T>(schema: z.ZodType<T | undefined>, fallback: T, meta: Omit<KeyMeta, "default">): z.ZodType<T> {
  return schema
    .transform((value) => (value === undefined ? fallback : value) as T)
    .default(fallback as never)
    .meta({ ...meta, default: fallback } as KeyMeta) as unknown as z.ZodType<T>;
}

/** Text; a bare number or boolean of a file is text as well. */
const words = z.preprocess(
  (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value),
  z.string(),
);

/** Text; an empty one counts. */
export function text(fallback: string, description: string): z.ZodType<string> {
  return key(words, fallback, { type: "string", description });
}

/** Text that may be left out. */
export function optional(description: string): z.ZodType<string | undefined> {
  return words.optional().meta({ type: "string", description } satisfies KeyMeta);
}

/** A whole number, also written as text, that may be left out; an empty text is nothing said. */
export function whole(minimum: number, maximum: number, description: string): z.ZodType<number | undefined> {
  return z
    .preprocess((value) => {
      if (typeof value !== "string") return value;
      const written = value.trim();
      return written === "" ? undefined : /^[+-]?\d+$/.test(written) ? Number(written) : value;
    }, z.int().min(minimum).max(maximum).optional())
    .meta({ type: "integer", minimum, maximum, description } satisfies KeyMeta);
}

/** How many, how long, or how big; never below `minimum`. */
export function count(fallback: number, description: string, minimum = 0): z.ZodType<number> {
  const schema = whole(minimum, Number.MAX_SAFE_INTEGER, description);
  return key(schema, fallback, { type: "integer", minimum, description });
}

const truth: ReadonlySet<string> = new Set(["true", "1", "t", "yes", "on"]);
const untruth: ReadonlySet<string> = new Set(["false", "0", "f", "no", "off"]);

/** `true`, `1`, `yes`, `on` and their opposites, in any case; an empty text is nothing said. */
export function flag(fallback: boolean, description: string): z.ZodType<boolean> {
  const read = (value: unknown): unknown => {
    if (typeof value !== "string") return value;
    const word = value.trim().toLowerCase();
    if (word === "") return undefined;
    return truth.has(word) ? true : untruth.has(word) ? false : value;
  };
  return key(z.preprocess(read, z.boolean().optional()), fallback, { type: "boolean", description });
}

/** A list, or a text whose items are separated by commas or by the path separator `:`. */
export function list(fallback: readonly string[], description: string): z.ZodType<readonly string[]> {
  const read = (value: unknown): unknown => (typeof value === "string" ? splitList(value) : value);
  return key<readonly string[]>(z.preprocess(read, z.array(z.string())), fallback, {
    type: "array",
    description,
  });
}

/** One word of a few, in any case; an empty text is nothing said. */
export function choice<T extends string>(
  choices: readonly T[],
  fallback: T,
  description: string,
): z.ZodType<T> {
  const read = (value: unknown): unknown =>
    typeof value === "string" ? value.trim().toLowerCase() || undefined : value;
  const schema = z.preprocess(read, z.enum(choices as [T]).optional()) as unknown as z.ZodType<T | undefined>;
  return key(schema, fallback, { type: "string", enum: choices, description });
}

/** A level of the log, in any case. */
export function level(fallback: LogLevel, description: string): z.ZodType<LogLevel> {
  const read = (value: unknown): unknown => (typeof value === "string" ? value.toUpperCase() : value);
  const schema = z.preprocess(read, z.enum(logLevels as [LogLevel]));
  return key(schema, fallback, { type: "string", enum: logLevels, description });
}

/** How log lines look: `pretty`, `json`, or a format string. */
export function format(fallback: string, description: string): z.ZodType<string> {
  const schema = words.superRefine((value, context) => {
    const problem = formatProblem(value);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });
  return key(schema, fallback, { type: "string", format: "log-format", description });
}

/** A time zone by its name. */
export function timezone(fallback: string, description: string): z.ZodType<string> {
  return key(words.refine(isTimezone, "there is no such time zone"), fallback, {
    type: "string",
    format: "time-zone",
    description,
  });
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
