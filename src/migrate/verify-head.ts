import { diff } from "../diff/index.ts";
import { fold } from "../fold/index.ts";
import { describe } from "../operation/index.ts";
import { sameTable } from "../schema/index.ts";
import { findDifferences } from "./check.ts";
import { comparable, compare } from "./compare.ts";
import type { Context } from "./context.ts";
import type { VerifyCode } from "./verify-document.ts";

/** What the database that a whole history gave is set against the models, and against what the history says of itself. */
export function verifyHead(
  context: Context,
  withModels: boolean,
): Promise<readonly { readonly code: VerifyCode; readonly details: readonly string[] }[]> {
  return context.withConnection("verify", async (connection) => {
    const history = await context.history();
    const found: { code: VerifyCode; details: readonly string[] }[] = [];
    const heads = await context.store.heads(connection);
    if (withModels) {
      const differences = await findDifferences(context, () =>
        compare(context, history, { connection, heads }, {}),
      );
      const details = differences.map(({ description }) => description);
      if (details.length > 0) found.push({ code: "VERIFY108", details });
    }
    const { schema, unknown } = fold(
      await history.loadAll(history.files.map((file) => file.revision)),
      context.dialectIds,
    );
    if (unknown.length > 0) return found;
    const design = await context.design();
    const said = comparable(await design.canonical(schema, connection));
    const { version, log } = context.store;
    const { tables, ...rest } = await design.inspector.inspect(connection);
    const own = tables.filter((table) => !sameTable(table, version) && !sameTable(table, log));
    const there = comparable({ ...rest, tables: own });
    const details = diff(said, there, design.rules).map(describe);
    if (details.length > 0) found.push({ code: "VERIFY109", details });
    return found;
  });
}
