import { type StdioOptions, spawnSync } from "node:child_process";
import { join } from "node:path";
import { AthanorError } from "../../errors/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";

/** Opens a revision's file in the editor that the environment names. */
export const edit: Action<object> = async ([identifier = "head"], options, output) => {
  const editor = process.env["VISUAL"] ?? process.env["EDITOR"] ?? "";
  if (editor.trim() === "") throw new AthanorError("CLI.NO_EDITOR", {});
  await withProject(options, output, async ({ environment, config }) => {
    const { revision } = await environment.show(identifier);
    const { status } = run(editor, join(config.root, revision.file), options.json === true);
    if (status !== 0) throw new AthanorError("CLI.EDITOR_FAILED", { editor, status });
    output.document({ revision: revision.revision, file: revision.file });
  });
  return undefined;
};

/** The variable holds a command line, arguments and all; standard output stays the answer's own. */
function run(editor: string, path: string, quiet: boolean): { readonly status: number | null } {
  const stdio: StdioOptions = ["inherit", quiet ? "ignore" : "inherit", "inherit"];
  if (process.platform === "win32") return spawnSync(`${editor} "${path}"`, { stdio, shell: true });
  return spawnSync("sh", ["-c", `${editor} "$1"`, "sh", path], { stdio });
}
