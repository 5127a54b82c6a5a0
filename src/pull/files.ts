import { posix } from "node:path";
import type { NamingConvention, Schema } from "../schema/index.ts";
import type { EnumNames } from "./enums.ts";
import { type ObjectFile, renderObjects } from "./objects.ts";
import { type Imports, renderModel } from "./render-model.ts";
import type { ShapedModel } from "./shape.ts";
import type { Layout } from "./shape-models.ts";

/** A file of models. */
export interface PulledFile {
  /** From the folder of the models, with slashes. */
  readonly path: string;
  readonly source: string;
}

/** The files that hold the models, and what the database has beside their tables. */
export function renderFiles(
  found: Schema,
  models: readonly ShapedModel[],
  options: { readonly naming: NamingConvention; readonly enums: EnumNames; readonly layout: Layout },
): readonly PulledFile[] {
  const { naming, enums } = options;
  const used = new Set<string>();
  const files = [...Map.groupBy(models, (model) => model.file)].map(([path, own]) => {
    const imports: Imports = { names: new Set(), models: new Set(), enums: new Set() };
    const classes = own.map((model) => renderModel(model, models, naming, imports, enums));
    for (const name of imports.enums) used.add(name);
    const head = [
      `import { ${[...imports.names].sort(byName).join(", ")} } from "athanor";`,
      ...(classes.some(saysZod) ? ['import { z } from "zod";'] : []),
      ...importsOf(path, imports),
    ];
    return { path, source: `${head.join("\n")}\n\n${classes.join("\n")}` };
  });
  const constants = enums.source(used);
  const objects = renderObjects(found, models, { ...options, used }).map(objectSource);
  return [...files, ...objects, ...(constants === null ? [] : [{ path: enumsFile, source: constants }])];
}

/** A table may have no columns, or enums alone, which are constants. */
function saysZod(source: string): boolean {
  return /(?<![\w.])z\./.test(source);
}

function objectSource({ path, makers, models, names, lines }: ObjectFile): PulledFile {
  const head = [
    ...(names.size === 0 ? [] : [`import { ${[...names].sort(byName).join(", ")} } from "athanor";`]),
    `import { ${[...makers].sort(byName).join(", ")} } from "athanor/objects";`,
    ...importsOf(path, { names: new Set(), models, enums: new Set() }),
  ];
  return { path, source: `${head.join("\n")}\n\n${lines.join("\n")}` };
}

/** Where the constants of enum types stand. */
const enumsFile = "enums.ts";

function importsOf(path: string, { models, enums }: Imports): readonly string[] {
  const others = [...models].filter((model) => model.file !== path);
  const named = [...Map.groupBy(others, (model) => model.file)].map(
    ([file, list]) => [file, list.map((model) => model.className)] as const,
  );
  const all = enums.size === 0 ? named : [...named, [enumsFile, [...enums]] as const];
  return all
    .map(([file, names]) => {
      const from = posix.relative(posix.dirname(path), file);
      return `import { ${names.toSorted(byName).join(", ")} } from "${from.startsWith(".") ? from : `./${from}`}";`;
    })
    .sort();
}

/** As import sorters have it: without regard to case. */
function byName(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x === y ? (a < b ? 1 : -1) : x < y ? -1 : 1;
}
