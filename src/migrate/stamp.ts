import type { Connection } from "../dialect/index.ts";
import { uuid7 } from "../util/uuid7.ts";
import type { Context } from "./context.ts";
import type { StampDocument } from "./documents.ts";
import type { History } from "./history.ts";
import { withLock } from "./lock.ts";
import type { StampOptions } from "./options.ts";
import { openEntries, refuseUnknown } from "./problems.ts";
import { runSettings } from "./run-settings.ts";
import type { LogDirection, LogEntry } from "./version-store.ts";

/** `stamp`: writes the version table and the log, and runs nothing. */
export function stamp(
  context: Context,
  targets: readonly string[],
  options: StampOptions,
): Promise<StampDocument> {
  return context.withConnection("stamp", async (connection) => {
    const history = await context.history();
    return withLock(context, connection, { limit: runSettings(context).waitTimeout }, async () => {
      const { store } = context;
      const from = await store.heads(connection);
      const purge = options.purge ?? false;
      if (!purge) refuseUnknown(history, from, store.version);
      await store.create(connection, await store.missing(connection));
      const to = history.graph.stamp(purge ? [] : from, targets).heads;
      await store.move(connection, from, to);
      await logStamp(context, connection, history, { from, to, purge });
      await context.options.hooks?.onVersionApply?.({
        revision: to.join(", "),
        direction: "stamp",
        heads: to,
        tag: options.tag ?? null,
      });
      if (connection.inTransaction) await connection.commit();
      return { from, to };
    });
  });
}

/** A row for each revision whose state or checksum changes, and for each that was broken off: a stamp settles it. */
async function logStamp(
  context: Context,
  connection: Connection,
  history: History,
  { from, to, purge }: { from: readonly string[]; to: readonly string[]; purge: boolean },
): Promise<void> {
  const startedAt = context.now();
  const runId = uuid7(startedAt.getTime());
  const write = async (revision: string, direction: LogDirection, checksum: string | null) => {
    const entry = { runId, revision, direction, checksum, startedAt };
    await context.store.append(connection, entry, {
      status: "done",
      finishedAt: startedAt,
      statementIndex: null,
      statementCount: 0,
    });
  };
  const entries = purge ? [] : await context.store.entries(connection);
  if (purge) await write("", "purge", null);
  const before = new Set(purge ? [] : history.applied(from));
  const after = history.applied(to);
  const known = new Map(entries.map((entry): [string, LogEntry] => [entry.revision, entry]));
  const open = new Set(openEntries(entries).map((entry) => entry.revision));
  for (const revision of after) {
    const checksum = await checksumOf(history, revision);
    const settled = !open.delete(revision);
    if (settled && before.has(revision) && known.get(revision)?.checksum === checksum) continue;
    await write(revision, "stamp", checksum);
  }
  for (const revision of new Set([...before, ...open])) {
    if (!after.includes(revision)) await write(revision, "unstamp", null);
  }
}

/** A file's checksum; null where it cannot be read, since a stamp runs nothing. */
async function checksumOf(history: History, revision: string): Promise<string | null> {
  try {
    return (await history.load(revision)).checksum;
  } catch {
    return null;
  }
}
