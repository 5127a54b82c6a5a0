import { AthanorError, isAthanorError } from "../errors/index.ts";
import { describe, type Operation, reverse } from "../operation/index.ts";
import { type Comparison, compare, describeDifferences } from "./compare.ts";
import type { Context } from "./context.ts";
import type { MakeMigrationsDocument } from "./documents.ts";
import type { History } from "./history.ts";
import type { MakeMigrationsOptions } from "./options.ts";
import { refuseUnknown } from "./problems.ts";
import { prove } from "./prove.ts";
import { writeScript } from "./write-script.ts";

/** `makemigrations`: compares and writes the migration that closes the difference; with `empty`, a blank one. */
export async function makeMigrations(
  context: Context,
  options: MakeMigrationsOptions,
): Promise<MakeMigrationsDocument> {
  const history = await context.history();
  const downRevisions = chooseParents(history, options);
  const dependsOn = options.dependsOn?.flatMap((identifier) => history.resolveAll(identifier)) ?? [];
  const comparison = options.empty === true ? null : await compareModels(context, history, options);
  if (comparison?.operations.length === 0) {
    return {
      outcome: "no changes",
      revision: null,
      message: null,
      file: null,
      source: null,
      differences: [],
    };
  }
  const { upgrade, downgrade } = await bothDirections(context, comparison);
  const message = options.message ?? summary(comparison?.operations ?? []);
  const written = await writeScript(context, history, {
    message,
    downRevisions,
    dependsOn,
    branchLabels: options.branchLabel === undefined ? [] : [options.branchLabel],
    upgrade,
    downgrade,
    revId: options.revId,
    versionPath: options.versionPath,
    toBeFilled: options.empty === true,
    dryRun: options.dryRun ?? false,
  });
  return {
    outcome: options.dryRun === true ? "dry run" : "written",
    ...written,
    message,
    differences: describeDifferences(comparison?.operations ?? []),
  };
}

/** What a migration is called that nobody gave a name: its first operation, and how many more there are. */
function summary(operations: readonly Operation[]): string {
  const [first, ...more] = operations;
  if (first === undefined) return "";
  const said = describe(first).replace(/ \(.*\)$/, "");
  return more.length === 0 ? said : `${said} and ${more.length} more`;
}

/** The revisions that the new one follows. */
function chooseParents(history: History, options: MakeMigrationsOptions): readonly string[] {
  if (options.head === undefined) {
    if (history.heads.length > 1) throw new AthanorError("MIGRATE.SEVERAL_HEADS", { heads: history.heads });
    return history.heads;
  }
  const parents = history.resolveAll(options.head);
  for (const revision of parents) {
    if (options.splice !== true && !history.heads.includes(revision)) {
      const children = history.graph.children(revision);
      throw new AthanorError("REVISION.NOT_A_HEAD", { revision, children });
    }
  }
  return parents;
}

function compareModels(
  context: Context,
  history: History,
  options: MakeMigrationsOptions,
): Promise<Comparison> {
  if (options.from === "history") return compare(context, history, { connection: null }, options);
  return context.withConnection("makemigrations", async (connection) => {
    const heads = await context.store.heads(connection);
    refuseUnknown(history, heads, context.store.version);
    const pending = history.pending(heads);
    if (pending.length > 0) throw new AthanorError("MIGRATE.NOT_AT_HEAD", { current: heads, pending });
    return compare(context, history, { connection, heads }, options);
  });
}

/** The operations and what undoes them, as the project's hook has them. */
async function bothDirections(
  context: Context,
  comparison: Comparison | null,
): Promise<{ readonly upgrade: readonly Operation[]; readonly downgrade: readonly Operation[] }> {
  if (comparison === null) return { upgrade: [], downgrade: [] };
  const process = context.options.hooks?.processOperations;
  const upgrade = comparison.operations;
  const downgrade = reverseOrNothing(comparison);
  if (process === undefined) {
    await prove(context, comparison.physical, { upgrade, downgrade });
    return { upgrade, downgrade };
  }
  return { upgrade: await process(upgrade, "upgrade"), downgrade: await process(downgrade, "downgrade") };
}

function reverseOrNothing({ operations, from }: Comparison): readonly Operation[] {
  try {
    return reverse(operations, from);
  } catch (error) {
    if (isAthanorError(error, "OPERATION.IRREVERSIBLE")) return [];
    throw error;
  }
}
