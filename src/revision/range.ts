import { between } from "./collect.ts";
import { type Identifier, isFloating, parseIdentifier, parseRange } from "./identifier.ts";
import { lineage } from "./lineage.ts";
import { type Ends, findAll, findBranch } from "./names.ts";
import type { GraphNode } from "./node.ts";
import { isWalk, upgradeTargets, walk } from "./walk.ts";

/**
 * The revisions of a range, both ends included. An end left open is `base` or `heads`. An end that only counts
 * (`-3:ae10`, `ae10:+2`) counts from the other one and stops where the history does; where that gives no sense
 * (`-3:+1`, `ae10:-1`) it counts from `current`, or from the heads where that is not given. `label@base:` keeps
 * to the heads of that branch. Throws `REVISION.RANGE`, `REVISION.NOT_ANCESTOR` and what names throw.
 */
export function collectRange(
  graph: Ends,
  range: string,
  current: readonly GraphNode[] | undefined,
): ReadonlySet<GraphNode> {
  const ends = parseRange(range);
  const read = (end: string) => parseIdentifier(end, (name) => graph.byName.has(name));
  const lower = read(ends.lower ?? "base");
  const upper = read(ends.upper ?? "heads");
  const standing = current ?? graph.realHeads;
  if (!isFloating(lower)) {
    const lowers = endOf(graph, lower, standing, current);
    const from = isWalk(upper) && upper.offset > 0 ? lowers : standing;
    return between(onBranchOf(graph, lower, endOf(graph, upper, from, current)), lowers);
  }
  const starts = isFloating(upper) ? standing : endOf(graph, upper, standing, current);
  const parts = onBranchOf(graph, lower, starts).map((start) =>
    between(
      isFloating(upper) ? endOf(graph, upper, [start], current) : [start],
      endOf(graph, lower, [start], current),
    ),
  );
  return parts.reduce((all, part) => all.union(part), new Set<GraphNode>());
}

/** One end; what only counts does so from `from`. None for base. */
function endOf(
  graph: Ends,
  end: Identifier,
  from: readonly GraphNode[],
  current: readonly GraphNode[] | undefined,
): readonly GraphNode[] {
  if (!isWalk(end)) return findAll(graph, end, current);
  if (!isFloating(end)) return upgradeTargets(graph, end, current ?? [], "stop");
  return end.offset > 0 ? upgradeTargets(graph, end, from, "stop") : downFrom(graph, end, from);
}

/** The places so many below each of `from`, as far as it is on the identifier's branch; base is left out. */
export function downFrom(
  graph: Ends,
  identifier: Identifier & { readonly offset: number },
  from: readonly GraphNode[],
): readonly GraphNode[] {
  const places = onBranchOf(graph, identifier, from).map((start) =>
    walk(graph, { start }, identifier, "stop"),
  );
  return [...new Set(places.filter((place) => place !== null))];
}

function onBranchOf(graph: Ends, { label }: Identifier, nodes: readonly GraphNode[]): readonly GraphNode[] {
  if (label === null) return nodes;
  const branch = lineage(findBranch(graph, label));
  return nodes.filter((node) => branch.has(node));
}
