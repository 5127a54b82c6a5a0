import { AthanorError } from "../errors/index.ts";
import { inRange } from "./version.ts";

/** What the order of modules is made of. */
export interface Ordered {
  readonly name: string;
  readonly version: string | null;
  readonly dependsOn: Readonly<Record<string, string>>;
  /** Where it is defined, for people. */
  readonly file: string;
}

/**
 * Modules, each after those it depends on; of those that could come next, the first by name. Throws `MODULE.DUPLICATE`,
 * `MODULE.MISSING`, `MODULE.VERSION` and `MODULE.CYCLE`.
 */
export function orderModules<M extends Ordered>(modules: readonly M[]): readonly M[] {
  const byName = new Map<string, M>();
  for (const module of [...modules].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const other = byName.get(module.name);
    if (other !== undefined)
      throw new AthanorError("MODULE.DUPLICATE", {
        name: module.name,
        files: [other.file, module.file].sort(),
      });
    byName.set(module.name, module);
  }
  for (const module of byName.values()) demandDependencies(module, byName);
  const order: M[] = [];
  const visit = (module: M, path: readonly string[]): void => {
    if (path.includes(module.name)) {
      const circle = [...path.slice(path.indexOf(module.name)), module.name];
      throw new AthanorError("MODULE.CYCLE", { modules: circle });
    }
    if (order.includes(module)) return;
    for (const name of Object.keys(module.dependsOn).sort()) visit(byName.get(name)!, [...path, module.name]);
    order.push(module);
  };
  for (const module of byName.values()) visit(module, []);
  return order;
}

function demandDependencies(module: Ordered, byName: ReadonlyMap<string, Ordered>): void {
  for (const [name, range] of Object.entries(module.dependsOn)) {
    const other = byName.get(name);
    if (other === undefined) throw new AthanorError("MODULE.MISSING", { module: module.name, other: name });
    if (other.version === null || inRange(other.version, range) !== false) continue;
    const fields = { module: module.name, other: name, range, version: other.version };
    throw new AthanorError("MODULE.VERSION", fields);
  }
}
