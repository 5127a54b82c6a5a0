import { emptySchema } from "../schema/index.ts";
import { uuid7 } from "../util/uuid7.ts";
import type { Context } from "./context.ts";
import type { SqlDocument } from "./documents.ts";
import { readRange, versionTablesSql } from "./offline.ts";
import { ClockWriter, standsAt } from "./offline-record.ts";
import { scriptBlock, scriptOpening } from "./script-sql.ts";
import { LiteralWriter } from "./statements.ts";
import type { LogDirection } from "./version-store.ts";

/**
 * `stamp --sql`: the rows of the version table and the log as a script, from one place in the history to another; no
 * database is asked.
 */
export async function offlineStamp(context: Context, range: string): Promise<SqlDocument> {
  const history = await context.history();
  const { from, target } = readRange(history, "upgrade", range);
  const { heads: to } = history.graph.stamp(from, target.split(","));
  const design = await context.design();
  const script = { dialect: context.dialect, design };
  const { store } = context;
  const startedAt = context.now();
  const runId = uuid7(startedAt.getTime());
  const [before, after] = [new Set(history.applied(from)), history.applied(to)];
  const logged = async (revision: string, direction: LogDirection): Promise<string> => {
    const checksum = direction === "stamp" ? (await history.load(revision)).checksum : null;
    const entry = { runId, revision, direction, checksum, startedAt };
    const done = { status: "done", finishedAt: startedAt, statementIndex: null, statementCount: 0 } as const;
    return store.logStatement(entry, done, new ClockWriter(script)).sql;
  };
  const closing = store.moveStatements(from, to, () => new LiteralWriter(script)).map((move) => move.sql);
  for (const id of after) if (!before.has(id)) closing.push(await logged(id, "stamp"));
  for (const id of [...before].toReversed())
    if (!after.includes(id)) closing.push(await logged(id, "unstamp"));
  const nothing = { before: [], steps: [], checks: [], after: [], to: emptySchema };
  const block = scriptBlock(script, nothing, {
    title: `stamp ${target}`,
    guards: from.length === 0 ? [] : [standsAt(context, script, from, `the stamp of ${target}`)],
    opening: [],
    resumed: [],
    closing,
    gap: () => "",
  });
  const tables = from.length === 0 ? await versionTablesSql(context, design) : "";
  return {
    direction: "upgrade",
    from,
    to,
    revisions: after.filter((id) => !before.has(id)),
    sql: [...scriptOpening(script), tables, ...block].filter((line) => line !== "").join("\n"),
  };
}
