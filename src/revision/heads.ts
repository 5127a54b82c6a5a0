import { closure } from "./lineage.ts";
import { dependants, type GraphNode, ids, requirements } from "./node.ts";

/** One write to the version table, which has a row for each head of what is applied. */
export type HeadWrite =
  | { readonly kind: "insert"; readonly revision: string }
  | { readonly kind: "update"; readonly from: string; readonly to: string }
  | { readonly kind: "delete"; readonly revision: string };

/**
 * The rows of the version table as revisions come and go. They are, and stay, exactly those applied revisions
 * that no other applied one follows or depends on.
 */
export class HeadRows {
  readonly #rows: Set<GraphNode>;
  readonly #applied: Set<GraphNode>;

  constructor(rows: Iterable<GraphNode>) {
    this.#rows = new Set(rows);
    this.#applied = closure(this.#rows);
  }

  /** The rows now. */
  get ids(): readonly string[] {
    return ids(this.#rows);
  }

  /** A revision was applied. The row of the first it follows becomes its own, the others' go. */
  apply(node: GraphNode): readonly HeadWrite[] {
    const below = requirements(node).filter((required) => this.#rows.has(required));
    this.#applied.add(node);
    return this.#replace(below, [node]);
  }

  /** A revision was taken back. What it followed gets a row, unless something else still stands on it. */
  takeBack(node: GraphNode): readonly HeadWrite[] {
    this.#applied.delete(node);
    const freed = requirements(node).filter(
      (required) =>
        !this.#rows.has(required) && !dependants(required).some((above) => this.#applied.has(above)),
    );
    return this.#replace([node], freed);
  }

  /** A place was stamped: it takes over from every row above and below it. */
  stamp(node: GraphNode, related: readonly GraphNode[]): readonly HeadWrite[] {
    return this.#replace(related, [node]);
  }

  /** Rows were stamped away. */
  remove(nodes: readonly GraphNode[]): readonly HeadWrite[] {
    return this.#replace(nodes, []);
  }

  #replace(gone: readonly GraphNode[], come: readonly GraphNode[]): readonly HeadWrite[] {
    for (const node of gone) this.#rows.delete(node);
    for (const node of come) this.#rows.add(node);
    const [from, ...deleted] = gone;
    const [to, ...inserted] = come;
    const writes: HeadWrite[] = [];
    for (const { id } of deleted) writes.push({ kind: "delete", revision: id });
    if (from !== undefined && to !== undefined) writes.push({ kind: "update", from: from.id, to: to.id });
    else if (from !== undefined) writes.push({ kind: "delete", revision: from.id });
    else if (to !== undefined) writes.push({ kind: "insert", revision: to.id });
    for (const { id } of inserted) writes.push({ kind: "insert", revision: id });
    return writes;
  }
}
