import { AthanorError } from "../errors/index.ts";

/** Schemas that databases have already, or keep for themselves. */
const taken: ReadonlySet<string> = new Set([
  "public",
  "information_schema",
  "main",
  "temp",
  "sys",
  "performance_schema",
]);

/** The prefix of a table counts towards the longest name that a database takes. */
const longest = 40;

/** What is wrong with a module's name; null where nothing is. */
export function moduleNameProblem(name: string): string | null {
  if (name === "") return "it is empty";
  if (/[A-Z]/.test(name)) return `it has capitals; write "${name.toLowerCase()}"`;
  if (name.includes("-"))
    return `a hyphen cannot stand in an identifier; write "${name.replaceAll("-", "_")}"`;
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return "it is no identifier";
  if (name.length > longest) return `it has ${name.length} characters, ${longest} are allowed`;
  if (taken.has(name) || name.startsWith("pg_")) return "databases have a schema of that name";
  return null;
}

/** Throws `MODULE.NAME` for a name that no module can have. */
export function demandModuleName(name: string): void {
  const problem = moduleNameProblem(name);
  if (problem !== null) throw new AthanorError("MODULE.NAME", { name, problem });
}
