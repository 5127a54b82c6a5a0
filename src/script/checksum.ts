import { createHash } from "node:crypto";
import type { Operation } from "../operation/operation.ts";
import type { ScriptHeader } from "./header.ts";

/**
 * The checksum of a migration: SHA-256, in hex, over what it does (the operations of both directions) and where
 * it stands in the graph. Formatting, comments, message, labels and date do not count. A data step counts by its
 * name and its function's text. The form is frozen: what says nothing (null, false, an empty list or object) is
 * left out, so that a later version may add such fields without changing any checksum.
 */
export function checksum(
  header: Pick<ScriptHeader, "revision" | "downRevisions" | "dependsOn">,
  upgrade: readonly Operation[],
  downgrade: readonly Operation[],
): string {
  const content = {
    format: 1,
    revision: header.revision,
    downRevisions: [...header.downRevisions].sort(),
    dependsOn: [...header.dependsOn].sort(),
    upgrade,
    downgrade,
  };
  return createHash("sha256")
    .update(JSON.stringify(canonical(content, "content")))
    .digest("hex");
}

/** What one operation does, in hex: the same for the same, whatever the layout of its file. */
export function digest(operation: Operation): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(operation, "content")))
    .digest("hex")
    .slice(0, 32);
}

/** Where an absent value and one that says nothing differ: what a column changes to, and what a step changes. */
const keptWhole: ReadonlySet<string> = new Set(["from", "to", "value", "params", "changes"]);

/** A value that JSON writes in one way alone: keys in order, what says nothing left out. */
function canonical(value: unknown, key: string): unknown {
  if (typeof value === "function") return collapse(value.toString());
  if (typeof value === "bigint") return { bigint: value.toString() };
  if (value instanceof Date) return { date: value.toISOString() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (Array.isArray(value)) return value.map((item) => canonical(item, ""));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name, inner]) => keptWhole.has(key) || keptWhole.has(name) || !saysNothing(inner))
    .map(([name, inner]): [string, unknown] => [name, canonical(inner, name)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype
    ? Object.keys(value).length === 0
    : false;
}

/** A function's text without its layout. */
function collapse(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
