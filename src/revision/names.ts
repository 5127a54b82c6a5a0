import { AthanorError } from "../errors/index.ts";
import type { Links } from "./build.ts";
import type { Identifier } from "./identifier.ts";
import { lineage } from "./lineage.ts";
import { dependants, type GraphNode, ids, type Place } from "./node.ts";

/** A graph with its ends, in the order of the graph. */
export interface Ends extends Links {
  /** What nothing follows. */
  readonly heads: readonly GraphNode[];
  /** Heads that nothing depends on either: the rows of the version table when everything is applied. */
  readonly realHeads: readonly GraphNode[];
  /** What follows nothing. */
  readonly bases: readonly GraphNode[];
}

/** Finds the ends of a graph. */
export function withEnds(links: Links): Ends {
  return {
    ...links,
    heads: links.nodes.filter((node) => node.children.length === 0),
    realHeads: links.nodes.filter((node) => dependants(node).length === 0),
    bases: links.nodes.filter((node) => node.parents.length === 0),
  };
}

/** What `anchor` and `label` of an identifier name, its offset aside. */
export type Name = Pick<Identifier, "text" | "label" | "anchor">;

/**
 * The revisions a name stands for; none for `base`. `heads` are the real heads; on a branch, and for `head`, the
 * heads by `downRevision` alone count. `current` gives the rows of the version table.
 */
export function findAll(graph: Ends, name: Name, current?: readonly GraphNode[]): readonly GraphNode[] {
  const { text, label, anchor } = name;
  const branch = label === null ? null : lineage(findBranch(graph, label));
  const onBranch = (nodes: readonly GraphNode[]) => nodes.filter((node) => branch?.has(node) ?? true);
  switch (anchor) {
    case "base":
      return [];
    case "heads":
      return branch === null ? graph.realHeads : onBranch(graph.heads);
    case "head":
      return atMostOne(text, onBranch(graph.heads));
    case "current":
      if (current !== undefined) return onBranch(current);
      throw new AthanorError("REVISION.NOT_ABSOLUTE", { identifier: text });
    default:
      return [findNamed(graph, name, branch)];
  }
}

/** The one revision a name stands for, null for `base`. Throws `REVISION.MULTIPLE_HEADS` for several. */
export function findOne(graph: Ends, name: Name, current?: readonly GraphNode[]): Place {
  return atMostOne(name.text, findAll(graph, name, current))[0] ?? null;
}

/** The revision a branch is named after: by label, or by any revision of it. */
export function findBranch(graph: Ends, label: string): GraphNode {
  return graph.byName.get(label) ?? findByPrefix(graph, label, label, null);
}

/** The revision with exactly this id, as a row of the version table has it. */
export function findExact(graph: Ends, id: string): GraphNode {
  const node = graph.byName.get(id);
  if (node?.id !== id) throw new AthanorError("REVISION.NOT_FOUND", { identifier: id });
  return node;
}

function atMostOne(identifier: string, found: readonly GraphNode[]): readonly GraphNode[] {
  if (found.length < 2) return found;
  throw new AthanorError("REVISION.MULTIPLE_HEADS", { identifier, heads: ids(found) });
}

function findNamed(
  graph: Ends,
  { text, label, anchor }: Name,
  branch: ReadonlySet<GraphNode> | null,
): GraphNode {
  const name = anchor ?? "";
  const exact = graph.byName.get(name);
  if (exact === undefined) return findByPrefix(graph, name, text, branch);
  if (branch === null || branch.has(exact)) return exact;
  throw new AthanorError("REVISION.NOT_IN_BRANCH", { revision: exact.id, branch: label ?? "" });
}

/** The only revision whose id, or one of whose labels, begins so; where a branch is given, on that branch. */
function findByPrefix(
  graph: Ends,
  prefix: string,
  identifier: string,
  branch: ReadonlySet<GraphNode> | null,
): GraphNode {
  const found = new Set<GraphNode>();
  for (const [name, node] of graph.byName) {
    if (prefix !== "" && name.startsWith(prefix) && (branch?.has(node) ?? true)) found.add(node);
  }
  const [only] = found;
  if (only === undefined) throw new AthanorError("REVISION.NOT_FOUND", { identifier });
  if (found.size === 1) return only;
  throw new AthanorError("REVISION.AMBIGUOUS_PREFIX", { identifier, candidates: ids(found) });
}
