import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, relative, resolve, sep } from "node:path";
import { AthanorError } from "../../errors/index.ts";
import type { Action } from "../command.ts";
import type { Template } from "../project-database.ts";
import { firstCommands, projectFiles } from "../project-files.ts";
import { printFiles, writeFiles } from "../write-files.ts";

interface StartFlags {
  readonly template: Template;
}

/** Makes a new project in a new folder. */
export const startproject: Action<StartFlags> = async ([name = ""], { template }, output) => {
  const folder = resolve(name);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new AthanorError("CLI.FOLDER_EXISTS", { folder });
  }
  const written = writeFiles(
    folder,
    projectFiles({ name: basename(folder), template, athanor: ownSource(folder) }),
  );
  output.document({ folder, template, ...written });
  printFiles(written, output);
  output.line("");
  output.line("Next:");
  for (const command of [`cd ${name}`, ...firstCommands(template)])
    output.line(`  ${output.style("cyan", command)}`);
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
