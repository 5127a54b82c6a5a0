import { AthanorError } from "../errors/index.ts";
import type { Schema, TableRef } from "../schema/index.ts";
import { tableLabel } from "../schema/index.ts";
import type { FoundModule } from "./find-modules.ts";

/** A model, where it was found. */
interface FoundModel {
  readonly table: TableRef;
  readonly file: string;
}

/** What is known of modules for these checks. */
type Known = Pick<FoundModule, "name" | "file" | "dependsOn" | "naming">;

/**
 * Holds what models say against what their modules say. Throws `MODULE.MISNAMED` where the base of a module's models has
 * another name than its definition, and `MODULE.UNDECLARED` for a foreign key into a module that is not depended on.
 */
export function checkModules(
  { schema, models }: { readonly schema: Schema; readonly models: readonly FoundModel[] },
  modules: readonly Known[],
): void {
  const byName = new Map(modules.map((module) => [module.name, module]));
  for (const { table, file } of models) {
    const folder = (module: Known): string => module.file.slice(0, module.file.lastIndexOf("/") + 1);
    const home = modules.find((module) => folder(module) !== "" && file.startsWith(folder(module)));
    if (home === undefined || table.schema === null || table.schema === home.name) continue;
    if (byName.has(table.schema)) continue;
    throw new AthanorError("MODULE.MISNAMED", { file: home.file, name: home.name, base: table.schema });
  }
  for (const table of schema.tables) {
    const owner = ownerOf(table, modules);
    if (owner === undefined) continue;
    for (const key of table.foreignKeys) {
      const other = ownerOf(key.references, modules);
      if (other === undefined || other === owner || other.name in owner.dependsOn) continue;
      const property = key.columns.join("+");
      const fields = { module: owner.name, other: other.name, model: tableLabel(table), property };
      throw new AthanorError("MODULE.UNDECLARED", fields);
    }
  }
}

function ownerOf(ref: TableRef, modules: readonly Known[]): Known | undefined {
  if (ref.schema !== null) return modules.find(({ name }) => name === ref.schema);
  return modules.find(({ name, naming }) => naming === "prefix" && ref.name.startsWith(`${name}_`));
}
