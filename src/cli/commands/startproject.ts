import { existsSync, readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
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
  const written = writeFiles(folder, projectFiles(basename(folder)));
  output.document({ folder, ...written });
  printFiles(written, output);
  output.line("");
  output.line(
    `Next: cd ${name} && npm install && npx athanor makemigrations "create hero and team" && npx athanor migrate && node main.ts`,
  );
  return undefined;
};
