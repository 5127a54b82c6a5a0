import { existsSync, globSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { AthanorError } from "../errors/index.ts";
// Not through the door, which has the models behind it: a project without modules needs none to ask for them.
import { isModuleDefinition, type ModuleDefinition } from "../module/definition.ts";
import { orderModules } from "../module/order.ts";
import { importModule } from "../util/import-module.ts";

/** Where modules are looked for. */
export interface FindModulesOptions {
  /** The project's root, absolute. */
  readonly root: string;
  /** Folders whose folders are modules, from the root. Default `modules`. */
  readonly paths?: readonly string[];
  /** Only these, by name; none means all. What they depend on has to be among them. */
  readonly enabled?: readonly string[];
}

/** A module that was found. */
export interface FoundModule {
  readonly name: string;
  readonly version: string | null;
  readonly dependsOn: Readonly<Record<string, string>>;
  /** Its definition, from the root, with `/`. */
  readonly file: string;
  /** Its folder, absolute. */
  readonly folder: string;
  /** Its model files and folders, absolute; none for a module without models. */
  readonly models: readonly string[];
  /** The folder of its migrations, absolute; it may not be there yet. */
  readonly migrations: string;
  /** How it came to be here: a folder of the project, a package of its workspace, an installed package. */
  readonly origin: "folder" | "workspace" | "package";
  readonly naming: "schema" | "prefix";
  readonly renamedFrom: string | null;
  readonly hooks: NonNullable<ModuleDefinition["hooks"]>;
}

interface Place {
  readonly path: string;
  readonly origin: FoundModule["origin"];
}

const endings: readonly string[] = [".ts", ".mts", ".js", ".mjs"];

/**
 * The modules of a project, each after those it depends on: folders with a `module.ts`, packages of the workspace and
 * packages that are installed, where their `package.json` says `"athanor": { "module": "./module.js" }`. Only the
 * definitions are imported. Throws `MODULE.…` for whatever is wrong with any of them.
 */
export async function findModules(options: FindModulesOptions): Promise<readonly FoundModule[]> {
  const root = realpathSync(options.root);
  const places = new Map<string, Place>();
  for (const place of [...folders(root, options.paths ?? ["modules"]), ...packages(root)]) {
    const path = realpathSync(place.path);
    if (!places.has(path)) places.set(path, { ...place, path });
  }
  const found: FoundModule[] = [];
  for (const place of places.values()) found.push(await readModule(root, place));
  return orderModules(enabledOf(found, options.enabled ?? []));
}

function enabledOf(found: readonly FoundModule[], enabled: readonly string[]): readonly FoundModule[] {
  if (enabled.length === 0) return found;
  const wanted = enabled.map((name) => name.toLowerCase());
  for (const name of wanted) {
    if (found.some((module) => module.name === name)) continue;
    throw new AthanorError("MODULE.NOT_FOUND", { name, known: found.map((module) => module.name).sort() });
  }
  return found.filter(({ name }) => wanted.includes(name));
}

/** A module is a folder with a definition in it, or in its `src`. */
function* folders(root: string, paths: readonly string[]): Iterable<Place> {
  for (const path of paths) {
    const folder = resolve(root, path);
    if (!isFolder(folder)) continue;
    const names = readdirSync(folder).filter((name) => !name.startsWith(".") && name !== "node_modules");
    for (const candidate of [folder, ...names.sort().map((name) => join(folder, name))]) {
      if (!isFolder(candidate)) continue;
      const definition = fileNamed(candidate, "module") ?? fileNamed(join(candidate, "src"), "module");
      if (definition !== null) yield { path: definition, origin: "folder" };
    }
  }
}

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly athanor?: { readonly module?: string };
}

function* packages(root: string): Iterable<Place> {
  const manifest = readManifest(root);
  if (manifest === null) return;
  const { workspaces = [] } = manifest;
  const patterns = "packages" in workspaces ? (workspaces.packages ?? []) : (workspaces as readonly string[]);
  const members = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
  for (const member of members) yield* moduleOfPackage(root, join(root, member), "workspace");
  const dependencies = {
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
    ...manifest.dependencies,
  };
  for (const name of Object.keys(dependencies).sort()) {
    const folder = installed(root, name);
    if (folder !== null) yield* moduleOfPackage(root, folder, "package");
  }
}

function* moduleOfPackage(root: string, folder: string, origin: Place["origin"]): Iterable<Place> {
  const manifest = readManifest(folder);
  const file = manifest?.athanor?.module;
  if (manifest === null || file === undefined) return;
  const path = resolve(folder, file);
  if (!existsSync(path))
    throw new AthanorError("MODULE.DEFINITION", {
      file: nameOf(root, path),
      problem: "the file is not there",
    });
  if (/\.[cm]?ts$/.test(path) && realpathSync(path).split(sep).includes("node_modules"))
    throw new AthanorError("MODULE.PACKAGE_TYPESCRIPT", { package: manifest.name ?? folder, file });
  yield { path, origin };
}

function readManifest(folder: string): Manifest | null {
  const path = join(folder, "package.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : null;
}

/** The folder of an installed package, as Node finds it. */
function installed(root: string, name: string): string | null {
  for (let folder = root; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

async function readModule(root: string, { path, origin }: Place): Promise<FoundModule> {
  const file = nameOf(root, path);
  let exported: Record<string, unknown>;
  try {
    exported = await importModule(path);
  } catch (cause) {
    const problem = `it cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new AthanorError("MODULE.DEFINITION", { file, problem }, { cause });
  }
  const definition = exported["default"];
  if (!isModuleDefinition(definition))
    throw new AthanorError("MODULE.DEFINITION", {
      file,
      problem: "its default export is not from defineModule",
    });
  const folder = dirname(path);
  return {
    name: definition.name,
    version: definition.version,
    dependsOn: definition.dependsOn,
    file,
    folder,
    models: modelsOf(folder, file, definition),
    migrations: resolve(folder, definition.migrations ?? "migrations"),
    origin,
    naming: definition.naming ?? "schema",
    renamedFrom: definition.renamedFrom ?? null,
    hooks: definition.hooks ?? {},
  };
}

/** The model files that are said, which have to be there, or the usual ones. */
function modelsOf(folder: string, file: string, { models }: ModuleDefinition): readonly string[] {
  if (models === undefined) {
    const usual = isFolder(join(folder, "models")) ? join(folder, "models") : fileNamed(folder, "models");
    return usual === null ? [] : [usual];
  }
  const paths = [models].flat().map((each) => resolve(folder, each));
  const missing = paths.find((each) => !existsSync(each));
  if (missing === undefined) return paths;
  throw new AthanorError("MODULE.DEFINITION", { file, problem: `its models are not there: ${missing}` });
}

function fileNamed(folder: string, name: string): string | null {
  return endings.map((ending) => join(folder, name + ending)).find((path) => existsSync(path)) ?? null;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function nameOf(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}
