import { AthanorError } from "../errors/index.ts";
import { type GraphNode, ids, type RevisionInput, requirements } from "./node.ts";
import { topological } from "./order.ts";

/** The linked nodes, complete and free of circles. */
export interface Links {
  /** Everything after what it follows and depends on, else as declared. */
  readonly nodes: readonly GraphNode[];
  /** By id and by label. */
  readonly byName: ReadonlyMap<string, GraphNode>;
}

interface OpenNode extends GraphNode {
  readonly parents: GraphNode[];
  readonly dependencies: GraphNode[];
  readonly children: GraphNode[];
  readonly dependents: GraphNode[];
}

/** Words of the grammar of identifiers, which therefore name no revision and no branch. */
const reserved: ReadonlySet<string> = new Set(["head", "heads", "base", "current"]);

/**
 * Links revisions to a graph. Throws `REVISION.ILLEGAL_ID`, `REVISION.ILLEGAL_LABEL`,
 * `REVISION.DUPLICATE_REVISION`, `REVISION.DUPLICATE_LABEL`, `REVISION.SELF_LOOP`,
 * `REVISION.DEPENDENCY_SELF_LOOP`, `REVISION.MISSING_PARENT`, `REVISION.CYCLE` or `REVISION.DEPENDENCY_CYCLE`.
 */
export function link(revisions: readonly RevisionInput[]): Links {
  const byName = new Map<string, OpenNode>();
  for (const input of revisions) addRevision(byName, input);
  const nodes = [...byName.values()];
  for (const node of nodes) addLabels(byName, node);
  for (const input of revisions) addParents(byName, input);
  for (const input of revisions) addDependencies(byName, input);
  return { nodes: inOrder(nodes), byName };
}

/** What a revision says it follows, without repetition. */
function downRevisions(input: RevisionInput): ReadonlySet<string> {
  return new Set([...list(input.downRevision), ...(input.downRevisions ?? [])]);
}

function list(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === null || value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function addRevision(byName: Map<string, OpenNode>, input: RevisionInput): void {
  const { revision } = input;
  const problem = problemOfId(revision);
  if (problem !== undefined) throw new AthanorError("REVISION.ILLEGAL_ID", { revision, problem });
  if (byName.has(revision)) throw new AthanorError("REVISION.DUPLICATE_REVISION", { revision });
  byName.set(revision, {
    id: revision,
    parents: [],
    dependencies: [],
    children: [],
    dependents: [],
    ownLabels: list(input.branchLabels),
  });
}

function problemOfId(id: string): string | undefined {
  if (id === "") return "it is empty";
  if (reserved.has(id)) return "the word has a meaning of its own";
  const illegal = new Set(id.match(/[@\-+:\s]/g));
  return illegal.size === 0 ? undefined : `it holds ${quoted(illegal)}`;
}

function problemOfLabel(label: string): string | undefined {
  if (label === "") return "it is empty";
  if (reserved.has(label)) return "the word has a meaning of its own";
  if (/^[+-]/.test(label)) return `it begins with "${label[0]}"`;
  const illegal = new Set(label.match(/[@:\s]/g));
  return illegal.size === 0 ? undefined : `it holds ${quoted(illegal)}`;
}

function quoted(characters: Iterable<string>): string {
  return Array.from(characters, (character) => `"${character}"`).join(", ");
}

function addLabels(byName: Map<string, OpenNode>, node: OpenNode): void {
  for (const label of node.ownLabels) {
    const problem = problemOfLabel(label);
    if (problem !== undefined) {
      throw new AthanorError("REVISION.ILLEGAL_LABEL", { label, revision: node.id, problem });
    }
    const other = byName.get(label);
    if (other !== undefined) {
      throw new AthanorError("REVISION.DUPLICATE_LABEL", { label, revisions: [other.id, node.id] });
    }
    byName.set(label, node);
  }
}

function addParents(byName: ReadonlyMap<string, OpenNode>, input: RevisionInput): void {
  const { revision } = input;
  const node = byName.get(revision) as OpenNode;
  for (const missing of downRevisions(input)) {
    const parent = byName.get(missing);
    if (parent?.id !== missing) {
      throw new AthanorError("REVISION.MISSING_PARENT", { revision, missing, field: "downRevision" });
    }
    if (parent === node) throw new AthanorError("REVISION.SELF_LOOP", { revision });
    node.parents.push(parent);
    parent.children.push(node);
  }
}

/** Dependencies on what the revision follows anyway say nothing new and are left out. */
function addDependencies(byName: ReadonlyMap<string, OpenNode>, input: RevisionInput): void {
  const { revision } = input;
  const node = byName.get(revision) as OpenNode;
  for (const name of list(input.dependsOn)) {
    const needed = byName.get(name);
    if (needed === undefined) {
      throw new AthanorError("REVISION.MISSING_PARENT", { revision, missing: name, field: "dependsOn" });
    }
    if (needed === node) throw new AthanorError("REVISION.DEPENDENCY_SELF_LOOP", { revision });
    if (node.parents.includes(needed) || node.dependencies.includes(needed)) continue;
    node.dependencies.push(needed);
    needed.dependents.push(node);
  }
}

function inOrder(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const { circle } = topological(nodes, (node) => node.parents);
  if (circle !== undefined) throw new AthanorError("REVISION.CYCLE", { revisions: ids(circle) });
  const all = topological(nodes, requirements);
  if (all.circle !== undefined) {
    throw new AthanorError("REVISION.DEPENDENCY_CYCLE", { revisions: ids(all.circle) });
  }
  return all.order;
}
