import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import { printMade } from "./makemigrations.ts";

interface MergeFlags {
  readonly message?: string;
  readonly branchLabel?: string;
  readonly revId?: string;
  readonly dryRun?: boolean;
}

/** Joins several heads. */
export const merge: Action<MergeFlags> = async (args, options, output) => {
  const { message, branchLabel, revId, dryRun } = options;
  await withProject(
    options,
    output,
    async ({ environment }) =>
      printMade(
        await environment.merge(args, {
          ...(message === undefined ? {} : { message }),
          ...(branchLabel === undefined ? {} : { branchLabel }),
          ...(revId === undefined ? {} : { revId }),
          ...(dryRun === undefined ? {} : { dryRun }),
        }),
        output,
      ),
    { database: false },
  );
  return undefined;
};
