import type { Connection, Dialect, InspectOptions } from "../dialect/index.ts";
import type { Schema } from "../schema/index.ts";
import { canonicalOrder } from "../schema/order.ts";
import { deepFreeze } from "../util/deep-freeze.ts";

/** Reads a database: its schema in canonical order, frozen. See `Inspector`. */
export async function inspectDatabase(
  dialect: Dialect,
  connection: Connection,
  options: InspectOptions = {},
): Promise<Schema> {
  const { inspector } = await dialect.design();
  return deepFreeze(canonicalOrder(await inspector.inspect(connection, options)));
}
