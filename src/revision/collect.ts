import { AthanorError } from "../errors/index.ts";
import { childrenOf, closure, dependantClosure, parentsOf, reach, refuseOverlap } from "./lineage.ts";
import type { Ends } from "./names.ts";
import { type GraphNode, ids } from "./node.ts";
import type { DowngradeTarget } from "./walk.ts";

/** What an upgrade has to apply: all that `targets` require and `current` does not have. */
export function toApply(
  targets: readonly GraphNode[],
  current: readonly GraphNode[],
): ReadonlySet<GraphNode> {
  refuseOverlap(targets);
  refuseOverlap(current);
  return closure(targets).difference(closure(current));
}

/**
 * What a downgrade has to take back: all that follows the target, on the branch where one is given, with what
 * depends on that, as far as it is applied. Throws `REVISION.NOT_ANCESTOR` where that is nothing and the target
 * is not where the database stands, and `REVISION.NOT_IN_BRANCH` where the branch does not pass by the target.
 */
export function toTakeBack(
  graph: Ends,
  target: DowngradeTarget,
  current: readonly GraphNode[],
): ReadonlySet<GraphNode> {
  const { place } = target;
  const roots = rootsAbove(graph, target);
  const found = dependantClosure(roots).intersection(closure(current));
  if (place !== null && found.size === 0 && !current.includes(place)) {
    throw new AthanorError("REVISION.NOT_ANCESTOR", { lower: place.id, upper: ids(current) });
  }
  return found;
}

/** What directly follows the target. A branch chooses among several; where there is one, it is that one. */
function rootsAbove(graph: Ends, { place, branch }: DowngradeTarget): readonly GraphNode[] {
  const roots = place === null ? graph.bases : childrenOf(place);
  if (branch === null || roots.length < 2) return roots;
  const leadsToBranch = reach([branch], parentsOf);
  const chosen = roots.filter((root) => leadsToBranch.has(root));
  if (chosen.length > 0) return chosen;
  throw new AthanorError("REVISION.NOT_IN_BRANCH", { revision: place?.id ?? "base", branch: branch.id });
}

/**
 * What lies between two places, both included. Below `uppers` everything, dependencies included, where `lowers`
 * is empty (base); else only what follows `lowers`. Throws `REVISION.NOT_ANCESTOR`.
 */
export function between(uppers: readonly GraphNode[], lowers: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const below = closure(uppers);
  for (const lower of lowers) {
    if (below.has(lower)) continue;
    throw new AthanorError("REVISION.NOT_ANCESTOR", { lower: lower.id, upper: ids(uppers) });
  }
  if (lowers.length === 0) return below;
  return below.difference(closure(lowers)).union(new Set(lowers)).intersection(reach(lowers, childrenOf));
}
