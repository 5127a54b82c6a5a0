import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { AthanorError } from "../errors/index.ts";
import { distance } from "../util/nearest.ts";
import { readText } from "./files.ts";
import { allKeys } from "./known-keys.ts";
import { type Given, lineOfKey, placeLabel } from "./place.ts";

/** The environment of a process, or something like it. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** What other systems call a key. */
const aliases: Readonly<Record<string, string>> = {
  SM_DATABASE_URL: "DATABASE_URL",
  SM_MODULES_ENABLED: "MODULES_ENABLED",
};

/** One source of variables. */
interface Source {
  readonly origin: string;
  readonly file: string | null;
  readonly text: string;
  readonly variables: EnvironmentVariables;
}

/**
 * Adds what `.env`, `.env.local`, `.env.<environment>`, `.env.<environment>.local` and the environment say, each
 * going before those ahead of it; answers warnings. Throws `CONFIG.FILE_UNREADABLE` and `CONFIG.DISAGREE`.
 */
export function addEnvironment(given: Map<string, Given>, root: string, env: EnvironmentVariables): string[] {
  const plain = readEnvFile(root, ".env");
  const local = readEnvFile(root, ".env.local");
  const environment =
    env["ENVIRONMENT"] ??
    local.variables["ENVIRONMENT"] ??
    plain.variables["ENVIRONMENT"] ??
    String(given.get("ENVIRONMENT")?.value ?? "development");
  const files = [plain, local];
  if (environment !== "" && environment !== "local") {
    files.push(readEnvFile(root, `.env.${environment}`), readEnvFile(root, `.env.${environment}.local`));
  }
  const process: Source = { origin: "environment", file: null, text: "", variables: env };
  const warnings = files.flatMap(misspelt);
  for (const source of [...files, process]) warnings.push(...addSource(given, source));
  return warnings;
}

function readEnvFile(root: string, name: string): Source {
  const path = join(root, name);
  if (!existsSync(path)) return { origin: name, file: null, text: "", variables: {} };
  const text = readText(path);
  return { origin: name, file: path, text, variables: parseEnv(text) };
}

/** Parts of an address: where one of these is said anew, an older URL counts no longer. */
const addressKeys: readonly string[] = ["DB_ENGINE", "DB_HOST", "DB_NAME"];

/** Keys of the configuration alone: an environment holds a great deal else. */
function addSource(given: Map<string, Given>, source: Source): string[] {
  const found = new Map<string, Given>();
  for (const key of allKeys()) {
    const value = source.variables[key];
    if (value !== undefined) found.set(key, givenBy(source, key, value));
  }
  for (const [alias, key] of Object.entries(aliases)) {
    const value = source.variables[alias];
    if (value === undefined || value === "") continue;
    const other = found.get(key);
    const same = givenBy(source, alias, value);
    if (other !== undefined && other.value !== "" && other.value !== value) {
      const [first, second] = [placeLabel(other), `${placeLabel(same)} (${alias})`];
      throw new AthanorError("CONFIG.DISAGREE", { key, first, second });
    }
    found.set(key, { ...same, origin: `${source.origin} (${alias})` });
  }
  return addGiven(given, found);
}

function givenBy(source: Source, name: string, value: string): Given {
  const line = source.file === null ? null : lineOfKey(source.text, name);
  return { value, origin: source.origin, file: source.file, line };
}

/**
 * Puts the values of one source over those of lower ones; answers what should be said about it. An address said in
 * parts takes the place of a URL from below; where one source says both, the URL counts.
 */
export function addGiven(given: Map<string, Given>, source: ReadonlyMap<string, Given>): string[] {
  const url = source.get("DATABASE_URL");
  const hasUrl = url !== undefined && url.value !== "";
  const parts = addressKeys.filter((key) => source.has(key));
  if (parts.length > 0 && !hasUrl) given.delete("DATABASE_URL");
  for (const [key, value] of source) given.set(key, value);
  if (!hasUrl) return [];
  const others = parts.filter((key) => !agrees(String(url.value), key, String(source.get(key)?.value)));
  if (others.length === 0) return [];
  return [`${placeLabel(url)}: DATABASE_URL counts, ${others.join(", ")} beside it says otherwise`];
}

/** Whether a URL says of its scheme, host or database what a key says; as far as an eye would see. */
function agrees(url: string, key: string, value: string): boolean {
  const match = /^([a-z]+)[\w+.-]*:\/\/(?:[^/@]*@)?([^/:?#]*)[^/]*\/?([^?#]*)/i.exec(url);
  const [, scheme = "", host = "", name = ""] = match ?? [];
  if (key === "DB_ENGINE") return value.startsWith(scheme);
  return key === "DB_HOST" ? value === host : name === value || name.endsWith(encodeURIComponent(value));
}

const ownPrefix = /^(?:DB|DATABASE|MIGRATION|LOGGING|DISCOVERY)_/;

/** Variables of a `.env` file that are a slip of the pen away from a key. */
function misspelt(source: Source): string[] {
  const keys = allKeys();
  return Object.keys(source.variables).flatMap((name) => {
    if (keys.includes(name) || Object.hasOwn(aliases, name)) return [];
    const near = keys.find((key) => distance(name, key) <= (ownPrefix.test(name) ? 2 : 1));
    if (near === undefined || near.length < 6) return [];
    return [`${placeLabel(givenBy(source, name, ""))}: ${name} is no key; did you mean ${near}?`];
  });
}
