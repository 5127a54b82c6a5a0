import { resolve } from "node:path";
import type { Environment } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import { annotateFinding, findingLines } from "../finding-lines.ts";
import type { Output } from "../output.ts";
import { printMade } from "./makemigrations.ts";

interface MergeFlags {
  readonly message?: string;
  readonly branchLabel?: string;
  readonly revId?: string;
  readonly versionPath?: string;
  readonly splice?: boolean;
  readonly dryRun?: boolean;
}

/** Joins several heads. */
export const merge: Action<MergeFlags> = async (args, options, output) => {
  const { message, branchLabel, revId, versionPath, splice, dryRun } = options;
  await withProject(
    options,
    output,
    async ({ environment }) => {
      await showConflicts(environment, args, output);
      printMade(
        await environment.merge(args, {
          ...(message === undefined ? {} : { message }),
          ...(branchLabel === undefined ? {} : { branchLabel }),
          ...(revId === undefined ? {} : { revId }),
          ...(versionPath === undefined ? {} : { versionPath: resolve(versionPath) }),
          ...(splice === undefined ? {} : { splice }),
          ...(dryRun === undefined ? {} : { dryRun }),
        }),
        output,
      );
    },
    { database: false },
  );
  return undefined;
};

/** What is in the way of joining heads, beside the answer: they are joined all the same. */
export async function showConflicts(
  environment: Environment,
  heads: readonly string[],
  output: Output,
): Promise<void> {
  const { findings } = await environment.conflicts(heads);
  for (const finding of findings) {
    for (const line of findingLines(finding, output)) output.note(line);
    annotateFinding(finding, output);
  }
  if (findings.length > 0) output.note("  Look at both sides before the merge is applied.");
}
