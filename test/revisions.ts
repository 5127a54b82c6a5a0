/** Revisions for tests of the graph. */
import { RevisionGraph, type RevisionInput } from "../src/revision/index.ts";

/** What a revision may have besides. */
export interface Extras {
  readonly labels?: readonly string[];
  readonly needs?: readonly string[];
}

/** One revision: its id, what it follows, and more. */
export function rev(
  revision: string,
  downRevision: readonly string[] = [],
  extras: Extras = {},
): RevisionInput {
  return { revision, downRevision, dependsOn: extras.needs ?? [], branchLabels: extras.labels ?? [] };
}

/**
 * Two bases, a branch point, and a dependency from one base's branch on the other's:
 *
 *     base ── aa10 ── ab20 ─┬─ c1 (left) ── d1
 *                           └─ c2 (right) ── d2
 *     base ── e1 (other) ── e2, which depends on c1
 */
export function twoBases(): RevisionGraph {
  return RevisionGraph.from([
    rev("aa10"),
    rev("ab20", ["aa10"]),
    rev("c1", ["ab20"], { labels: ["left"] }),
    rev("d1", ["c1"]),
    rev("c2", ["ab20"], { labels: ["right"] }),
    rev("d2", ["c2"]),
    rev("e1", [], { labels: ["other"] }),
    rev("e2", ["e1"], { needs: ["left"] }),
  ]);
}

/** A chain of so many revisions, `r0` first. */
export function chain(length: number): RevisionInput[] {
  return Array.from({ length }, (_, i) => rev(`r${i}`, i === 0 ? [] : [`r${i - 1}`]));
}
