import { readFileSync, realpathSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type NapiResolveOptions, ResolverFactory } from "oxc-resolver";

/** Where an import leads. */
export type ImportTarget =
  /** A file of the project, or of a package that is linked into it. `aliased`: Node alone would not find it. */
  | { readonly kind: "file"; readonly path: string; readonly aliased: boolean }
  /** An installed package, as `name@version`. */
  | { readonly kind: "package"; readonly id: string }
  | { readonly kind: "builtin" }
  | { readonly kind: "missing" };

const asNode: NapiResolveOptions = {
  conditionNames: ["node", "import", "module-sync", "default"],
  extensions: [".ts", ".mts", ".js", ".mjs", ".json"],
  extensionAlias: { ".js": [".js", ".ts"], ".mjs": [".mjs", ".mts"] },
  mainFields: ["main"],
  nodePath: false,
};

/** Ours is one and the same for every model; its own files are no part of a project. */
const own = "athanor";

/**
 * Finds what imports mean, as Node does, and beyond: the path aliases of the nearest `tsconfig.json`, endings that
 * are left out or name the compiled file, and index files.
 */
export class ImportResolver {
  readonly #withAliases = new ResolverFactory({ ...asNode, tsconfig: "auto" });
  readonly #plain = this.#withAliases.cloneWithOptions(asNode);
  readonly #known = new Map<string, ImportTarget>();
  readonly #packages = new Map<string, string>();

  /** Where `specifier` leads from `file`, an absolute path. */
  resolve(file: string, specifier: string): ImportTarget {
    const key = `${dirname(file)}\0${specifier}`;
    const known = this.#known.get(key) ?? this.#find(file, specifier);
    this.#known.set(key, known);
    return known;
  }

  #find(file: string, specifier: string): ImportTarget {
    if (isBuiltin(specifier)) return { kind: "builtin" };
    if (specifier.startsWith("file:")) return existing(fileURLToPath(specifier)) ?? { kind: "missing" };
    if (/^[a-z][a-z+.-]+:/i.test(specifier)) return { kind: "builtin" };
    const [bare = ""] = specifier.split(/[?#]/, 1);
    if (/^\.{0,2}\//.test(specifier)) {
      const direct = existing(resolve(dirname(file), decodeURI(bare)));
      if (direct !== null) return direct;
      return this.#withAliasesOnly(file, bare);
    }
    if (specifier === own || specifier.startsWith(`${own}/`)) return { kind: "package", id: own };
    const aliased = this.#withAliases.resolveFileSync(file, specifier);
    if (aliased.path === undefined) return { kind: "missing" };
    const plain = this.#plain.sync(dirname(file), specifier);
    const same = plain.path === aliased.path;
    return this.#target(aliased.path, aliased.packageJsonPath, !same);
  }

  #withAliasesOnly(file: string, specifier: string): ImportTarget {
    const { path, packageJsonPath } = this.#withAliases.resolveFileSync(file, specifier);
    return path === undefined ? { kind: "missing" } : this.#target(path, packageJsonPath, true);
  }

  #target(path: string, manifest: string | undefined, aliased: boolean): ImportTarget {
    if (!/[\\/]node_modules[\\/]/.test(path)) return { kind: "file", path, aliased };
    return { kind: "package", id: manifest === undefined ? path : this.#packageId(manifest) };
  }

  #packageId(manifest: string): string {
    const known = this.#packages.get(manifest) ?? readId(manifest);
    this.#packages.set(manifest, known);
    return known;
  }
}

function existing(path: string): ImportTarget | null {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  return { kind: "file", path: realpathSync(path), aliased: false };
}

function readId(manifest: string): string {
  try {
    const { name, version } = JSON.parse(readFileSync(manifest, "utf8")) as {
      name?: string;
      version?: string;
    };
    return `${name ?? manifest}@${version ?? "?"}`;
  } catch {
    return manifest;
  }
}
