import { AthanorError } from "../errors/index.ts";
import type { Context } from "./context.ts";
import type { MakeMigrationsDocument } from "./documents.ts";
import type { MergeOptions } from "./options.ts";
import { writeScript } from "./write-script.ts";

/** `merge`: writes a migration without operations that follows several revisions. */
export async function merge(
  context: Context,
  identifiers: readonly string[],
  options: MergeOptions,
): Promise<MakeMigrationsDocument> {
  const history = await context.history();
  const named = identifiers.length === 0 ? ["heads"] : identifiers;
  // A head that another one depends on is one all the same: left out, it would still be there after the merge.
  const resolve = (identifier: string): readonly string[] =>
    identifier === "heads" ? history.heads : history.resolveAll(identifier);
  const heads = [...new Set(named.flatMap(resolve))];
  if (heads.length < 2) throw new AthanorError("MIGRATE.MERGE", { heads });
  if (options.splice !== true) for (const revision of heads) history.graph.resolveHead(revision);
  const message = options.message ?? `merge ${heads.join(" and ")}`;
  const written = await writeScript(context, history, {
    message,
    downRevisions: heads,
    dependsOn: [],
    branchLabels: options.branchLabel === undefined ? [] : [options.branchLabel],
    upgrade: [],
    downgrade: [],
    revId: options.revId,
    versionPath: options.versionPath,
    toBeFilled: false,
    dryRun: options.dryRun ?? false,
    folder: null,
  });
  return {
    outcome: options.dryRun === true ? "dry run" : "written",
    ...written,
    message,
    differences: [],
    files: [{ module: null, message, ...written }],
  };
}
