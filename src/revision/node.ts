/** A revision as it comes in. Whatever else it carries (a file's path, a message) is kept and given back. */
export interface RevisionInput {
  /** The id: anything without `@`, `-`, `+`, `:` and white space. */
  readonly revision: string;
  /** What it follows: nothing for a base, several for a merge. */
  readonly downRevision?: string | readonly string[] | null;
  /** The same by the name that headers of migration files have for it. Both may be given. */
  readonly downRevisions?: readonly string[];
  /** Ids or labels of what else must be applied before it. */
  readonly dependsOn?: string | readonly string[] | null;
  /** Names of the branch that begins here. */
  readonly branchLabels?: string | readonly string[] | null;
}

/** A revision in the graph, linked to its neighbours. Built once, then read only. */
export interface GraphNode {
  readonly id: string;
  /** What it follows. */
  readonly parents: readonly GraphNode[];
  /** What it depends on besides. */
  readonly dependencies: readonly GraphNode[];
  /** What follows it. */
  readonly children: readonly GraphNode[];
  /** What depends on it besides. */
  readonly dependents: readonly GraphNode[];
  /** The labels written at this very revision. */
  readonly ownLabels: readonly string[];
}

/** A revision, or null for the empty state below every base. */
export type Place = GraphNode | null;

/** All that must be applied right before a revision. */
export function requirements(node: GraphNode): readonly GraphNode[] {
  return node.dependencies.length === 0 ? node.parents : [...node.parents, ...node.dependencies];
}

/** All that needs a revision to be applied right before it. */
export function dependants(node: GraphNode): readonly GraphNode[] {
  return node.dependents.length === 0 ? node.children : [...node.children, ...node.dependents];
}

/** The ids of nodes, in their order. */
export function ids(nodes: Iterable<GraphNode>): string[] {
  return Array.from(nodes, (node) => node.id);
}
