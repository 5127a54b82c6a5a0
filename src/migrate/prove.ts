import type { Connection, DesignDialect } from "../dialect/index.ts";
import { diff } from "../diff/index.ts";
import { AthanorError, isAthanorError } from "../errors/index.ts";
import { describe, type Operation } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import { emptySchema, type Schema } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { Direction } from "./documents.ts";
import { runPlan } from "./run-plan.ts";

/** Both sides of a comparison, as the database has them. */
interface Sides {
  readonly from: Schema;
  readonly to: Schema;
}

/**
 * Tries a new migration on an empty copy of the database, where one can be had in process: after the upgrade it
 * must have what the models say, after the downgrade what it had. Throws `MIGRATE.UNPROVEN` where that is not so.
 * What cannot be tried there (a function or collation of the application's own) proves nothing and is let pass.
 */
export async function prove(
  context: Context,
  sides: Sides,
  both: Readonly<Record<Direction, readonly Operation[]>>,
): Promise<void> {
  const { scratchUrl } = context.dialect;
  if (scratchUrl === undefined || both.downgrade.length === 0) return;
  const design = await context.design();
  const source = await context.dialect.open(scratchUrl);
  const connection = await source.acquire();
  try {
    await run(connection, design, diff(emptySchema, sides.from, design.rules));
    for (const direction of ["upgrade", "downgrade"] as const) {
      await run(connection, design, both[direction]);
      const wanted = direction === "upgrade" ? sides.to : sides.from;
      const differences = diff(await tables(connection, design), wanted, design.rules).map(describe);
      if (differences.length > 0) throw new AthanorError("MIGRATE.UNPROVEN", { direction, differences });
    }
  } catch (error) {
    if (isAthanorError(error, "MIGRATE.UNPROVEN") || !isAthanorError(error)) throw error;
  } finally {
    await connection.release();
    await source.close();
  }
}

async function run(
  connection: Connection,
  design: DesignDialect,
  operations: readonly Operation[],
): Promise<void> {
  await runPlan(plan(operations, await tables(connection, design), design), connection);
}

function tables(connection: Connection, design: DesignDialect): Promise<Schema> {
  return design.inspector.inspect(connection);
}
