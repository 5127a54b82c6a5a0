/** Rules about who imports whom: layers, packages, planes and cycles. */
import { isBuiltin } from "node:module";
import { designPlane, entries, everywhere, type Layer, layers, pureModules } from "./layers.ts";
import { type Import, isOneOf, layerOf, type Problem, rowName, type SourceFile } from "./source.ts";

/** Imports point down the table, and no further than the row says. */
export function checkLayers(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    const refuse = (line: number, what: string): Problem => ({ rule: "layers", file: file.path, line, what });
    if (file.layer === null) return checkEntry(file, refuse);
    const row = layers[rowName(file.layer)];
    if (!row)
      return [
        refuse(1, `the folder "${file.layer}" stands in no row of test/architecture/layers.ts; add it`),
      ];
    return file.imports.flatMap((item) => {
      if (item.target === null) return [];
      const why = whyForbidden(file.layer as string, row, item);
      return why === null ? [] : [refuse(item.line, why)];
    });
  });
}

function checkEntry(file: SourceFile, refuse: (line: number, what: string) => Problem): readonly Problem[] {
  const name = file.path.slice("src/".length);
  if (!(name in entries)) return [refuse(1, `only entries stand at the root of src; move it into a folder`)];
  if (name === "cli.ts") return []; // the door of the command line itself
  return file.imports
    .filter((item) => item.target !== null && layerOf(item.target) === "cli")
    .map((item) =>
      refuse(item.line, "nothing imports cli; move what is shared into the layer it belongs to"),
    );
}

function whyForbidden(from: string, row: Layer, item: Import): string | null {
  const target = item.target as string;
  if (!target.startsWith("src/")) return `${item.specifier} leads out of src, which is all that is published`;
  const to = layerOf(target);
  if (to === from) return null;
  if (to === null)
    return `${from} may not import the entry ${target}; import the folder that holds the thing`;
  if (to === "cli") return "nothing imports cli; move what is shared into the layer it belongs to";
  if (isOneOf(to, [...everywhere, ...row.may])) return null;
  if (item.lazy && isOneOf(to, row.lazily ?? [])) return null;
  const allowed = [...row.may, ...(row.lazily ?? []).map((name) => `${name} by import()`), ...everywhere];
  return `${from} may not import ${to}, only ${allowed.join(", ")}; pass the thing in, or move it down`;
}

/** Packages stay where the table puts them, and pure layers have next to nothing of Node. */
export function checkPackages(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    const row: Layer | undefined = file.layer === null ? undefined : layers[rowName(file.layer)];
    return file.imports.flatMap((item) => {
      if (item.target !== null) return [];
      const what = whyNotPackage(file, row, item);
      return what === null ? [] : [{ rule: "packages" as const, file: file.path, line: item.line, what }];
    });
  });
}

function whyNotPackage(file: SourceFile, row: Layer | undefined, item: Import): string | null {
  const { specifier } = item;
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith("node:")) return `write "node:${specifier}"`;
    if (row?.pure !== true || pureModules.includes(specifier)) return null;
    return `${file.layer} is pure and may not import ${specifier}; let the caller hand in what it needs`;
  }
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (row?.packages?.includes(name) === true) return null;
  if (row?.lazyPackages?.includes(name) === true) {
    if (item.lazy || !item.value) return null;
    return `the driver "${name}" is the user's: load it by import() when a database is opened`;
  }
  return `${file.layer ?? "an entry"} may not import the package "${name}"; see packages in layers.ts`;
}

/** What an entry loads at once, however far away, stays on its own plane. */
export function checkPlanes(files: readonly SourceFile[]): readonly Problem[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => {
    const never = entries[file.path.slice("src/".length)]?.never ?? [];
    if (file.layer !== null || never.length === 0) return [];
    const forbidden = never === designPlane ? isDesignHalf : (): boolean => false;
    const path = findPath(file, byPath, (to) => {
      const layer = layerOf(to);
      return (layer !== null && never.includes(layer)) || forbidden(to);
    });
    if (path === null) return [];
    const what = `loads ${path.join(" -> ")}, which is of the other plane; load it by import() when it is first used`;
    return [{ rule: "planes" as const, file: file.path, line: 1, what }];
  });
}

/** The half of a dialect that only migrations need. */
function isDesignHalf(path: string): boolean {
  return /^src\/dialect\/[^/]+\/(ddl|inspect|diff|design)(\.ts|\/|-)/.test(path);
}

function findPath(
  from: SourceFile,
  files: ReadonlyMap<string, SourceFile>,
  isWanted: (path: string) => boolean,
): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[from.path, null]]);
  for (const path of cameFrom.keys()) {
    for (const item of files.get(path)?.imports ?? []) {
      if (item.target === null || item.lazy || !item.value || cameFrom.has(item.target)) continue;
      cameFrom.set(item.target, path);
      if (isWanted(item.target)) return trace(item.target, cameFrom);
    }
  }
  return null;
}

function trace(end: string, cameFrom: ReadonlyMap<string, string | null>): readonly string[] {
  const path: string[] = [];
  for (let at: string | null | undefined = end; at != null; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

/** No file imports itself, however far around. Type imports count, lazy ones do not. (Tarjan, 1972.) */
export function checkCycles(files: readonly SourceFile[]): readonly Problem[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const knots: string[][] = [];
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path) as number);
    stack.push(path);
    for (const item of byPath.get(path)?.imports ?? []) {
      if (item.target === null || item.lazy || !byPath.has(item.target)) continue;
      if (!index.has(item.target)) visit(item.target);
      else if (!stack.includes(item.target)) continue;
      low.set(path, Math.min(low.get(path) as number, low.get(item.target) as number));
    }
    if (low.get(path) !== index.get(path)) return;
    const knot = stack.splice(stack.indexOf(path));
    if (knot.length > 1) knots.push(knot);
  };
  for (const file of files) if (!index.has(file.path)) visit(file.path);
  return knots.map((knot) => ({
    rule: "cycles",
    file: knot[0] as string,
    line: 1,
    what: `import each other in a circle: ${knot.join(", ")}; move what they share into a file of its own`,
  }));
}
