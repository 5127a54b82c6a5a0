import type { RevisionDocument } from "../migrate/index.ts";

/** A revision as it is drawn: with the lines that lead down from it. */
export interface DrawnRevision {
  readonly revision: RevisionDocument;
  readonly parents: readonly DrawnEdge[];
}

/** A line from a revision down to another one that is drawn. */
export interface DrawnEdge {
  readonly to: string;
  /** How many revisions on the way are not drawn. */
  readonly skipped: number;
}

/** How a row is written beside the lines. */
export interface RowText {
  /** The sign of a revision. */
  readonly sign: (revision: RevisionDocument) => string;
  /** Its text, a line or several. */
  readonly text: (revision: RevisionDocument) => readonly string[];
  readonly skipped: (count: number) => string;
}

/**
 * Those of `all` (newest first) that `keep` names, joined as they are in the whole: a line passes by what is left out.
 */
export function drawn(
  all: readonly RevisionDocument[],
  keep: ReadonlySet<string> = new Set(all.map(({ revision }) => revision)),
): readonly DrawnRevision[] {
  const below = new Map<string, readonly DrawnEdge[]>();
  const edges = (parents: readonly string[]): readonly DrawnEdge[] => {
    const found = new Map<string, DrawnEdge>();
    for (const to of parents) {
      const passed = (below.get(to) ?? []).map((edge) => ({ to: edge.to, skipped: edge.skipped + 1 }));
      for (const edge of keep.has(to) ? [{ to, skipped: 0 }] : passed) {
        const known = found.get(edge.to);
        if (known === undefined || edge.skipped < known.skipped) found.set(edge.to, edge);
      }
    }
    return [...found.values()];
  };
  const shown: DrawnRevision[] = [];
  for (const revision of all.toReversed()) {
    const parents = edges(revision.downRevisions);
    below.set(revision.revision, parents);
    if (keep.has(revision.revision)) shown.push({ revision, parents });
  }
  const there = new Set(shown.map(({ revision }) => revision.revision));
  return shown
    .toReversed()
    .map((each) => ({ ...each, parents: each.parents.filter(({ to }) => there.has(to)) }));
}

/** `heads`, and the revisions of `all` (newest first) where lines from several of them meet for the first time. */
export function meetings(all: readonly RevisionDocument[], heads: ReadonlySet<string>): ReadonlySet<string> {
  const above = new Map<string, Set<string>>();
  const largest = new Map<string, number>();
  const kept = new Set<string>();
  for (const { revision, downRevisions } of all) {
    const own = above.get(revision) ?? new Set<string>();
    if (heads.has(revision)) own.add(revision);
    if (heads.has(revision) || own.size > (largest.get(revision) ?? 0)) kept.add(revision);
    for (const parent of downRevisions) {
      above.set(parent, (above.get(parent) ?? new Set<string>()).union(own));
      largest.set(parent, Math.max(largest.get(parent) ?? 0, own.size));
    }
  }
  return kept;
}

/** Revisions, newest first, drawn as a graph: one column for each line that is open. */
export function graphLines(revisions: readonly DrawnRevision[], { sign, text, skipped }: RowText): string[] {
  const lanes = new Lanes();
  return revisions.flatMap(({ revision, parents }) => {
    const { lane, joined } = lanes.arrive(revision.revision);
    const [first = "", ...more] = text(revision);
    const node = `${lanes.row((at) => (at === lane ? sign(revision) : null))}  ${first}`;
    const split = lanes.leave(
      lane,
      parents.map(({ to }) => to),
    );
    return [
      ...joined,
      node,
      ...more.map((line) => `${lanes.row(() => null)}  ${line}`),
      ...split,
      ...parents
        .filter((edge) => edge.skipped > 0)
        .map(
          (edge) =>
            `${lanes.row((at) => (at === lanes.of(edge.to, lane) ? "┊" : null))}  ${skipped(edge.skipped)}`,
        ),
    ];
  });
}

/** The open lines, each waiting in its column for the revision that it leads to. */
class Lanes {
  readonly #waiting: (string | null)[] = [];

  /** One character for each column and a space between them; a bar where a line passes. */
  row(mark: (at: number) => string | null): string {
    const cells = this.#waiting.map((id, at) => mark(at) ?? (id === null ? " " : "│"));
    return cells.join(" ").trimEnd();
  }

  /** The column of a revision whose turn it is, and the row in which further lines to it come together. */
  arrive(id: string): { readonly lane: number; readonly joined: readonly string[] } {
    const found = this.#waiting.flatMap((waits, at) => (waits === id ? [at] : []));
    const [lane, ...others] = found;
    if (lane === undefined) return { lane: this.#open(id), joined: [] };
    if (others.length === 0) return { lane, joined: [] };
    const joined = this.#across(lane, others, ["╯", "┴"]);
    for (const at of others) this.#waiting[at] = null;
    this.#trim();
    return { lane, joined: [joined] };
  }

  /** The lines that go on from a revision; the row in which they part, where there are several. */
  leave(lane: number, parents: readonly string[]): readonly string[] {
    const [first, ...others] = parents;
    this.#waiting[lane] = first ?? null;
    const fresh: number[] = [];
    const known: number[] = [];
    for (const id of others) {
      const at = this.#waiting.indexOf(id);
      if (at >= 0) known.push(at);
      else fresh.push(this.#open(id, lane));
    }
    const rows = [
      ...(fresh.length === 0 ? [] : [this.#across(lane, fresh, ["╮", "┬"])]),
      ...(known.length === 0 ? [] : [this.#across(lane, known, ["┤", "┼"])]),
    ];
    this.#trim();
    return rows;
  }

  /** The column that leads to `id`; that of `from`, where several do. */
  of(id: string, from: number): number {
    return this.#waiting[from] === id ? from : this.#waiting.indexOf(id);
  }

  /** The first free column, right of `from`. */
  #open(id: string, from = -1): number {
    const free = this.#waiting.indexOf(null, from + 1);
    const at = free < 0 ? this.#waiting.length : free;
    this.#waiting[at] = id;
    return at;
  }

  /** A row with a line from a column to others. */
  #across(lane: number, others: readonly number[], [last, middle]: readonly [string, string]): string {
    const from = Math.min(lane, ...others);
    const to = Math.max(lane, ...others);
    const cells = this.#waiting.map((id, at) => {
      const passing = id === null ? " " : "│";
      if (at < from || at > to) return `${passing} `;
      const tail = at === to ? " " : "─";
      if (at === lane) return `${at === from ? "├" : at === to ? "┤" : "┼"}${tail}`;
      if (others.includes(at)) return `${at === to ? last : at === from ? "├" : middle}${tail}`;
      return `${id === null ? "─" : "┼"}${tail}`;
    });
    return cells.join("").trimEnd();
  }

  #trim(): void {
    while (this.#waiting.length > 0 && this.#waiting.at(-1) === null) this.#waiting.pop();
  }
}
