import { hash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeclaredRename, ModelSchema, SchemaParts } from "../model/index.ts";
import type { Table } from "../schema/index.ts";
import type { KnownFacts } from "./graph.ts";
import type { FileFacts } from "./scan.ts";

/** What one model file gave: data, never code. */
export interface Unit {
  /** Of everything the file imports. */
  readonly key: string;
  /** Files whose models share tables with this one's: they are valid together or not at all. */
  readonly group: readonly string[];
  readonly models: ModelSchema["models"];
  readonly tables: readonly Table[];
  readonly renames: readonly DeclaredRename[];
  /** What its objects beside tables add to the schema. */
  readonly parts: readonly SchemaParts[];
}

/** What is kept between runs. Paths are from the project's root. */
export interface CacheContent {
  readonly facts: KnownFacts;
  readonly units: ReadonlyMap<string, Unit>;
}

/** What has to be the same for a cache to be one's own. */
export interface CacheIdentity {
  readonly root: string;
  /** Of this program, and of the copy that the models import. */
  readonly versions: readonly string[];
  /** Everything of the configuration that models or their tables depend on. */
  readonly config: unknown;
}

/** Facts about the cache, for people. */
export interface CacheInfo {
  readonly exists: boolean;
  readonly file: string;
  readonly bytes: number;
  readonly modelFiles: number;
  readonly tables: number;
}

const format = 2;
const empty: CacheContent = { facts: new Map(), units: new Map() };

interface Written {
  readonly identity: string;
  readonly checksum: string;
  readonly body: string;
}

interface Body {
  readonly facts: Readonly<Record<string, FileFacts>>;
  readonly units: Readonly<Record<string, Unit>>;
}

/** The cache of a project: one file of JSON. What is corrupt, or of another project or version, is thrown away. */
export class DiscoveryCache {
  readonly file: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, "discovery.json");
  }

  /** What was kept for `identity`; nothing where there is none or it cannot be trusted. `tell` hears why. */
  read(identity: CacheIdentity, tell: (reason: string) => void = () => {}): CacheContent {
    if (!existsSync(this.file)) return empty;
    const content = readBody(this.file, identityKey(identity));
    if (typeof content !== "string") return content;
    tell(content);
    this.clear();
    return empty;
  }

  /** Keeps `content`, in one step: a reader sees the old file or the new one. Answers why it could not, or null. */
  write(identity: CacheIdentity, { facts, units }: CacheContent): string | null {
    const body: Body = { facts: Object.fromEntries(facts), units: Object.fromEntries(units) };
    const text = JSON.stringify(body);
    const written: Written = {
      identity: identityKey(identity),
      checksum: hash("sha256", text, "hex"),
      body: text,
    };
    const aside = `${this.file}.${process.pid}`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      const ignore = join(this.#folder, ".gitignore");
      if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
      writeFileSync(aside, JSON.stringify(written));
      renameSync(aside, this.file);
      return null;
    } catch (error) {
      remove(aside);
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Forgets everything; answers whether there was anything. */
  clear(): boolean {
    return existsSync(this.file) && remove(this.file);
  }

  /** What is there, without trusting it. */
  info(): CacheInfo {
    const bytes = statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
    const content = existsSync(this.file) ? readBody(this.file, null) : empty;
    const units = typeof content === "string" ? [] : [...content.units.values()];
    const tables = units.reduce((sum, unit) => sum + unit.tables.length, 0);
    return { exists: bytes > 0, file: this.file, bytes, modelFiles: units.length, tables };
  }
}

/** Where a folder may not be written, the file stays, and the next reader judges for itself. */
function remove(path: string): boolean {
  try {
    rmSync(path, { force: true, recursive: true });
    return true;
  } catch {
    return false;
  }
}

function identityKey({ root, versions, config }: CacheIdentity): string {
  const node = process.versions.node.split(".")[0];
  return hash("sha256", JSON.stringify([format, root, node, versions, config]), "hex");
}

/** The content, or why it is not trusted. */
function readBody(file: string, identity: string | null): CacheContent | string {
  try {
    const written = JSON.parse(readFileSync(file, "utf8")) as Partial<Written>;
    if (typeof written.body !== "string" || written.checksum !== hash("sha256", written.body, "hex")) {
      return "it is damaged";
    }
    if (identity !== null && written.identity !== identity)
      return "it is of another version or configuration";
    const body = JSON.parse(written.body) as Body;
    const units = Object.entries(body.units);
    const facts = Object.entries(body.facts);
    if (!units.every(([, unit]) => isUnit(unit)) || !facts.every(([, each]) => isFacts(each)))
      return "it is damaged";
    return { facts: new Map(facts), units: new Map(units) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isUnit(unit: Unit): boolean {
  return (
    typeof unit.key === "string" &&
    [unit.group, unit.models, unit.tables, unit.renames, unit.parts].every(Array.isArray)
  );
}

function isFacts(facts: FileFacts): boolean {
  return (
    typeof facts.hash === "string" &&
    [facts.imports, facts.tables, facts.bases, facts.env].every(Array.isArray)
  );
}
