import { isAthanorError } from "../errors/index.ts";
import { compare, describeDifferences } from "./compare.ts";
import type { Context } from "./context.ts";
import { describeRevisions } from "./describe-revisions.ts";
import type { CheckDocument, DifferenceDocument } from "./documents.ts";
import type { CheckOptions } from "./options.ts";
import { editedFiles, historyProblems } from "./problems.ts";
import { compareWithShadow } from "./shadow.ts";

/**
 * `check`: whether anything is left to do. Models are compared with the database where every revision is applied;
 * while some are pending, only those are told, since they may well be the difference.
 */
export function check(context: Context, options: CheckOptions): Promise<CheckDocument> {
  if (options.from === "history" || options.from === "shadow") return checkFiles(context, options);
  return context.withConnection("check", async (connection) => {
    const history = await context.history();
    const heads = await context.store.heads(connection);
    const entries = await context.store.entries(connection);
    const problems = [
      ...historyProblems(history, heads, entries),
      ...(await editedFiles(history, heads, entries)),
    ];
    const pending = history.pending(heads);
    const comparable =
      pending.length === 0 && heads.every((head) => history.has(head) || history.isOrphan(head));
    const differences =
      comparable && context.options.models !== undefined
        ? await findDifferences(context, () => compare(context, history, { connection, heads }, {}))
        : [];
    return {
      ok: problems.length === 0 && pending.length === 0 && differences.length === 0,
      pending: describeRevisions(history, pending, heads),
      differences,
      problems,
    };
  });
}

/** The same without asking the database: the models against what the files alone give. */
async function checkFiles(context: Context, options: CheckOptions): Promise<CheckDocument> {
  const history = await context.history();
  const problems = historyProblems(history, null, []);
  const differences = await findDifferences(context, () =>
    options.from === "shadow"
      ? compareWithShadow(context, options)
      : compare(context, history, { connection: null }, {}),
  );
  return { ok: problems.length === 0 && differences.length === 0, pending: [], differences, problems };
}

/** A rename that nobody has settled is a difference, not an error, to somebody who only asks. */
export async function findDifferences(
  { placement }: Context,
  work: () => ReturnType<typeof compare>,
): Promise<readonly DifferenceDocument[]> {
  try {
    return describeDifferences(placement.written((await work()).operations));
  } catch (error) {
    if (!isAthanorError(error, "MIGRATE.RENAMES")) throw error;
    return error.fields.pairs.map(({ from, to }) => ({
      kind: "rename",
      table: null,
      description: `${from} may have become ${to}, or both are unrelated`,
    }));
  }
}
