import { diff } from "../diff/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import { tableLabel } from "../schema/index.ts";
import { compareAcross } from "./across.ts";
import { type Aligned, align } from "./align.ts";
import { describeDifferences } from "./compare.ts";
import type { Context } from "./context.ts";
import { openSide, type Side } from "./diff-side.ts";
import type { DiffDocument } from "./documents.ts";
import type { History } from "./history.ts";
import { type ColumnJudges, judgeColumns, withForced } from "./judge-columns.ts";
import { inLogicalWords } from "./logical.ts";
import type { DiffOptions } from "./options.ts";
import { settleRenames } from "./renames.ts";
import { scriptBlock, scriptOpening } from "./script-sql.ts";

/**
 * `diff`: what turns one side into the other, whichever they are. Throws `MIGRATE.UNKNOWN_SOURCE`,
 * `MIGRATE.NO_MODELS`, `MIGRATE.HISTORY_UNKNOWN` where a history does not say what a step does, and
 * `MIGRATE.DIFF_DIALECTS` where a script is wanted between databases of two kinds.
 */
export async function diffSources(context: Context, options: DiffOptions): Promise<DiffDocument> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const history = await context.history();
    const open = (source: string): Promise<Side> =>
      openSide(source, { context, history, options, onEnd: (work) => ends.push(work) });
    const from = await open(options.from ?? "database");
    const to = await open(options.to ?? "models");
    return await compareSides(homeOf(context, from, to), history, { from, to }, options);
  } finally {
    for (const end of ends) await end();
  }
}

/** The database in whose words both sides are put: the later one, else the configured one, which is not asked. */
function homeOf(context: Context, from: Side, to: Side): Context {
  if (to.kind === "database") return to.context;
  return from.kind === "database" ? from.context : context;
}

async function compareSides(
  home: Context,
  history: History,
  { from, to }: { readonly from: Side; readonly to: Side },
  options: DiffOptions,
): Promise<DiffDocument> {
  const common = { from: from.document, to: to.document, dialect: home.dialect.id };
  const told = (operations: readonly Operation[]): Pick<DiffDocument, "same" | "differences"> => ({
    same: operations.length === 0,
    differences: describeDifferences(home.placement.written(operations)),
  });
  if (from.kind === "database" && to.kind === "database" && from.document.dialect !== to.document.dialect) {
    if (options.sql === true) throw foreign(from.context, to.context);
    const { operations, leftOut } = await compareAcross(history, from, to);
    return { ...common, ...told(operations), possibleRenames: [], leftOut, sql: null };
  }
  const aligned = await align(home, history, { from, to, grants: options.grants === true });
  const withModels = [from, to].some(({ document }) => document.kind === "models");
  const judges = withModels ? home.options : {};
  const { operations, possibleRenames } = await operationsBetween(home, aligned, options, judges);
  const sql =
    options.sql === true ? await script(home, operations, { from, to, aligned, possibleRenames }) : null;
  return { ...common, ...told(operations), possibleRenames, leftOut: aligned.leftOut, sql };
}

function foreign(from: Context, to: Context): AthanorError {
  return new AthanorError("MIGRATE.DIFF_DIALECTS", { from: from.dialect.id, to: to.dialect.id });
}

interface Between {
  readonly operations: readonly Operation[];
  readonly possibleRenames: DiffDocument["possibleRenames"];
}

/** A rename that nobody has said is told as what goes and what comes, and named. */
async function operationsBetween(
  home: Context,
  aligned: Aligned,
  options: DiffOptions,
  judges: ColumnJudges,
): Promise<Between> {
  const { rules } = await home.design();
  const possibleRenames: { from: string; to: string }[] = [];
  const renames = await settleRenames({
    from: aligned.from,
    to: aligned.to,
    rules,
    label: (ref) => tableLabel(home.placement.logical(ref)),
    said: aligned.renames,
    options: {
      ...(options.renames && { renames: options.renames }),
      answer: ({ from, to }) => {
        possibleRenames.push({ from, to });
        return Promise.resolve("drop");
      },
    },
  });
  const { words, from } = aligned;
  const { to, forced } = judgeColumns(aligned, renames, rules, judges);
  const operations = withForced(diff(from, to, rules, renames), forced);
  return { operations: inLogicalWords(operations, words.from, words.to), possibleRenames };
}

interface Compared {
  readonly from: Side;
  readonly to: Side;
  readonly aligned: Aligned;
  readonly possibleRenames: DiffDocument["possibleRenames"];
}

/** The script to be run on `from`, which is planned with everything that hangs on its tables. */
async function script(home: Context, operations: readonly Operation[], compared: Compared): Promise<string> {
  const { from, to, aligned, possibleRenames } = compared;
  const target = { dialect: home.dialect, design: await home.design() };
  const state = from.kind === "database" ? from.schema : aligned.from;
  const title = `from ${from.document.name} to ${to.document.name}`;
  if (operations.length === 0) return `-- ${title}: nothing differs\n`;
  const block = scriptBlock(target, plan(operations, state, target.design), {
    title,
    guards: [],
    opening: [],
    resumed: [],
    closing: [],
    gap: () => "",
  });
  const unsaid = possibleRenames.map(
    (pair) =>
      `-- ${pair.from} may have become ${pair.to}: then this drops its values, and --rename keeps them`,
  );
  return [...unsaid, ...scriptOpening(target), ...block].join("\n");
}
