import { relative, resolve, sep } from "node:path";
import type { Action } from "../command.ts";
import { configFile, migrationFiles } from "../project-files.ts";
import { printFiles, writeFiles } from "../write-files.ts";

/** Adds migrations to the project in the working directory. */
export const init: Action<object> = async ([folder = "migrations"], _options, output) => {
  const root = process.cwd();
  const migrations = relative(root, resolve(folder)).split(sep).join("/") || "migrations";
  const written = writeFiles(root, { "athanor.toml": configFile(migrations), ...migrationFiles(migrations) });
  output.document({ folder: root, ...written });
  printFiles(written, output);
  return undefined;
};
