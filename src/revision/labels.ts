import { dependants, type GraphNode } from "./node.ts";

const none: ReadonlySet<string> = new Set();

/**
 * The labels of each revision. A label holds for the revision it is written at, for everything that follows,
 * and for what that revision alone follows: back to the last branch point or merge. Dependencies carry none.
 */
export function propagateLabels(nodes: readonly GraphNode[]): ReadonlyMap<GraphNode, ReadonlySet<string>> {
  const fromBelow = new Map<GraphNode, ReadonlySet<string>>();
  for (const node of nodes) {
    fromBelow.set(
      node,
      unite([node.ownLabels, ...node.parents.map((parent) => fromBelow.get(parent) ?? none)]),
    );
  }
  const fromAbove = new Map<GraphNode, ReadonlySet<string>>();
  for (const node of nodes.toReversed()) {
    if (!isPlain(node)) continue;
    fromAbove.set(
      node,
      unite([node.ownLabels, ...node.children.map((child) => fromAbove.get(child) ?? none)]),
    );
  }
  return new Map(
    nodes.map((node) => [node, unite([fromBelow.get(node) ?? none, fromAbove.get(node) ?? none])]),
  );
}

/** Neither a branch point nor a merge. */
function isPlain(node: GraphNode): boolean {
  return node.parents.length < 2 && dependants(node).length < 2;
}

/** The union; an existing set where it holds everything, so that a long branch shares one. */
function unite(parts: readonly (ReadonlySet<string> | readonly string[])[]): ReadonlySet<string> {
  let all: ReadonlySet<string> = none;
  for (const part of parts) {
    const set = part instanceof Set ? (part as ReadonlySet<string>) : new Set(part as readonly string[]);
    if (set.isSubsetOf(all)) continue;
    all = all.isSubsetOf(set) ? set : all.union(set);
  }
  return all;
}
