import type { LogFields } from "./record.ts";

/** What stands in place of a secret. */
export const hidden = "***";

/** Fields and parameters whose values are never shown, whatever the case. */
const secretName = /pass(word|wd)?$|^db_pass|secret|token|api_?key|authorization|credential/i;

/** A secret shorter than this is not looked for in text: it would hide half of every message. */
const shortestSecret = 3;

/** How many levels of data are looked through. */
const deepest = 6;

/** Hides secrets in texts and in data. */
export interface Masker {
  /** `text` without passwords of URLs, of SQL, and without the secrets given. */
  text(text: string): string;
  /** Plain data with every text masked, and with the values of keys that sound secret hidden. */
  fields(fields: LogFields): LogFields;
}

/** A masker that knows these secrets besides what it sees for itself. */
export function createMasker(secrets: readonly string[] = []): Masker {
  const known = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  const text = (from: string): string =>
    maskPatterns(known.reduce((masked, secret) => masked.replaceAll(secret, hidden), from));
  return { text, fields: (fields) => maskData(fields, text, 0) as LogFields };
}

/** Passwords in URLs, in their parameters, and in statements that set one. */
function maskPatterns(text: string): string {
  return text
    .replace(/\b([a-z][\w+.-]*:\/\/[^\s/?#:@]*:)[^\s"'`]*(?=@)/gi, `$1${hidden}`)
    .replace(/([?&;][\w-]*(?:password|passwd|secret|token|key)=)[^&#\s"'`;]*/gi, `$1${hidden}`)
    .replace(/\b(password|identified\s+by)(\s+)(?:'(?:[^']|'')*'|"(?:[^"]|"")*")/gi, `$1$2'${hidden}'`);
}

function maskData(value: unknown, text: (from: string) => string, depth: number): unknown {
  if (typeof value === "string") return text(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function" || typeof value === "symbol") return text(String(value));
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Error) return maskError(value, text, depth);
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (value instanceof URL) return text(value.href);
  if (depth >= deepest) return "…";
  if (Array.isArray(value)) return value.map((item) => maskData(item, text, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const shown = secretName.test(key) && item !== null && item !== undefined && item !== "";
      return [key, shown ? hidden : maskData(item, text, depth + 1)];
    }),
  );
}

/** What of an error is for a log: never its cause's data, which may hold rows. */
function maskError(error: Error, text: (from: string) => string, depth: number): unknown {
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const stack = error.stack === undefined ? {} : { stack: text(error.stack) };
  const cause =
    error.cause === undefined || depth >= deepest ? {} : { cause: maskData(error.cause, text, depth + 1) };
  return { name: error.name, ...code, message: text(error.message), ...stack, ...cause };
}
