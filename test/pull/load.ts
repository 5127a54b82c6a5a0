/** The files that `pull` writes, as a program has them that imports them. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type AnyModel, type DatabaseObject, isDatabaseObject } from "../../src/model/index.ts";
import type { PulledFile } from "../../src/pull/index.ts";

/** The models of the files, as a program that imports them has them. */
export async function loadPulled(
  files: readonly PulledFile[],
  folder: string,
): Promise<readonly ModelOrObject[]> {
  const models: ModelOrObject[] = [];
  for (const { path, source } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      source.replace(
        /from "athanor(\/objects)?"/g,
        (_, objects) =>
          `from ${JSON.stringify(objects === undefined ? entry : join(entry, "../objects.ts"))}`,
      ),
    );
  }
  for (const { path } of files) {
    const module = (await import(pathToFileURL(join(folder, path)).href)) as Record<string, unknown>;
    models.push(
      ...Object.values(module).filter(
        (each): each is ModelOrObject => typeof each === "function" || isDatabaseObject(each),
      ),
    );
  }
  return models;
}

type ModelOrObject = AnyModel | DatabaseObject;

const entry = join(import.meta.dirname, "../../src/index.ts");
