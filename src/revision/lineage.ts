import { AthanorError } from "../errors/index.ts";
import { dependants, type GraphNode, ids, requirements } from "./node.ts";

/** Which neighbours of a node to go on to. */
export type Neighbours = (node: GraphNode) => readonly GraphNode[];

/** What a revision follows, dependencies aside. */
export const parentsOf: Neighbours = (node) => node.parents;

/** What follows a revision, dependents aside. */
export const childrenOf: Neighbours = (node) => node.children;

/** `from` and all that can be reached from it. */
export function reach(from: Iterable<GraphNode>, neighbours: Neighbours): Set<GraphNode> {
  const found = new Set(from);
  for (const node of found) {
    for (const next of neighbours(node)) found.add(next);
  }
  return found;
}

/** `nodes` and all they require, dependencies included: what is applied where the database stands at them. */
export function closure(nodes: Iterable<GraphNode>): Set<GraphNode> {
  return reach(nodes, requirements);
}

/** `nodes` and all that requires them, dependents included. */
export function dependantClosure(nodes: Iterable<GraphNode>): Set<GraphNode> {
  return reach(nodes, dependants);
}

/** A revision with all it follows and all that follows it. Dependencies do not make two branches one. */
export function lineage(node: GraphNode): Set<GraphNode> {
  return reach([node], parentsOf).union(reach([node], childrenOf));
}

/** Throws `REVISION.OVERLAP` where one of `nodes` is required by another: it would be there twice. */
export function refuseOverlap(nodes: Iterable<GraphNode>): void {
  const set = new Set(nodes);
  if (set.size < 2) return;
  const below = closure([...set].flatMap(requirements));
  for (const node of set) {
    if (!below.has(node)) continue;
    const above = [...set].filter((other) => other !== node && closure([other]).has(node));
    throw new AthanorError("REVISION.OVERLAP", { revision: node.id, revisions: ids(above) });
  }
}

/** `nodes` without those that others of them require. */
export function tips(nodes: Iterable<GraphNode>): Set<GraphNode> {
  const set = new Set(nodes);
  return set.size < 2 ? set : set.difference(closure([...set].flatMap(requirements)));
}
