import { HeadRows, type HeadWrite } from "./heads.ts";
import type { GraphNode } from "./node.ts";

/** Which function of a migration runs. */
export type Direction = "upgrade" | "downgrade";

/** One revision to apply or to take back. */
export interface Step {
  readonly revision: string;
  readonly direction: Direction;
  /** What is to be written to the version table with it, in this order. */
  readonly writes: readonly HeadWrite[];
  /** The rows of the version table afterwards. */
  readonly heads: readonly string[];
}

/** The way from one state to another. */
export interface Plan {
  /** In an order that can be run. */
  readonly steps: readonly Step[];
  /** The rows of the version table when all is done. */
  readonly heads: readonly string[];
  /**
   * The heads among which a bare `-N` took the first, as Alembic does; empty where there was no choice. A caller
   * with a user in front of it had better ask.
   */
  readonly chosenFrom: readonly string[];
}

/** Plans the steps for `nodes`, which are in the order to run. */
export function plan(
  direction: Direction,
  current: readonly GraphNode[],
  nodes: readonly GraphNode[],
  chosenFrom: readonly string[] = [],
): Plan {
  const rows = new HeadRows(current);
  const steps = nodes.map((node): Step => {
    const writes = direction === "upgrade" ? rows.apply(node) : rows.takeBack(node);
    return { revision: node.id, direction, writes, heads: rows.ids };
  });
  return { steps, heads: rows.ids, chosenFrom };
}
