import type { GraphNode } from "./node.ts";

interface Frame {
  readonly node: GraphNode;
  readonly before: readonly GraphNode[];
  /** How many of `before` have been entered. */
  entered: number;
}

/** Either an order that puts everything after what it comes after, or a circle that forbids one. */
export type Ordering =
  | { readonly order: readonly GraphNode[]; readonly circle?: undefined }
  | { readonly order?: undefined; readonly circle: readonly GraphNode[] };

/**
 * Puts every node after all of `before(node)`, and else leaves the nodes in the order given: each node is
 * preceded by what it still lacks, depth first (Tarjan, 1976). Takes time linear in nodes and links, and no
 * recursion. The circle starts at the node that was given first.
 */
export function topological(
  nodes: readonly GraphNode[],
  before: (node: GraphNode) => readonly GraphNode[],
): Ordering {
  const order: GraphNode[] = [];
  const state = new Map<GraphNode, "open" | "done">();
  for (const start of nodes) {
    if (state.has(start)) continue;
    const path: Frame[] = [{ node: start, before: before(start), entered: 0 }];
    state.set(start, "open");
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.before[top.entered++];
      if (next === undefined) {
        state.set(top.node, "done");
        order.push(top.node);
        path.pop();
      } else if (state.get(next) === "open") {
        return { circle: circleFrom(path, next, nodes) };
      } else if (!state.has(next)) {
        state.set(next, "open");
        path.push({ node: next, before: before(next), entered: 0 });
      }
    }
  }
  return { order };
}

/** The part of `path` that `again` closes, turned so that the node given first comes first. */
function circleFrom(
  path: readonly Frame[],
  again: GraphNode,
  nodes: readonly GraphNode[],
): readonly GraphNode[] {
  const circle = path.slice(path.findIndex((frame) => frame.node === again)).map((frame) => frame.node);
  const first = nodes.find((node) => circle.includes(node));
  const turn = first === undefined ? 0 : circle.indexOf(first);
  return [...circle.slice(turn), ...circle.slice(0, turn)];
}
