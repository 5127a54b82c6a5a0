import { HeadRows, type HeadWrite } from "./heads.ts";
import type { Identifier } from "./identifier.ts";
import { closure, dependantClosure, tips } from "./lineage.ts";
import { type Ends, findAll, findBranch } from "./names.ts";
import type { GraphNode } from "./node.ts";
import { certainDowngradeTarget, isWalk, upgradeTargets } from "./walk.ts";

/** One move of the version table that runs no migration. */
export interface StampStep {
  /** The rows that go. */
  readonly from: readonly string[];
  /** The row that comes; null where a branch goes back to base. */
  readonly to: string | null;
  readonly writes: readonly HeadWrite[];
  /** The rows of the version table afterwards. */
  readonly heads: readonly string[];
}

/** The moves that a stamp makes. */
export interface StampPlan {
  readonly steps: readonly StampStep[];
  readonly heads: readonly string[];
}

/** What stamping asks for. */
interface Wanted {
  /** Rows to be there. */
  readonly nodes: readonly GraphNode[];
  /** Branches to go back to base: the revision each is named after, or `all`. */
  readonly bases: readonly (GraphNode | "all")[];
}

/**
 * Moves the rows to `targets`. Each takes over from the rows it is above or below of, dependencies counted;
 * other branches stay where they are. Of targets that lie below one another the uppermost counts.
 */
export function planStamp(
  graph: Ends,
  current: readonly GraphNode[],
  targets: readonly Identifier[],
): StampPlan {
  const wanted = targets.map((target) => wantedBy(graph, target, current));
  const rows = new HeadRows(current);
  const steps: StampStep[] = [];
  let left: readonly GraphNode[] = [...new Set(current)];
  const move = (from: readonly GraphNode[], to: GraphNode | null) => {
    if (to === null ? from.length === 0 : from.length === 1 && from[0] === to) return;
    const writes = to === null ? rows.remove(from) : rows.stamp(to, from);
    const gone = new Set(from);
    left = [...left.filter((row) => !gone.has(row)), ...(to === null ? [] : [to])];
    steps.push({ from: from.map((row) => row.id), to: to?.id ?? null, writes, heads: rows.ids });
  };
  for (const base of wanted.flatMap(({ bases }) => bases)) {
    move(base === "all" ? left : related(base, left), null);
  }
  for (const node of tips(wanted.flatMap(({ nodes }) => nodes))) move(related(node, left), node);
  return { steps, heads: rows.ids };
}

function related(node: GraphNode, rows: readonly GraphNode[]): readonly GraphNode[] {
  const lineage = closure([node]).union(dependantClosure([node]));
  return rows.filter((row) => lineage.has(row));
}

function wantedBy(graph: Ends, target: Identifier, current: readonly GraphNode[]): Wanted {
  if (isWalk(target) && target.offset < 0) {
    const { place, branch } = certainDowngradeTarget(graph, target, current);
    return place === null ? { nodes: [], bases: [branch ?? "all"] } : { nodes: [place], bases: [] };
  }
  const nodes = isWalk(target) ? upgradeTargets(graph, target, current) : findAll(graph, target, current);
  if (nodes.length > 0 || target.anchor !== "base") return { nodes, bases: [] };
  return { nodes, bases: [target.label === null ? "all" : findBranch(graph, target.label)] };
}
