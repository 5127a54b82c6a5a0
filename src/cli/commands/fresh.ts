import { AthanorError } from "../../errors/index.ts";
import type { RunOptions } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { GlobalOptions, Output } from "../output.ts";
import { confirm } from "../prompt.ts";
import { type ApplyOptions, printApplied, runOptions } from "./migrate.ts";

type ConfirmedOptions = ApplyOptions & { readonly confirm?: boolean };

/** Drops everything and applies the history from its beginning. */
export const fresh: Action<ConfirmedOptions> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const { dropped } = await environment.fresh({ dryRun: true });
    await agree("fresh", { what: "drop", from: dropped }, options, output);
    const document = await environment.fresh(runOptions(options));
    output.document(document);
    output.line(`${output.style("yellow", "dropped")}  ${document.dropped.length} tables and other objects`);
    for (const name of document.kept) output.line(output.style("dim", `left as it is: ${name}`));
    if (document.applied !== null) printApplied(document.applied, output, { document: false });
  });
  return undefined;
};

/** Undoes every migration. */
export const reset: Action<ConfirmedOptions> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const { steps } = await environment.planDowngrade("base");
    const undone = steps.map(({ revision, message }) => `${revision}  ${message}`);
    await agree("reset", { what: "undo", from: undone }, options, output);
    const how: RunOptions = { ...runOptions(options), dependents: true };
    printApplied(await environment.downgrade("base", how), output);
  });
  return undefined;
};

/** Says what goes and asks. Throws `CLI.NOT_CONFIRMED`; where nothing goes, nothing is asked. */
async function agree(
  command: string,
  { what, from }: { readonly what: string; readonly from: readonly string[] },
  options: ConfirmedOptions & GlobalOptions,
  output: Output,
): Promise<void> {
  if (options.confirm === true || from.length === 0) return;
  for (const line of from) output.note(`  ${line}`);
  if (options.json !== true && (await confirm(`Really ${what} all of this?`))) return;
  throw new AthanorError("CLI.NOT_CONFIRMED", { command });
}
