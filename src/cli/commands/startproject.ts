import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, relative, resolve, sep } from "node:path";
import { AthanorError } from "../../errors/index.ts";
import type { Action } from "../command.ts";
import { projectFiles } from "../project-files.ts";
import { printFiles, writeFiles } from "../write-files.ts";

/** Makes a new project in a new folder. */
export const startproject: Action<object> = async ([name = ""], _options, output) => {
  const folder = resolve(name);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new AthanorError("CLI.FOLDER_EXISTS", { folder });
  }
  const written = writeFiles(folder, projectFiles(basename(folder), ownSource(folder)));
  output.document({ folder, ...written });
  printFiles(written, output);
  output.line("");
  output.line(
    `Next: cd ${name} && npm install && npx athanor makemigrations "create hero and team" && npx athanor migrate && node main.ts`,
  );
  return undefined;
};

/**
 * Where the new project gets Athanor: from the same file as the folder the command runs in, where that installed a
 * tarball or a folder; undefined is the registry.
 */
function ownSource(folder: string): string | undefined {
  const manifest = resolve("package.json");
  if (!existsSync(manifest)) return undefined;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
  const said = dependencies?.["athanor"] ?? devDependencies?.["athanor"];
  if (said === undefined || !said.startsWith("file:")) return undefined;
  return `file:${relative(folder, resolve(said.slice("file:".length)))
    .split(sep)
    .join("/")}`;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
