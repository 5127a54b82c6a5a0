import type { ScriptHeader } from "./header.ts";
import { revisionProblem } from "./revision-id.ts";

const beginning = "export default migration({\n";
const before = /^(?:(?:import [^*`]*;|\/\/.*|)\n)*$/;
const property = /^ {2}(\w+): (null|"[^"\\]*"|\[(?:"[^"\\]*"(?:, "[^"\\]*")*)?\]),$/;

/**
 * The header of a file that looks as `athanor makemigrations` writes it, a line to a property: text that can be taken
 * in one way only. Null for everything else, which the parser reads. Thousands of files are read in a fraction of the
 * time.
 */
export function readPlainHeader(text: string): ScriptHeader | null {
  const start = text.indexOf(beginning);
  const end = text.indexOf("\n  upgrade(", start);
  if (start < 0 || end < 0 || !before.test(text.slice(0, start))) return null;
  const values = new Map<string, unknown>();
  for (const line of text.slice(start + beginning.length, end).split("\n")) {
    const [, key = "", value = ""] = property.exec(line) ?? [];
    if (key === "" || values.has(key)) return null;
    try {
      values.set(key, JSON.parse(value));
    } catch {
      return null;
    }
  }
  return headerOf(values);
}

function headerOf(values: ReadonlyMap<string, unknown>): ScriptHeader | null {
  const { revision, downRevision, branchLabels, dependsOn, message, createdAt, replaces, ...others } =
    Object.fromEntries(values);
  if (Object.keys(others).length > 0 || downRevision === undefined) return null;
  if (typeof revision !== "string" || typeof message !== "string") return null;
  if (revisionProblem(revision) !== null) return null;
  if (!isList(replaces)) return null;
  if (!isTime(createdAt) || !isList(branchLabels) || !isList(dependsOn)) return null;
  return {
    revision,
    downRevisions:
      downRevision === null
        ? []
        : typeof downRevision === "string"
          ? [downRevision]
          : (downRevision as string[]),
    branchLabels: branchLabels ?? [],
    dependsOn: dependsOn ?? [],
    message,
    createdAt: createdAt ?? null,
    ...(replaces === undefined || replaces.length === 0 ? {} : { replaces }),
  };
}

function isList(value: unknown): value is readonly string[] | undefined {
  return value === undefined || Array.isArray(value);
}

function isTime(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && !Number.isNaN(Date.parse(value)));
}
